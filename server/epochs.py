"""Epochs: which life of the database this is.

A restore from a backup starts a new one. Receipts carry the epoch, so devices
learn of the restore and offer again what they hold.
"""

from datetime import UTC, datetime

import sqlalchemy as sa

from server.tables import epoch, ledger_head


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


def timestamp(instant: datetime) -> str:
    """Return an instant as the tables keep it: ISO 8601, UTC, milliseconds, Z."""
    text = instant.astimezone(UTC).isoformat(timespec="milliseconds")
    return text.replace("+00:00", "Z")
