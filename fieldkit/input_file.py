"""Observations as text: one JSON object, a list of them, or one object per line."""

import json
import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, NoReturn

from fieldkit.errors import InputUnreadable
from geo.errors import Message


@dataclass(frozen=True, slots=True)
class Item:
    """One observation of the input, and the line on which it begins."""

    line: int
    value: Any


@dataclass(frozen=True, slots=True)
class UnreadableItem:
    """A line that is no JSON; the lines around it are none the worse."""

    line: int
    error: InputUnreadable


def items(content: bytes) -> list[Item | UnreadableItem]:
    """Return the observations of a file, in its order.

    Raises
    ------
    InputUnreadable
        There is nothing in it, it is not UTF-8, or no line of it is JSON.
    """
    text = _decoded(content)
    try:
        whole = _loads(text)
    except InputUnreadable as error:
        return _lines(text, error)
    if isinstance(whole, list):
        return [Item(line, value) for line, value in _elements(text)]
    return [Item(_line_of(text, len(text) - len(text.lstrip())), whole)]


def one_object(content: bytes) -> dict[str, Any]:
    """Return the one object of a file.

    Raises
    ------
    InputUnreadable
        It is not exactly one JSON object.
    """
    value = _loads(_decoded(content))
    if not isinstance(value, dict):
        raise _unreadable("应为一个 JSON 对象", "one JSON object is expected")
    return value


def _decoded(content: bytes) -> str:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise _unreadable(
            f"第 {error.start} 字节处不是 UTF-8 文本",
            f"not UTF-8 text at byte {error.start}",
        ) from error
    if not text.strip():
        raise _unreadable("没有内容", "there is nothing in it")
    return text


def _lines(text: str, whole: InputUnreadable) -> list[Item | UnreadableItem]:
    found: list[Item | UnreadableItem] = []
    for number, line in enumerate(text.split("\n"), start=1):
        if line.strip():
            found.append(_line(number, line))
    if not any(isinstance(item, Item) and _is_object(item) for item in found):
        # Not lines of JSON but one document with a fault: say where it is.
        raise whole
    return found


def _line(number: int, line: str) -> Item | UnreadableItem:
    try:
        return Item(number, _loads(line))
    except InputUnreadable as error:
        return UnreadableItem(number, error)


def _is_object(item: Item) -> bool:
    return isinstance(item.value, dict)


def _elements(text: str) -> Iterator[tuple[int, Any]]:
    """Yield each element of a list that is known to be one, with its line."""
    decoder, position = _decoder(), text.index("[") + 1
    while True:
        while text[position].isspace() or text[position] == ",":
            position += 1
        if text[position] == "]":
            return
        value, end = decoder.raw_decode(text, position)
        yield _line_of(text, position), value
        position = end


def _line_of(text: str, position: int) -> int:
    return text.count("\n", 0, position) + 1


def _loads(text: str) -> Any:
    try:
        value, end = _decoder().raw_decode(text, len(text) - len(text.lstrip()))
        if text[end:].strip():
            raise json.JSONDecodeError("Extra data", text, end)
    except json.JSONDecodeError as error:
        raise _unreadable(
            f"不是 JSON（第 {error.lineno} 行第 {error.colno} 列：{error.msg}）",
            f"not JSON (line {error.lineno} column {error.colno}: {error.msg})",
        ) from error
    except RecursionError as error:
        raise _unreadable("嵌套过深", "nested too deeply") from error
    return value


def _decoder() -> json.JSONDecoder:
    return json.JSONDecoder(
        parse_constant=_not_a_number, parse_float=_finite, object_pairs_hook=_once
    )


def _not_a_number(name: str) -> NoReturn:
    raise _unreadable(f"{name} 不是数", f"{name} is not a number")


def _finite(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise _unreadable(f"数 {text} 过大", f"the number {text} is too large")
    return number


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        # The second would silently win; which was meant, only the writer knows.
        raise _unreadable(f"“{twice}”出现两次", f'"{twice}" occurs twice')
    return found


def _unreadable(zh: str, en: str) -> InputUnreadable:
    return InputUnreadable(
        Message(zh=f"输入无法读取：{zh}", en=f"Unreadable input: {en}")
    )
