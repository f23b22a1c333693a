"""What the server said of each record, kept beside it.

A record is delivered by a verified receipt that covers it and by nothing else.
"""

import sqlite3
from collections.abc import Iterable
from contextlib import closing
from itertools import islice

from fieldkit.outbox.rows import COLUMNS, fault_of, port_record, reason_text
from sync.at_rest import FIELD, REASON
from sync.errors import UnknownRecord
from sync.outbox_port import FeedEvent, OutboxRecord, OutboxState
from sync.outcome import ItemOutcome, Outcome
from sync.receipt import BlobReceipt, Receipt


def pending(connection: sqlite3.Connection, limit: int) -> list[OutboxRecord]:
    """Return the oldest records to send; no bad one blocks another (lesson 6).

    Left out are those that were refused, and those that cannot be opened.
    """
    rows = connection.execute(
        f"SELECT {COLUMNS} FROM record WHERE state = 'sealed' ORDER BY position"
    )
    with closing(rows):
        readable = (port_record(row) for row in rows if fault_of(row[0]) is None)
        return list(islice(readable, limit))


def keep_outcome(
    connection: sqlite3.Connection, item: ItemOutcome, receipt: Receipt | None
) -> OutboxState:
    """Keep the answer to one item and return the record's state after it.

    Raises
    ------
    UnknownRecord
        No record here has this id and hash: an answer for other bytes is not
        this record's answer.
    """
    row = connection.execute(
        "SELECT position, state FROM record WHERE id = ? AND hash = ?",
        (item.id, item.hash),
    ).fetchone()
    if row is None:
        raise UnknownRecord(f"{item.id} with hash {item.hash}")
    position, state = row[0], OutboxState(row[1])
    delivering = _covering(item, receipt)
    if delivering is not None:
        _keep_receipt(connection, delivering)
        state = OutboxState.DELIVERED
    elif item.outcome is Outcome.REFUSED and state is OutboxState.SEALED:
        state = OutboxState.REFUSED
    _keep_answer(connection, position, state, item, delivering)
    return state


def _covering(item: ItemOutcome, receipt: Receipt | None) -> Receipt | None:
    if receipt is None or item.id is None or item.hash is None:
        return None
    covered = item.outcome.keeps_bytes and receipt.covers(item.id, item.hash)
    return receipt if covered else None


def _keep_answer(
    connection: sqlite3.Connection,
    position: int,
    state: OutboxState,
    item: ItemOutcome,
    receipt: Receipt | None,
) -> None:
    connection.execute(
        f"""UPDATE record SET state = ?, outcome = ?, status = ?, code = ?,
            field = sealed(?, '{FIELD}', id), reason = sealed(?, '{REASON}', id),
            server_position = coalesce(?, server_position),
            received_at = coalesce(?, received_at),
            receipt_id = coalesce(?, receipt_id), epoch = coalesce(?, epoch)
        WHERE position = ?""",
        (
            state.value,
            item.outcome.value,
            (item.standing or item.outcome).value,
            item.code,
            item.field,
            reason_text(item.reason),
            item.position,
            item.received_at,
            receipt.receipt_id if receipt else None,
            receipt.epoch if receipt else None,
            position,
        ),
    )


def _keep_receipt(connection: sqlite3.Connection, receipt: Receipt) -> None:
    connection.execute(
        "INSERT OR REPLACE INTO receipt (epoch, newest_position, id, issued_at, jws) "
        "VALUES (?, ?, ?, ?, ?)",
        (*receipt.order, receipt.receipt_id, receipt.issued_at, receipt.compact),
    )


def newest_receipt(connection: sqlite3.Connection) -> str | None:
    """Return the newest receipt that delivered something, None before the first."""
    row = connection.execute(
        "SELECT jws FROM receipt ORDER BY epoch DESC, newest_position DESC LIMIT 1"
    ).fetchone()
    return row[0] if row else None


def keep_statuses(connection: sqlite3.Connection, events: Iterable[FeedEvent]) -> None:
    """Keep the newest word on each record; events of others are passed over."""
    connection.executemany(
        f"""UPDATE record SET status = ?, code = ?,
            reason = sealed(?, '{REASON}', id), status_at = ?
            WHERE id = ? AND hash = ?""",
        [
            (
                event.status,
                event.code,
                reason_text(event.reason),
                event.at,
                event.id,
                event.hash,
            )
            for event in events
        ],
    )


def offer_again(connection: sqlite3.Connection, epoch: int) -> int:
    """Offer again what was delivered in another epoch; return how many records.

    The server was restored from a backup and may hold none of it (lesson 10:
    cht-core#8093). Photographs are offered again too.
    """
    connection.execute("UPDATE photo SET state = 'held' WHERE state = 'delivered'")
    return connection.execute(
        "UPDATE record SET state = 'sealed' WHERE state = 'delivered' AND epoch <> ?",
        (epoch,),
    ).rowcount


def requeue(connection: sqlite3.Connection, record_id: str) -> None:
    """Offer a refused record again; others stay as they are.

    Raises
    ------
    UnknownRecord
        There is no such record.
    """
    changed = connection.execute(
        "UPDATE record SET state = CASE state WHEN 'refused' THEN 'sealed' "
        "ELSE state END WHERE id = ?",
        (record_id,),
    )
    if changed.rowcount != 1:
        raise UnknownRecord(record_id)


def keep_blob_receipt(connection: sqlite3.Connection, receipt: BlobReceipt) -> None:
    """Keep the server's word that it holds a photograph."""
    connection.execute(
        "UPDATE photo SET state = 'delivered', receipt = ?, epoch = ? WHERE sha256 = ?",
        (receipt.compact, receipt.epoch, receipt.sha256),
    )
