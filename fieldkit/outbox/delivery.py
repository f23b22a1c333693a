"""What the server said of each record, kept beside it.

A record is ``delivered`` by a verified receipt and by nothing else.
"""

import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from fieldkit.outbox.rows import COLUMNS, StoredRecord
from geo.errors import Message

TO_SEND = "state = 'sealed' AND (outcome IS NULL OR outcome = 'retry')"


class AnsweredItem(Protocol):
    """The server's answer to one record (`sync.outcome.ItemOutcome`)."""

    id: Any
    hash: Any
    outcome: Any
    code: Any
    field: Any
    reason: Message | None
    position: Any
    received_at: Any
    receipt_id: Any


@dataclass(frozen=True, slots=True)
class KeptReceipt:
    """A receipt whose signature was verified, as it is kept."""

    id: str
    epoch: int
    issued_at: str
    compact: str


def pending(connection: sqlite3.Connection, limit: int) -> list[StoredRecord]:
    """Return the oldest records to send, refused ones left out (lesson 6)."""
    rows = connection.execute(
        f"SELECT {COLUMNS} FROM record WHERE {TO_SEND} ORDER BY position LIMIT ?",
        (limit,),
    )
    return [StoredRecord.from_row(row) for row in rows]


def keep_receipt(connection: sqlite3.Connection, receipt: KeptReceipt) -> None:
    """Keep a verified receipt; the same one twice is kept once."""
    connection.execute(
        "INSERT INTO receipt (id, epoch, issued_at, jws) VALUES (?, ?, ?, ?) "
        "ON CONFLICT (id) DO NOTHING",
        (receipt.id, receipt.epoch, receipt.issued_at, receipt.compact),
    )


def keep_outcome(
    connection: sqlite3.Connection, item: AnsweredItem, receipt: KeptReceipt | None
) -> None:
    """Keep the answer; with a receipt that covers the item it is delivered.

    An answer never takes a delivered record back, and one for other bytes
    (another hash) is not this record's answer.
    """
    state = "delivered" if receipt is not None else "sealed"
    reason = item.reason
    connection.execute(
        """UPDATE record SET state = ?, outcome = ?, code = ?, field = ?,
            reason_zh = ?, reason_en = ?, server_position = ?, received_at = ?,
            receipt_id = ?, epoch = ?
        WHERE id = ? AND hash = ? AND (state = 'sealed' OR ? = 'delivered')""",
        (
            state,
            str(item.outcome),
            item.code,
            item.field,
            reason.zh if reason else None,
            reason.en if reason else None,
            item.position,
            item.received_at,
            receipt.id if receipt else None,
            receipt.epoch if receipt else None,
            item.id,
            item.hash,
            state,
        ),
    )


def newest_receipt(connection: sqlite3.Connection) -> str | None:
    """Return the compact form of the newest receipt kept, None before the first."""
    row = connection.execute(
        "SELECT jws FROM receipt ORDER BY epoch DESC, position DESC LIMIT 1"
    ).fetchone()
    return row[0] if row else None


def keep_status(connection: sqlite3.Connection, events: Iterable[Mapping[str, Any]]) -> None:
    """Keep the newest status of each record named in the feed's events.

    An event is as `GET /records/status` sends it: id, hash, status, code,
    reason ``{zh, en}`` or None, at. Events of other records are passed over.
    """
    for event in events:
        reason = event.get("reason") or {}
        connection.execute(
            """UPDATE record SET status = ?, status_code = ?, status_zh = ?,
                status_en = ?, status_at = ? WHERE id = ? AND hash = ?""",
            (
                event["status"],
                event.get("code"),
                reason.get("zh"),
                reason.get("en"),
                event.get("at"),
                event["id"],
                event["hash"],
            ),
        )


def reopen(connection: sqlite3.Connection, epoch: int) -> int:
    """Offer again what was delivered in epochs before ``epoch``; return how many.

    The server was restored from a backup and may hold none of it (lesson 10:
    cht-core#8093). Photographs are offered again too.
    """
    changed = connection.execute(
        """UPDATE record SET state = 'sealed', outcome = NULL, code = NULL,
            field = NULL, reason_zh = NULL, reason_en = NULL
        WHERE state = 'delivered' AND epoch < ?""",
        (epoch,),
    ).rowcount
    connection.execute(
        """UPDATE photo SET state = 'held', receipt = NULL
        WHERE state = 'delivered' AND epoch < ?""",
        (epoch,),
    )
    return changed


def requeue(connection: sqlite3.Connection, ids: Sequence[str] | None = None) -> int:
    """Offer refused records again, all or those named; return how many."""
    question = "UPDATE record SET outcome = NULL WHERE state = 'sealed' AND outcome = 'refused'"
    if ids is None:
        return connection.execute(question).rowcount
    return sum(
        connection.execute(f"{question} AND id = ?", (record_id,)).rowcount
        for record_id in ids
    )
