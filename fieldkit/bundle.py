"""The bundle for a USB stick: what waits here, for the server's eyes only (lesson 14).

A ZIP of encrypted entries. It is written beside its place and moved there when
it is whole and durable, so that a stick pulled out early carries no half of it.
"""

import os
import zipfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import ClassVar

from fieldkit.disk import no_room_in_words, sync_folder
from fieldkit.errors import FieldkitError
from fieldkit.exit_codes import ExitCode
from fieldkit.outbox import DeviceIdentity, SqliteOutbox
from fieldkit.runner.photos import PhotoSource
from geo.errors import Message
from sync.batch import cut
from sync.bundle import BundleBlob, BundleManifest, BundleWriter
from sync.clock import instant_text
from sync.jws import parse
from sync.outbox_port import OutboxRecord, OutboxState
from sync.parts import part_count, part_range
from sync.record import open_record

_ALL = 1_000_000_000
Told = Callable[[str, int, int], None]


class BundleFileUnusable(FieldkitError):
    """The bundle cannot be written there."""

    code: ClassVar[str] = "bundle-file-unusable"
    exit_code: ClassVar[ExitCode] = ExitCode.HOME_UNUSABLE


@dataclass(frozen=True, slots=True)
class Contents:
    """What one identity's bundle is to hold."""

    identity: DeviceIdentity
    records: tuple[OutboxRecord, ...]
    blobs: tuple[BundleBlob, ...]


@dataclass(frozen=True, slots=True)
class Bundled:
    """A bundle that is written; ``missing`` names photographs gone from here."""

    path: Path
    device_id: str
    record_count: int
    photo_count: int
    missing: tuple[str, ...]


def contents_of(
    outbox: SqliteOutbox, identity: DeviceIdentity, *, everything: bool = False
) -> Contents:
    """Return what is to be bundled for one identity.

    Every record without a receipt, refused ones too, and every photograph
    without one; with `everything`, also what was delivered (for a server that
    lost it).
    """
    own = [
        record
        for record in outbox.records()
        if parse(record.compact).kid == identity.device_id
    ]
    arrived = (
        set() if everything else {blob.sha256 for blob in outbox.blobs("delivered")}
    )
    named = {
        blob["sha256"]: BundleBlob(blob["sha256"], blob["bytes"], blob["media_type"])
        for record in own
        for blob in (open_record(record.compact).payload or {}).get("blobs", ())
        if blob["sha256"] not in arrived
    } | {
        # Those too whose delivered record cannot be opened here any more.
        blob.sha256: BundleBlob(blob.sha256, blob.bytes, blob.media_type)
        for blob in outbox.blobs_pending(_ALL)
        if blob.device_id == identity.device_id
    }
    waiting = [
        record
        for record in own
        if everything or record.state is not OutboxState.DELIVERED
    ]
    return Contents(identity, tuple(waiting), tuple(named.values()))


def write_bundle(
    path: Path,
    contents: Contents,
    photos: PhotoSource,
    now: datetime,
    told: Told = lambda _what, _done, _total: None,
) -> Bundled:
    """Write a bundle durably; nothing on this device changes by it.

    One batch or photograph is in memory at a time.

    Raises
    ------
    BundleFileUnusable
        The place cannot be written.
    DiskFull
        It has no room; nothing is left there.
    """
    writer = BundleWriter(contents.identity.server_jwk)
    with _whole_file(path) as archive:
        entries = _write_records(archive, writer, contents.records, told)
        present = tuple(_write_photos(archive, writer, contents.blobs, photos, told))
        manifest = BundleManifest(
            device_id=contents.identity.device_id,
            certificate=contents.identity.certificate,
            created_at=instant_text(now),
            record_count=len(contents.records),
            record_entries=entries,
            blobs=present,
        )
        archive.writestr(*writer.manifest(manifest))
    held = {blob.sha256 for blob in present}
    missing = tuple(b.sha256 for b in contents.blobs if b.sha256 not in held)
    return Bundled(
        path,
        contents.identity.device_id,
        len(contents.records),
        len(present),
        missing,
    )


def _write_records(
    archive: zipfile.ZipFile,
    writer: BundleWriter,
    records: Sequence[OutboxRecord],
    told: Told,
) -> int:
    entries = done = 0
    for batch in cut(records):
        archive.writestr(*writer.records(entries, [one.compact for one in batch]))
        entries, done = entries + 1, done + len(batch)
        told("records", done, len(records))
    return entries


def _write_photos(
    archive: zipfile.ZipFile,
    writer: BundleWriter,
    blobs: Sequence[BundleBlob],
    photos: PhotoSource,
    told: Told,
) -> Iterator[BundleBlob]:
    """Write what is there unaltered, and yield it."""
    for done, blob in enumerate(blobs, start=1):
        content = photos.read(blob.sha256)
        if content is not None:
            for number in range(part_count(blob.bytes)):
                start, stop = part_range(number, blob.bytes)
                part = content[start:stop]
                archive.writestr(*writer.blob_part(blob, number, part))
            yield blob
        told("photos", done, len(blobs))


@contextmanager
def _whole_file(path: Path) -> Iterator[zipfile.ZipFile]:
    partial = path.with_name(f".{path.name}.part")
    try:
        with no_room_in_words(path.name):
            # What is inside is encrypted and in base64: deflating takes it back.
            with (
                partial.open("wb") as file,
                zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive,
            ):
                yield archive
                archive.close()
                file.flush()
                os.fsync(file.fileno())
            os.replace(partial, path)
            sync_folder(path.parent)
    except OSError as error:
        raise BundleFileUnusable(
            Message(
                zh=f"无法写入 {path}：{error.strerror}",
                en=f"{path} cannot be written: {error.strerror}",
            )
        ) from error
    finally:
        with suppress(OSError):
            partial.unlink()
