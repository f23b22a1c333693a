"""Photographs: taken in parts, kept by the hash of their bytes, never changed.

A crash between any two steps leaves parts that the next call completes.
"""

import shutil
from collections.abc import Sequence
from typing import NamedTuple

import sqlalchemy as sa

from geo.errors import Message
from schemas.evidence import MAX_FILE_BYTES
from server.blob_files import (
    Named,
    blob_path,
    held_parts,
    parts_folder,
    put_together,
)
from server.bureau import Bureau
from server.database import reading, writing
from server.durable_files import keep_file
from server.epochs import current_epoch, timestamp
from server.errors import BlobRefused
from server.ledger import SqlLedger
from server.tables import blob, record, record_blob
from sync.clock import instant
from sync.ledger_port import StatusEvent
from sync.parts import missing, part_count, part_range
from sync.receipt import make_blob_receipt

PHOTOS_COMPLETE = "photos-complete"


class BlobState(NamedTuple):
    """How far a photograph has come; complete once it has a receipt."""

    sha256: str
    bytes: int
    missing: Sequence[int]
    receipt: str | None


def blob_state(bureau: Bureau, device_id: str, sha256: str) -> BlobState:
    """Return which parts of a photograph are wanted from a device.

    All parts there but not yet sealed (a crash came between): they are sealed
    now. Sealed once but the file is gone from the disk: all are wanted again.

    Raises
    ------
    BlobRefused
        ``blob-not-named``: no kept record of this device names it;
        ``blob-too-large``: a quarantined one does, with an impossible size;
        ``blob-size``: the photograph is here whole, and has another size.
    StorageFull
        No room to put it together; the parts stay.
    """
    named, state = _look(bureau, device_id, sha256)
    if state is not None:
        return state
    parts = parts_folder(bureau.settings.blobs_folder, device_id, sha256)
    wanted = missing(held_parts(parts, named), named.bytes)
    if wanted:
        # Unless another worker sealed it since and cleared the parts away.
        sealed = _look(bureau, device_id, sha256)[1]
        return sealed or BlobState(sha256, named.bytes, wanted, None)
    return _complete(bureau, device_id, named)


def put_part(
    bureau: Bureau, device_id: str, sha256: str, number: int, part: bytes
) -> BlobState:
    """Keep one part durably and return what is still wanted.

    With the last one the photograph is sealed if its hash agrees; if not, this
    device's parts are dropped and all are wanted again.

    Raises
    ------
    BlobRefused
        ``blob-not-named``, ``blob-too-large``, ``blob-size``, ``part-unknown``,
        ``part-size``.
    StorageFull
        The disk has no room; the parts before stay.
    """
    named, state = _look(bureau, device_id, sha256)
    if state is not None:
        return state
    _require_part(named, number, part)
    parts = parts_folder(bureau.settings.blobs_folder, device_id, sha256)
    keep_file(parts / str(number), part)
    return blob_state(bureau, device_id, sha256)


def _look(
    bureau: Bureau, device_id: str, sha256: str
) -> tuple[Named, BlobState | None]:
    """Return what the device named, and its state if it is complete already."""
    with reading(bureau.engine) as connection:
        named = _require_named(connection, device_id, sha256)
        row = connection.execute(
            sa.select(blob.c.completed_at, blob.c.bytes).where(blob.c.sha256 == sha256)
        ).one_or_none()
        epoch = current_epoch(connection)
    path = blob_path(bureau.settings.blobs_folder, sha256)
    if row is None or row.completed_at is None or not path.exists():
        return named, None
    if row.bytes != named.bytes:
        raise _refused(
            "blob-size",
            f"文件有 {row.bytes} 字节，记录中写的是 {named.bytes} 字节",
            f"the file has {row.bytes} bytes, the record says {named.bytes}",
        )
    return named, _sealed(bureau, device_id, named, epoch, row.completed_at)


def _require_named(connection: sa.Connection, device_id: str, sha256: str) -> Named:
    row = connection.execute(
        sa.select(record_blob.c.bytes, record_blob.c.media_type)
        .where(record_blob.c.sha256 == sha256, record_blob.c.device_id == device_id)
        .order_by(record_blob.c.record_position.desc())
        .limit(1)
    ).one_or_none()
    if row is None:
        raise _refused(
            "blob-not-named",
            "本设备已送达的记录均未引用此文件",
            "no kept record of this device names this file",
        )
    if row.bytes > MAX_FILE_BYTES:
        raise _refused(
            "blob-too-large",
            f"文件不得超过 {MAX_FILE_BYTES} 字节",
            f"a file may have {MAX_FILE_BYTES} bytes",
        )
    return Named(sha256, row.bytes, row.media_type)


