"""Observations begun and not sealed: no id, no sequence, free to change.

An id is drawn at sealing only, so that no copy of a draft can share it
(lesson 3: enketo#942).
"""

import json
import sqlite3
from typing import Any

from fieldkit.outbox.rows import Draft, fault_of
from sync.at_rest import DRAFT

_FILL = f"UPDATE draft SET body = sealed(?, '{DRAFT}', id), changed_at = ? WHERE id = ?"

FORM = "form"
"""The one part of a draft that the field app's form began: its answers, as they are."""


def save(
    connection: sqlite3.Connection, body: dict[str, Any], at: str, number: int | None
) -> int:
    """Keep the draft, as a new one or over its last state, and return its number."""
    text = json.dumps(body, ensure_ascii=False)
    if number is not None:
        connection.execute(_FILL, (text, at, number))
        return number
    drawn = connection.execute(
        "INSERT INTO draft (started_at, changed_at, body) VALUES (?, ?, '')", (at, at)
    ).lastrowid
    assert drawn is not None
    # Its number is its place, and known only now.
    connection.execute(_FILL, (text, at, drawn))
    return drawn


def remove(connection: sqlite3.Connection, number: int) -> bool:
    """Forget the draft; tell whether it was there."""
    gone = connection.execute("DELETE FROM draft WHERE id = ?", (number,))
    return gone.rowcount > 0


def all_drafts(connection: sqlite3.Connection) -> list[Draft]:
    """Return the drafts, oldest first."""
    rows = connection.execute(
        f"SELECT id, started_at, changed_at, opened(body, '{DRAFT}', id) "
        "FROM draft ORDER BY id"
    )
    return [
        Draft(number, started_at, changed_at, _body(text), fault_of(text))
        for number, started_at, changed_at, text in rows
    ]


def _body(text: str | bytes) -> dict[str, Any]:
    body: dict[str, Any] = json.loads(text) if isinstance(text, str) else {}
    return body
