"""Growing the device's chain by one sealed record, all of it or none."""

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from fieldkit.errors import HeadMoved
from geo.errors import Message

Head = tuple[int, str | None]
"""The newest (seq, hash) of a device's chain; (0, None) before the first record."""


class SealedRecord(Protocol):
    """What sealing yields (`sync.record.Sealed`)."""

    @property
    def compact(self) -> str:
        """The JWS."""

    @property
    def id(self) -> str:
        """The record's id."""

    @property
    def hash(self) -> str:
        """SHA-256 of the signing input, in hex."""

    @property
    def seq(self) -> int:
        """The sequence in the device's chain."""

    @property
    def kind(self) -> str:
        """Observation, amendment or withdrawal."""


@dataclass(frozen=True, slots=True)
class Particulars:
    """What the outbox keeps beside a sealed record, to list it without opening it."""

    device_id: str
    sealed_at: str
    amends: str | None = None
    amendment_of: str | None = None
    record_no: str | None = None


@dataclass(frozen=True, slots=True)
class NamedPhoto:
    """A photograph as the envelope names it."""

    sha256: str
    bytes: int
    media_type: str


_GROW = """UPDATE chain SET seq = ?, hash = ? WHERE device_id = ? AND seq = ?
    AND hash = ?"""
_BEGIN = """INSERT INTO chain (device_id, seq, hash) VALUES (?, ?, ?)
    ON CONFLICT DO NOTHING"""
_INSERT = """INSERT INTO record (device_id, seq, id, hash, kind, amends, sealed_at,
    record_no, jws, amendment_of) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"""


def head_of(connection: sqlite3.Connection, device_id: str) -> Head:
    """Return the newest (seq, hash) of the chain, (0, None) before the first."""
    row = connection.execute(
        "SELECT seq, hash FROM chain WHERE device_id = ?", (device_id,)
    ).fetchone()
    return (row[0], row[1]) if row else (0, None)


def append(
    connection: sqlite3.Connection,
    sealed: SealedRecord,
    expected: Head,
    kept: Particulars,
    photos: Sequence[NamedPhoto],
) -> int:
    """Add the record to the chain, within the caller's transaction.

    Returns
    -------
    int
        The record's position in this outbox.

    Raises
    ------
    HeadMoved
        The chain's head is no longer ``expected``.
    """
    _compare_and_set(connection, sealed, expected, kept.device_id)
    position = connection.execute(
        _INSERT,
        (
            kept.device_id,
            sealed.seq,
            sealed.id,
            sealed.hash,
            sealed.kind,
            kept.amends,
            kept.sealed_at,
            kept.record_no,
            sealed.compact,
            kept.amendment_of,
        ),
    ).lastrowid
    assert position is not None
    if photos:
        _name_photos(connection, position, photos)
    return position


def _compare_and_set(
    connection: sqlite3.Connection, sealed: SealedRecord, expected: Head, device_id: str
) -> None:
    seq, digest = expected
    if digest is None:
        changed = connection.execute(_BEGIN, (device_id, sealed.seq, sealed.hash))
    else:
        changed = connection.execute(
            _GROW, (sealed.seq, sealed.hash, device_id, seq, digest)
        )
    if changed.rowcount != 1 or sealed.seq != seq + 1:
        raise HeadMoved(
            Message(
                zh="同时有另一条记录封存，请重试。",
                en="Another record was sealed at the same time; try again.",
            )
        )


def _name_photos(
    connection: sqlite3.Connection, position: int, photos: Sequence[NamedPhoto]
) -> None:
    # The same bytes twice are one photograph (lesson 17: central-backend#299).
    unique = {photo.sha256: photo for photo in photos}.values()
    connection.executemany(
        "INSERT INTO photo (sha256, bytes, media_type) VALUES (?, ?, ?) "
        "ON CONFLICT (sha256) DO UPDATE SET state = 'held' WHERE state = 'missing'",
        [(photo.sha256, photo.bytes, photo.media_type) for photo in unique],
    )
    connection.executemany(
        "INSERT INTO record_photo (record_position, sha256) VALUES (?, ?)",
        [(position, photo.sha256) for photo in unique],
    )
