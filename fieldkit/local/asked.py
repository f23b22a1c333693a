"""What a request of the field app says: its JSON object, its parameters."""

from typing import Any, NoReturn

from flask import request

from fieldkit.errors import InputRefused
from fieldkit.input_file import one_object
from fieldkit.local.errors import RequestUnreadable
from geo.errors import Message

MAX_JSON_BYTES = 1024 * 1024
MAX_WAIT_S = 25.0


def given() -> dict[str, Any]:
    """Return the request's one JSON object.

    Raises
    ------
    InputUnreadable
        It is none, or holds what JSON does not (a name twice, NaN).
    """
    request.max_content_length = MAX_JSON_BYTES
    return one_object(request.get_data())


def part(document: dict[str, Any], name: str) -> dict[str, Any]:
    """Return a part that must be an object."""
    value = document.get(name)
    return value if isinstance(value, dict) else _refuse(name, "对象", "an object")


def text(document: dict[str, Any], name: str) -> str:
    """Return a part that must be text."""
    value = document.get(name)
    return value if isinstance(value, str) else _refuse(name, "文字", "text")


def optional_text(document: dict[str, Any], name: str) -> str | None:
    """Return a part that may be text or be left out."""
    return None if document.get(name) is None else text(document, name)


def optional_whole(document: dict[str, Any], name: str) -> int | None:
    """Return a part that may be a whole number or be left out."""
    value = document.get(name)
    if value is None or (isinstance(value, int) and not isinstance(value, bool)):
        return value
    return _refuse(name, "整数", "a whole number")


def whole_parameter(name: str, default: int, most: int) -> int:
    """Return a parameter of the address, from 0 to ``most``."""
    told = request.args.get(name)
    if told is None:
        return default
    if not (told.isascii() and told.isdecimal() and len(told) <= len(str(most))):
        return _refuse(name, f"0 到 {most}", f"0 to {most}")
    return min(int(told), most)


def wait_s() -> float:
    """Return how long the page would wait for news."""
    return float(whole_parameter("wait_s", 0, int(MAX_WAIT_S)))


def refuse_field(field: str, message: Message) -> NoReturn:
    """Refuse a part of the request in words."""
    raise InputRefused(message, field=field)


def _refuse(field: str, zh: str, en: str) -> NoReturn:
    raise RequestUnreadable(
        Message(zh=f"{field}：应为{zh}", en=f"{field}: {en} is expected"), field=field
    )
