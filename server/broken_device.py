"""What a laptop that works no more still holds, taken in from a copy of its folder.

Its rows and photographs are encrypted under store keys that were wrapped to this
server's key too (`sync.store_key`). What opens is pushed by the same path as over the
network, so it counts once, whatever was sent before; the folder is only read.
"""

import json
import sqlite3
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import closing
from itertools import groupby
from pathlib import Path
from shutil import copyfile
from typing import NamedTuple

from geo.errors import Message
from server.blobs import blob_state, put_part
from server.bundle_import import BundleRefused, Imported, Tell
from server.bureau import Bureau
from server.errors import ServerError
from server.intake import Intake, Push
from sync.at_rest import META, RECORD, RECORD_COLUMNS, split_record_text
from sync.batch import MAX_RECORDS
from sync.envelope import StoreKeys, held_in, open_row, place_of
from sync.errors import EnvelopeAltered
from sync.parts import part_range
from sync.sealed_photo import PhotoReader
from sync.store_key import WrappedStoreKey

OUTBOX = "outbox.sqlite3"
_BESIDE = ("", "-wal")
_RECORDS = f"SELECT {', '.join(RECORD_COLUMNS)}, envelope FROM record"
_PHOTOS = """SELECT DISTINCT record.device_id, sha256, photo.bytes FROM photo
    JOIN record_photo USING (sha256) JOIN record ON record.position = record_position"""


class _Folder(NamedTuple):
    """A device's folder: a copy of its outbox, its photographs, what opens them."""

    outbox: sqlite3.Connection
    photos: Path
    keys: StoreKeys
    faults: list[str]


def take_in_folder(bureau: Bureau, folder: Path, tell: Tell) -> list[Imported]:
    """Take in every record and photograph of the folder that can be opened.

    Returns what became of each identity's; safe to repeat.

    Raises
    ------
    BundleRefused
        ``folder-unreadable``: no outbox of this version lies there.
    StorageFull
        As for `server.bundle_import.import_bundle`.
    """
    with tempfile.TemporaryDirectory(prefix="gi-recover-") as scratch:
        try:
            # SQLite would write beside the original: it is evidence.
            for suffix in _BESIDE:
                if suffix == "" or (folder / f"{OUTBOX}{suffix}").exists():
                    name = f"{OUTBOX}{suffix}"
                    copyfile(folder / name, Path(scratch, name))
            with closing(sqlite3.connect(Path(scratch, OUTBOX))) as outbox:
                return _take_in(bureau, _opened(bureau, outbox, folder), tell)
        except (OSError, sqlite3.Error) as fault:
            raise _unreadable(folder, fault) from fault


def _opened(bureau: Bureau, outbox: sqlite3.Connection, folder: Path) -> _Folder:
    keys: dict[str, bytes] = {}
    faults: dict[str, str] = {}
    for key_id, wrapped in _wrapped_keys(outbox, folder):
        try:
            found = WrappedStoreKey.from_json(wrapped).recover_with(bureau.key)
            keys[found.id] = found.key
        except EnvelopeAltered as fault:
            faults[key_id] = f"{key_id}: {fault}"
    told = [fault for key_id, fault in faults.items() if key_id not in keys]
    return _Folder(outbox, folder / "photos", held_in(keys), told)


def _wrapped_keys(
    outbox: sqlite3.Connection, folder: Path
) -> Iterator[tuple[str, str | bytes]]:
    """Yield the wrapped store keys by id, from both places: one may be damaged."""
    yield from outbox.execute("SELECT id, wrapped FROM store_key")
    for path in sorted(folder.glob("keys/store-*.json")):
        yield path.stem.removeprefix("store-"), path.read_bytes()


def _take_in(bureau: Bureau, folder: _Folder, tell: Tell) -> list[Imported]:
    intake = Intake(bureau.settings, bureau.engine, bureau.key, bureau.clock)
    found = {}
    rows = folder.outbox.execute(f"{_RECORDS} ORDER BY device_id, seq").fetchall()
    for device_id, held in groupby(rows, key=lambda row: str(row[0])):
        one = found[device_id] = Imported(device_id)
        records = list(_records(folder, list(held), one))
        certificate = _certificate(folder, device_id)
        for start in range(0, len(records), MAX_RECORDS):
            part = records[start : start + MAX_RECORDS]
            push = Push(device_id, part, certificate=certificate)
            one.items += intake.push(push).items
            tell("records", len(one.items), len(records))
    photos = folder.outbox.execute(_PHOTOS).fetchall()
    for number, (device_id, sha256, size_bytes) in enumerate(photos, start=1):
        _take_photograph(bureau, folder, found[device_id], sha256, size_bytes)
        tell("photographs", number, len(photos))
    for one in found.values():
        one.faults += folder.faults
    return list(found.values())


def _records(
    folder: _Folder, rows: Sequence[tuple[object, ...]], found: Imported
) -> Iterator[str]:
    for *columns, envelope in rows:
        place = place_of(RECORD, *columns)  # type: ignore[arg-type]
        try:
            text = open_row(folder.keys, place, bytes(envelope))  # type: ignore[call-overload]
            yield split_record_text(text.decode())[1]
        except (EnvelopeAltered, UnicodeDecodeError, TypeError) as fault:
            found.faults.append(f"{columns[2]}: {fault}")


def _certificate(folder: _Folder, device_id: str) -> str | None:
    """Return the newest identity's, which is all that the folder keeps."""
    asked = "SELECT value FROM meta WHERE key = 'identity'"
    try:
        (value,) = folder.outbox.execute(asked).fetchone()
        identity = json.loads(open_row(folder.keys, place_of(META, "identity"), value))
    except (EnvelopeAltered, ValueError, TypeError):
        return None
    return identity["certificate"] if identity["device_id"] == device_id else None


def _take_photograph(
    bureau: Bureau, folder: _Folder, found: Imported, sha256: str, size_bytes: int
) -> None:
    found.photographs += 1
    try:
        state = blob_state(bureau, found.device_id, sha256)
        if state.missing:
            with _photograph(folder.photos, sha256).open("rb") as file:
                photo = PhotoReader(file, sha256, folder.keys)
                for number in state.missing:
                    data = photo.read_range(*part_range(number, size_bytes))
                    state = put_part(bureau, found.device_id, sha256, number, data)
    except (ServerError, EnvelopeAltered, OSError) as fault:
        if isinstance(fault, ServerError) and fault.code == "storage-full":
            raise
        found.faults.append(f"{sha256}: {fault}")
        return
    found.photographs_complete += state.receipt is not None


def _photograph(photos: Path, sha256: str) -> Path:
    """Return its place, or where it lay when a capture was broken off."""
    broken_off = photos.glob(f"incoming/{sha256}.*")
    place = photos / sha256[:2] / sha256
    return place if place.exists() else next(broken_off, place)


def _unreadable(folder: Path, fault: Exception) -> BundleRefused:
    return BundleRefused(
        "folder-unreadable",
        Message(
            zh=f"{folder} 中没有本版本可读的 {OUTBOX}（{fault}）："
            "请复制设备的整个 FIELDKIT_HOME",
            en=f"{folder} holds no {OUTBOX} that this version reads ({fault}): "
            "copy the device's whole FIELDKIT_HOME",
        ),
    )
