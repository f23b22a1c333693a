"""The versioned data of this package, each document read once."""

import json
from collections.abc import Mapping
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any

DOCUMENTS = ("codes", "laws", "products", "seasons", "units", "vocabulary")


@cache
def document(name: str) -> Mapping[str, Any]:
    """Return ``schemas/data/<name>.json``; shared, so it is not to be changed."""
    found: dict[str, Any] = json.loads(document_bytes(name))
    return found


def document_bytes(name: str) -> bytes:
    """Return the bytes of ``schemas/data/<name>.json`` as shipped."""
    return files("schemas").joinpath("data", f"{name}.json").read_bytes()


def optional_day(text: str | None) -> date | None:
    """Return the date that an ISO text names, None for None."""
    return None if text is None else date.fromisoformat(text)


def is_in_force(on: date, first: date | None, last: date | None) -> bool:
    """Tell whether a day lies in a period; both ends belong to it, None is open."""
    return (first is None or first <= on) and (last is None or on <= last)
