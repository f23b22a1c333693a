"""Observations as text: one object, a list, or one per line."""

import json

import pytest

from fieldkit.errors import InputUnreadable
from fieldkit.input_file import Item, UnreadableItem, items, one_object


def lines_and_values(text: str) -> list[tuple[int, object]]:
    found = items(text.encode())
    assert all(isinstance(item, Item) for item in found)
    return [(item.line, item.value) for item in found if isinstance(item, Item)]


def test_one_object_may_be_spread_over_lines() -> None:
    assert lines_and_values('\n{\n "a": 1\n}\n') == [(2, {"a": 1})]


def test_a_list_tells_the_line_of_each_item() -> None:
    text = '[\n {"a": 1},\n\n {"a":\n 2}, {"a": 3}\n]\n'
    assert lines_and_values(text) == [(2, {"a": 1}), (4, {"a": 2}), (5, {"a": 3})]


def test_an_empty_list_has_no_items() -> None:
    assert items(b" [ ] ") == []


def test_one_object_per_line_skips_blank_lines() -> None:
    assert lines_and_values('{"a": 1}\n\n{"a": 2}\n') == [(1, {"a": 1}), (3, {"a": 2})]


def test_one_bad_line_leaves_the_lines_around_it_alone() -> None:
    first, bad, last = items(b'{"a": 1}\n{"a": \n{"a": 3}\n')
    assert first == Item(1, {"a": 1})
    assert last == Item(3, {"a": 3})
    assert isinstance(bad, UnreadableItem)
    assert bad.line == 2


def test_a_windows_file_with_a_byte_order_mark_is_read() -> None:
    assert items(b'\xef\xbb\xbf{"a": 1}\r\n{"a": 2}\r\n') == [
        Item(1, {"a": 1}),
        Item(2, {"a": 2}),
    ]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "nothing in it"),
        (b" \n", "nothing in it"),
        (b'{"a": 1,\n "b"\n}', "line 3 column 1"),
        (b"oranges", "line 1 column 1"),
        (b'{"a": "\xff"}', "byte 7"),
        (b'{"a": NaN}', "NaN is not a number"),
        (b'{"a": -Infinity}', "-Infinity is not a number"),
        (b'{"a": 1e999}', "1e999 is too large"),
        (b'{"a": 1, "a": 2}', '"a" occurs twice'),
        (b"[" * 100_000, "nested too deeply"),
    ],
)
def test_what_cannot_be_read_says_where_and_why(content: bytes, reason: str) -> None:
    with pytest.raises(InputUnreadable) as refused:
        items(content)
    assert reason in refused.value.message.en


def test_an_amendment_is_one_object_and_nothing_else() -> None:
    assert one_object(json.dumps({"note": "更正"}).encode()) == {"note": "更正"}
    for content in (b"[]", b'{"a": 1}\n{"a": 2}', b"7"):
        with pytest.raises(InputUnreadable):
            one_object(content)