def _require_part(named: Named, number: int, part: bytes) -> None:
    if number >= part_count(named.bytes):
        raise _refused("part-unknown", "没有此分片", f"there is no part {number}")
    start, end = part_range(number, named.bytes)
    if len(part) != end - start:
        raise _refused(
            "part-size",
            f"分片 {number} 应为 {end - start} 字节，收到 {len(part)} 字节",
            f"part {number} has {end - start} bytes, {len(part)} came",
        )


def _complete(bureau: Bureau, device_id: str, named: Named) -> BlobState:
    folder = bureau.settings.blobs_folder
    parts = parts_folder(folder, device_id, named.sha256)
    path = blob_path(folder, named.sha256)
    try:
        is_sound = put_together(parts, path, named)
    except FileNotFoundError:
        # Another worker sealed it in between and cleared the parts away.
        state = _look(bureau, device_id, named.sha256)[1]
        return state or _all_wanted(named)
    if not is_sound:
        shutil.rmtree(parts, ignore_errors=True)
        return _all_wanted(named)
    state = _register(bureau, device_id, named)
    shutil.rmtree(parts, ignore_errors=True)
    return state


def _all_wanted(named: Named) -> BlobState:
    return BlobState(named.sha256, named.bytes, missing((), named.bytes), None)


def _register(bureau: Bureau, device_id: str, named: Named) -> BlobState:
    """Note the photograph as complete, and the records that have all theirs now."""
    at = timestamp(bureau.clock())
    with writing(bureau.engine) as connection:
        epoch = current_epoch(connection)
        known = connection.execute(
            sa.select(blob.c.completed_at).where(blob.c.sha256 == named.sha256)
        ).one_or_none()
        if known is not None and known.completed_at is not None:
            return _sealed(bureau, device_id, named, epoch, known.completed_at)
        state = _sealed(bureau, device_id, named, epoch, at)
        connection.execute(blob.delete().where(blob.c.sha256 == named.sha256))
        connection.execute(
            blob.insert().values(
                sha256=named.sha256,
                bytes=named.bytes,
                media_type=named.media_type,
                completed_at=at,
                receipt=state.receipt,
            )
        )
        _tell_completed_records(connection, named.sha256, at)
    return state


def _sealed(
    bureau: Bureau, device_id: str, named: Named, epoch: int, completed_at: str
) -> BlobState:
    receipt = make_blob_receipt(
        bureau.key,
        device_id=device_id,
        epoch=epoch,
        sha256=named.sha256,
        bytes=named.bytes,
        received_at=instant(completed_at),
    )
    return BlobState(named.sha256, named.bytes, (), receipt)


def _tell_completed_records(connection: sa.Connection, sha256: str, at: str) -> None:
    """Add an event for each record that names the file and now lacks none."""
    other = record_blob.alias()
    lacks_one = (
        sa.select(other.c.sha256)
        .join_from(other, blob, blob.c.sha256 == other.c.sha256, isouter=True)
        .where(
            other.c.record_position == record_blob.c.record_position,
            blob.c.completed_at.is_(None) | (blob.c.bytes != other.c.bytes),
        )
    )
    rows = connection.execute(
        sa.select(record.c.position, record.c.id, record.c.hash, record.c.device_id)
        .join_from(
            record_blob, record, record.c.position == record_blob.c.record_position
        )
        .where(record_blob.c.sha256 == sha256, ~lacks_one.exists())
        .order_by(record.c.position)
    ).all()
    if not rows:
        return
    ledger = SqlLedger(connection)
    first = ledger.next_positions(len(rows))
    ledger.add_events(
        [
            StatusEvent(first + n, *row, PHOTOS_COMPLETE, None, None, at)
            for n, row in enumerate(rows)
        ]
    )


def _refused(code: str, zh: str, en: str) -> BlobRefused:
    return BlobRefused(code, Message(zh=zh, en=en))
