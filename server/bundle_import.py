"""A USB bundle taken in: the same records, by the same path as over the network.

What the bundle holds is pushed through `server.intake` and `server.blobs`, so
that importing it twice, or before or after the device's own sync, changes
nothing.
"""

import zipfile
import zlib
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from geo.errors import Message
from server.blobs import blob_state, put_part
from server.bureau import Bureau
from server.errors import ServerError
from server.intake import Intake, Push
from sync.batch import MAX_RECORDS
from sync.bundle import (
    MANIFEST_NAME,
    MAX_ENTRY_BYTES,
    BundleBlob,
    BundleManifest,
    BundleReader,
    blob_part_name,
    records_name,
)
from sync.errors import BundleUnreadable
from sync.outcome import ItemOutcome

Tell = Callable[[str, int, int | None], None]

# A ZIP entry that is missing, damaged, cut short, encrypted, or packed by a
# method that this Python does not have.
_UNREADABLE = (
    KeyError,
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    RuntimeError,
)


class BundleRefused(ServerError):
    """A file is no bundle, or none for this server."""


@dataclass(slots=True)
class Imported:
    """What became of a bundle: outcomes of its records, photographs, faults.

    ``faults`` names the entries that are missing or cannot be read; the rest
    was taken in.
    """

    device_id: str
    items: list[ItemOutcome] = field(default_factory=list)
    photographs: int = 0
    photographs_complete: int = 0
    faults: list[str] = field(default_factory=list)

    @property
    def outcomes(self) -> Counter[str]:
        """How many records had which outcome."""
        return Counter(str(item.outcome) for item in self.items)


def import_bundle(bureau: Bureau, path: Path, tell: Tell) -> Imported:
    """Take in everything of a bundle that can be read.

    Raises
    ------
    BundleRefused
        ``bundle-unreadable``: not a bundle, damaged, or made for another
        server's key.
    StorageFull
        The disk is full; what was taken in before stays, and importing again
        goes on from there.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            return _import(bureau, _Bundle(archive, bureau), tell)
    except (OSError, zipfile.BadZipFile, BundleUnreadable) as fault:
        raise BundleRefused(
            "bundle-unreadable",
            Message(
                zh=f"{path} 不是发给本服务器的完整导出文件（{fault}）："
                "请重新拷贝，或在设备上重新导出",
                en=f"{path} is not a whole export file for this server ({fault}): "
                "copy it again, or export it again on the device",
            ),
        ) from fault


class _Bundle:
    """The entries of one container, opened with the server's key."""

    def __init__(self, archive: zipfile.ZipFile, bureau: Bureau) -> None:
        self._archive = archive
        self._reader = BundleReader(bureau.key)

    def manifest(self) -> BundleManifest:
        return self._reader.manifest(self._entry(MANIFEST_NAME))

    def records(self, number: int) -> list[str]:
        return self._reader.records(number, self._entry(records_name(number)))

    def part(self, blob: BundleBlob, number: int) -> bytes:
        entry = self._entry(blob_part_name(blob.sha256, number))
        return self._reader.blob_part(blob, number, entry)

    def _entry(self, name: str) -> bytes:
        try:
            with self._archive.open(name) as entry:
                data = entry.read(MAX_ENTRY_BYTES + 1)
        except _UNREADABLE as fault:
            raise BundleUnreadable(f"{name}: {fault!r}") from fault
        if len(data) > MAX_ENTRY_BYTES:
            raise BundleUnreadable(f"{name}: over {MAX_ENTRY_BYTES} bytes")
        return data


def _import(bureau: Bureau, bundle: _Bundle, tell: Tell) -> Imported:
    manifest = bundle.manifest()
    found = Imported(manifest.device_id, photographs=len(manifest.blobs))
    intake = Intake(bureau.settings, bureau.engine, bureau.key, bureau.clock)
    for number in range(manifest.record_entries):
        try:
            records = bundle.records(number)
        except BundleUnreadable as fault:
            found.faults.append(str(fault))
            continue
        for start in range(0, len(records), MAX_RECORDS):
            part = records[start : start + MAX_RECORDS]
            push = Push(manifest.device_id, part, certificate=manifest.certificate)
            found.items += intake.push(push).items
            tell("records", len(found.items), manifest.record_count)
    for n, blob in enumerate(manifest.blobs, start=1):
        _import_photograph(bureau, bundle, blob, found)
        tell("photographs", n, len(manifest.blobs))
    return found


def _import_photograph(
    bureau: Bureau, bundle: _Bundle, blob: BundleBlob, found: Imported
) -> None:
    """Put the parts that are still missing; a fault leaves the others to come."""
    try:
        state = blob_state(bureau, found.device_id, blob.sha256)
        for number in state.missing:
            part = bundle.part(blob, number)
            state = put_part(bureau, found.device_id, blob.sha256, number, part)
    except (ServerError, BundleUnreadable) as fault:
        if isinstance(fault, ServerError) and fault.code == "storage-full":
            raise
        found.faults.append(f"{blob.sha256}: {fault}")
        return
    if state.receipt is None:
        found.faults.append(f"{blob.sha256}: the bytes have another hash")
    else:
        found.photographs_complete += 1
