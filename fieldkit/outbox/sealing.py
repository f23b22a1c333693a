"""Growing the device's chain by one sealed record, all of it or none."""

import sqlite3
from collections.abc import Sequence

from fieldkit.errors import AmendedMeanwhile
from fieldkit.outbox.rows import PLACE
from sync.at_rest import record_text
from sync.errors import HeadMoved
from sync.outbox_port import BlobRef, Head
from sync.record import Sealed

_GROW = """UPDATE chain SET seq = ?, hash = ? WHERE device_id = ? AND seq = ?
    AND hash = ?"""
_BEGIN = """INSERT INTO chain (device_id, seq, hash) VALUES (?, ?, ?)
    ON CONFLICT DO NOTHING"""
_NEWEST = """SELECT id FROM record WHERE id = ? OR amendment_of = ?
    ORDER BY position DESC LIMIT 1"""
_INSERT = f"""INSERT INTO record (device_id, seq, id, hash, kind, amends, sealed_at,
    amendment_of, envelope) SELECT *, sealed(?, {PLACE}) FROM (SELECT
    ? AS device_id, ? AS seq, ? AS id, ? AS hash, ? AS kind, ? AS amends,
    ? AS sealed_at, ? AS amendment_of)"""


def head_of(connection: sqlite3.Connection, device_id: str) -> Head:
    """Return the newest (seq, hash) of the chain, (0, None) before the first."""
    row = connection.execute(
        "SELECT seq, hash FROM chain WHERE device_id = ?", (device_id,)
    ).fetchone()
    return Head(*row) if row else Head(0, None)


def append(
    connection: sqlite3.Connection,
    sealed: Sealed,
    expected: Head,
    photos: Sequence[BlobRef],
    *,
    record_no: str | None,
    amendment_of: str | None,
) -> None:
    """Add the record to the chain, within the caller's transaction.

    Raises
    ------
    HeadMoved
        The chain's head is no longer ``expected``, or the record does not
        follow it.
    AmendedMeanwhile
        It changes a version that is not the observation's newest.
    """
    _compare_and_set(connection, sealed, expected)
    if amendment_of is not None:
        _require_newest(connection, amendment_of, sealed.amends)
    values = (
        record_text(record_no, sealed.compact),
        sealed.device_id,
        sealed.seq,
        sealed.id,
        sealed.hash,
        sealed.kind,
        sealed.amends,
        sealed.sealed_at,
        amendment_of,
    )
    try:
        position = connection.execute(_INSERT, values).lastrowid
    except sqlite3.IntegrityError as error:
        raise HeadMoved(f"{sealed.id} or {sealed.seq} is taken") from error
    if photos and position is not None:
        _name_photos(connection, position, photos)


def _compare_and_set(
    connection: sqlite3.Connection, sealed: Sealed, expected: Head
) -> None:
    if sealed.seq != expected.seq + 1 or sealed.prev != expected.hash:
        raise HeadMoved(f"{sealed.seq} does not follow {expected.seq}")
    if expected.hash is None:
        values: tuple[object, ...] = (sealed.device_id, sealed.seq, sealed.hash)
        changed = connection.execute(_BEGIN, values)
    else:
        values = (sealed.seq, sealed.hash, sealed.device_id, *expected)
        changed = connection.execute(_GROW, values)
    if changed.rowcount != 1:
        raise HeadMoved(f"{expected.seq} is no longer the head")


def _require_newest(
    connection: sqlite3.Connection, root_id: str, amends: str | None
) -> None:
    row = connection.execute(_NEWEST, (root_id, root_id)).fetchone()
    if row is not None and row[0] != amends:
        raise AmendedMeanwhile


def _name_photos(
    connection: sqlite3.Connection, position: int, photos: Sequence[BlobRef]
) -> None:
    # The same bytes twice are one photograph (lesson 17: central-backend#299).
    unique = {photo.sha256: photo for photo in photos}.values()
    connection.executemany(
        "INSERT INTO photo (sha256, bytes, media_type) VALUES (?, ?, ?) "
        "ON CONFLICT (sha256) DO UPDATE SET state = 'held' WHERE state = 'missing'",
        [tuple(photo) for photo in unique],
    )
    connection.executemany(
        "INSERT INTO record_photo (record_position, sha256) VALUES (?, ?)",
        [(position, photo.sha256) for photo in unique],
    )
