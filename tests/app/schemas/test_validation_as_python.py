"""The tablet judges a body as the laptop and the server do: same faults, same words."""

import copy
import json
import math
import random
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from node import run_node

from schemas.examples import example
from schemas.messages import codes, message
from schemas.record import accepts, explain, explain_input

JUDGE = Path(__file__).with_name("judge.mjs")
LIMITS = {"min": 1, "max": 2, "words": "a, b"}

# Values that sit on the limits which the schema draws, as far as JSON can say them.
EDGES: list[Any] = [
    *(None, True, False, 0, 1, -1, 0.5, 1.5, 90, 90.0000001, 180, -180.5, 10**6),
    *(10**13, 10**13 + 1, 2**53, 2**64, 10**40, 5e-324, -0.0),
    *("", " ", "\u3000", "\t", "\n", "a\n", "a\nb", "\x00", "\x7f", "\u2028", "é"),
    *("\ud800", "🍊", "0", "00", "0.1234", "999999999.999", "1000000000", "１"),
    *("360734", "360734000000", "2023-02-29", "2024-02-29"),
    *("2023-12-02T10:20:00Z", "2023-12-02T24:00:00Z", "2023-12-02T10:20:60Z"),
    *("2023-12-02T10:20:00.1234567Z", "2023-12-02T10:20:00+14:59"),
    *("2023-12-02T10:19:59.999999+08:00", "2023-12-02t10:20:00z"),
    *("a/b", "image/jpeg", "NV-000", "TM-203", "g1", "e1", "none", "finalise"),
    *("a" * 36, "a" * 37, "a" * 64, "a" * 65, "橙" * 200, "橙" * 201, "🍊" * 200),
    *([], {}, [[]], ["g1"], ["g1", "g1"], [None], ["none", "cert_mark"]),
    *({"kind": "finalise"}, {"x": {}}, {"text": "信丰"}, {"admin_code": "360722"}),
    *("91360734MA35F6UN0X", "91360734MA35F6UN0Y", "0" * 64, "https://a.cn"),
]


@pytest.mark.parametrize("stride", [31, pytest.param(11, marks=pytest.mark.soak)])
def test_every_single_edge_value_at_every_place_is_judged_alike(
    tmp_path: Path, stride: int
) -> None:
    judged_alike(tmp_path, (case(one) for one in every_edge_everywhere(stride)))


def test_records_changed_in_several_places_are_judged_alike(tmp_path: Path) -> None:
    judged_alike(tmp_path, (case(one) for one in changed_records(600)))


def test_what_an_inspector_says_is_judged_alike(tmp_path: Path) -> None:
    judged_alike(tmp_path, (case_of_input(one) for one in changed_inputs(600)))


def test_what_is_no_record_at_all_is_judged_alike(tmp_path: Path) -> None:
    judged_alike(tmp_path, (case(one) for one in [*EDGES, {"kind": []}]))
    judged_alike(tmp_path, (case_of_input(one) for one in EDGES))


def test_every_reason_has_the_same_words(tmp_path: Path) -> None:
    words = {code: message(code, **LIMITS) for code in written_order()}
    told = [[code, said.zh, said.en] for code, said in words.items()]
    judged_alike(tmp_path, iter([{"words": LIMITS, "faults": told}]))


def written_order() -> list[str]:
    """The codes in the order in which the tables are written."""
    from schemas import messages

    assert set(messages._TABLE) == codes()
    return list(messages._TABLE)


def judged_alike(folder: Path, found: Iterator[dict[str, Any]]) -> None:
    path = folder / "cases.jsonl"
    lines = [json.dumps(one) for one in found]
    path.write_text("\n".join(lines), encoding="ascii")
    ran = run_node(str(JUDGE), str(path))
    assert ran.returncode == 0, ran.stdout[-12000:] + ran.stderr[-4000:]
    assert ran.stdout.startswith(f"{len(lines)} cases")


def case(payload: Any) -> dict[str, Any]:
    return {
        "payload": payload,
        "accepts": accepts(payload),
        "faults": faults(explain(payload)),
    }


def case_of_input(body: Any) -> dict[str, Any]:
    return {"input": body, "faults": faults(explain_input(body))}


def faults(found: list[Any]) -> list[list[str]]:
    return [[one.field, one.code, one.message.zh, one.message.en] for one in found]


def every_edge_everywhere(stride: int) -> Iterator[Any]:
    """Each place with one edge in `stride`, each edge at one place in `stride`."""
    number = 0
    for name in ("xunwu_record", "full_amendment"):
        record = example(name)
        yield record
        for way in paths(record)[1:]:
            for edge in EDGES:
                number += 1
                if number % stride == 0:
                    yield with_value(record, way, edge)


def changed_records(count: int) -> Iterator[Any]:
    yield from changed(count, [example("xunwu_record"), example("full_amendment")])


def changed_inputs(count: int) -> Iterator[Any]:
    full = example("full_amendment")["body"]
    yield from changed(count, [example("xunwu_input"), full])


def changed(count: int, starts: list[Any]) -> Iterator[Any]:
    draw = random.Random(20231202)
    yield from starts
    for _ in range(count):
        document = copy.deepcopy(draw.choice(starts))
        for _change in range(draw.randint(1, 3)):
            way = draw.choice(paths(document)[1:])
            document = draw.choice(CHANGES)(draw, document, way)
        yield document


def _set(draw: random.Random, document: Any, way: tuple[Any, ...]) -> Any:
    return with_value(document, way, draw.choice(EDGES))


def _delete(_draw: random.Random, document: Any, way: tuple[Any, ...]) -> Any:
    holder = held(document, way)
    if isinstance(holder, dict):
        del holder[way[-1]]
    else:
        holder.pop()
    return document


def _repeat(draw: random.Random, document: Any, way: tuple[Any, ...]) -> Any:
    holder = held(document, way)
    if isinstance(holder, list):
        holder += copy.deepcopy(holder) * draw.choice([1, 60])
    return document


def _name(draw: random.Random, document: Any, way: tuple[Any, ...]) -> Any:
    holder = held(document, way)
    if isinstance(holder, dict):
        holder[draw.choice(["x", "赣南", "a b", "id", "text", "fix"])] = 1
    return document


Change = Callable[[random.Random, Any, tuple[Any, ...]], Any]
CHANGES: list[Change] = [_set, _set, _set, _delete, _repeat, _name]


def held(document: Any, way: tuple[Any, ...]) -> Any:
    for step in way[:-1]:
        document = document[step]
    return document


def with_value(document: Any, way: tuple[Any, ...], value: Any) -> Any:
    changed = copy.deepcopy(document)
    held(changed, way)[way[-1]] = copy.deepcopy(value)
    return changed


def paths(value: Any, so_far: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Return every place in a document."""
    found = [so_far]
    items = value.items() if isinstance(value, dict) else ()
    items = enumerate(value) if isinstance(value, list) else items
    for key, inner in items:
        found += paths(inner, (*so_far, key))
    return found


def test_all_cases_can_be_said_in_json() -> None:
    """JSON has no NaN; and whole numbers with a point are the server's to find."""
    floats = [edge for edge in EDGES if isinstance(edge, float)]
    assert all(math.isfinite(edge) for edge in floats)
    assert not any(edge.is_integer() and edge != 0 for edge in floats)
