"""Epochs: which life of the database this is.

A restore from a backup starts a new one. Receipts carry the epoch, so devices
learn of the restore and offer again what they hold.
"""

from collections.abc import Collection
from datetime import UTC, datetime

import sqlalchemy as sa

from server.rows import rows_of
from server.tables import epoch, ledger_head, receipt
from sync.epoch import was_restored
from sync.errors import ProtocolError
from sync.jws import parse, read_object
from sync.keys import VerifyingKey
from sync.receipt import open_receipt


def current_epoch(connection: sa.Connection) -> int:
    """Return the number of the epoch; 0 before the first was opened."""
    return int(connection.scalar(sa.select(ledger_head.c.epoch)) or 0)


def open_epoch(
    connection: sa.Connection, reason: str, now: datetime, seen: int = 0
) -> int:
    """Open a new epoch and return its number, above every one known.

    Parameters
    ----------
    connection : sqlalchemy.Connection
        A write transaction; the epoch opens when it commits.
    reason : str
        ``init``, ``restore``, or ``receipt-not-held``.
    now : datetime
        Aware, UTC.
    seen : int
        The newest epoch that a device has shown a receipt of; it may be above
        the database's own.
    """
    number = max(current_epoch(connection), seen) + 1
    connection.execute(
        epoch.insert().values(n=number, opened_at=timestamp(now), reason=reason)
    )
    connection.execute(ledger_head.update().values(epoch=number))
    return number


def ensure_epoch(connection: sa.Connection, now: datetime) -> int:
    """Return the current epoch, opening the first one in a new database."""
    return current_epoch(connection) or open_epoch(connection, "init", now)


def open_epoch_if_restored(
    connection: sa.Connection,
    last_receipt: str | None,
    device_id: str,
    server_key: VerifyingKey,
    now: datetime,
) -> None:
    """Open a new epoch if a receipt of ours attests what the ledger does not hold.

    A text that is no receipt of ours to this device proves nothing.
    """
    if last_receipt is None or _is_ours_here(connection, last_receipt):
        return
    try:
        shown = open_receipt(last_receipt, server_key, device_id)
    except ProtocolError:
        return

    def holds(records: Collection[tuple[str, str]]) -> bool:
        found = rows_of(connection).pick(
            "SELECT id, hash FROM record WHERE id IN {any}", {id_ for id_, _ in records}
        )
        return set(records) <= set(found)

    if was_restored(shown, current_epoch(connection), holds):
        open_epoch(connection, "receipt-not-held", now, seen=shown.epoch)


def _is_ours_here(connection: sa.Connection, last_receipt: str) -> bool:
    """Tell whether this very receipt is in the database, and so its records are.

    Both were written in one transaction. Spares a batch's worth of parsing.
    """
    held = sa.select(sa.literal(1)).where(
        receipt.c.id == _receipt_id(last_receipt), receipt.c.jws == last_receipt
    )
    return connection.scalar(held) is not None


def _receipt_id(last_receipt: str) -> str:
    try:
        document = read_object(parse(last_receipt).payload) or {}
    except ProtocolError:
        return ""
    receipt_id = str(document.get("receipt_id", ""))
    return receipt_id if receipt_id.isprintable() else ""  # PostgreSQL takes no NUL


def timestamp(instant: datetime) -> str:
    """Return an instant as the tables keep it: ISO 8601, UTC, milliseconds, Z."""
    text = instant.astimezone(UTC).isoformat(timespec="milliseconds")
    return text.replace("+00:00", "Z")
