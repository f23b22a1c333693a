"""The closed lists of words of protocol v1, with their names in zh and en."""

from collections.abc import Mapping
from functools import cache

from schemas.errors import Message
from schemas.package_data import document


def words(name: str) -> tuple[str, ...]:
    """Return the words of one list, ``premises_type`` for example, in its order."""
    return tuple(labels(name))


@cache
def labels(name: str) -> Mapping[str, Message]:
    """Return the words of one list with what people read for each."""
    return {
        entry["value"]: Message(entry["zh"], entry["en"])
        for entry in document("vocabulary")["entries"][name]
    }
