"""What drafts were imported from, by fingerprint, so that nothing is taken twice.

A fingerprint outlives its draft's sealing, and goes when its draft is removed.
"""

import sqlite3
from collections.abc import Mapping
from typing import Any

from fieldkit.outbox import drafts
from fieldkit.outbox.file import put_meta
from sync.at_rest import META

_PREFIX = "imported:"


def key_of(fingerprint: str) -> str:
    """Return the name of the fact that holds the draft's number."""
    return f"{_PREFIX}{fingerprint}"


def save(
    connection: sqlite3.Connection, bodies: Mapping[str, dict[str, Any]], at: str
) -> dict[str, int]:
    """Keep a draft for each fingerprint, and that it was imported."""
    numbers = {}
    for fingerprint, body in bodies.items():
        numbers[fingerprint] = drafts.save(connection, body, at, None)
        put_meta(connection, key_of(fingerprint), str(numbers[fingerprint]))
    return numbers


def forget(connection: sqlite3.Connection, number: int) -> None:
    """Forget what a removed draft was imported from."""
    connection.execute(
        "DELETE FROM meta WHERE substr(key, 1, ?) = ? "
        f"AND opened(value, '{META}', key) = ?",
        (len(_PREFIX), _PREFIX, str(number)),
    )
