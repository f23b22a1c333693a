"""Observations begun and not sealed: no id, no sequence, free to change.

An id is drawn at sealing only, so that no copy of a draft can share it
(lesson 3: enketo#942).
"""

import json
import sqlite3
from typing import Any

from fieldkit.outbox.rows import Draft

FORM = "form"
"""The one part of a draft that the field app's form began: its answers, as they are."""


def save(
    connection: sqlite3.Connection, body: dict[str, Any], at: str, number: int | None
) -> int:
    """Keep the draft, as a new one or over its last state, and return its number."""
    text = json.dumps(body, ensure_ascii=False)
    if number is not None:
        connection.execute(
            "UPDATE draft SET body = ?, changed_at = ? WHERE id = ?", (text, at, number)
        )
        return number
    drawn = connection.execute(
        "INSERT INTO draft (started_at, changed_at, body) VALUES (?, ?, ?)",
        (at, at, text),
    ).lastrowid
    assert drawn is not None
    return drawn


def remove(connection: sqlite3.Connection, number: int) -> bool:
    """Forget the draft; tell whether it was there."""
    gone = connection.execute("DELETE FROM draft WHERE id = ?", (number,))
    return gone.rowcount > 0


def all_drafts(connection: sqlite3.Connection) -> list[Draft]:
    """Return the drafts, oldest first."""
    rows = connection.execute(
        "SELECT id, started_at, changed_at, body FROM draft ORDER BY id"
    )
    return [
        Draft(number, started_at, changed_at, json.loads(body))
        for number, started_at, changed_at, body in rows
    ]
