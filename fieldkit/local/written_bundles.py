"""Bundles that the page asked for, until they are fetched and handed over."""

import secrets
import shutil
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from fieldkit.bundle import Bundled, Contents, contents_of, write_bundle
from fieldkit.device import Device
from fieldkit.errors import NotFound
from fieldkit.exports import mark_exported
from fieldkit.home import Home
from fieldkit.identities import every_identity
from fieldkit.photos import PhotoStore
from geo.errors import Message

_NOTHING = Message(
    zh="没有未送达的记录和照片，无需导出。",
    en="Nothing is unsent, so there is nothing to export.",
)
_GONE = Message(
    zh="该导出文件已不在，请重新导出。",
    en="That export file is no longer here; export again.",
)


class NothingToExport(NotFound):
    """Everything has arrived at the server."""

    code = "nothing-to-export"


@dataclass(frozen=True, slots=True)
class Export:
    """One export: a bundle for each identity that has something unsent."""

    id: str
    files: tuple[Bundled, ...]
    records: tuple[str, ...]
    photos: tuple[str, ...]

    def to_json(self) -> dict[str, Any]:
        """Return what the page is told; the first file is the present identity's."""
        return {
            "id": self.id,
            "files": [
                {
                    "file_name": one.path.name,
                    "records": one.record_count,
                    "photos": one.photo_count,
                    "missing": list(one.missing),
                }
                for one in self.files
            ],
        }


@dataclass
class WrittenBundles:
    """The last export of this run, under the home's ``bundles``."""

    home: Home
    _last: Export | None = field(default=None)

    @property
    def folder(self) -> Path:
        """Where bundles lie until they are fetched."""
        return self.home.path / "bundles"

    def write(self, opened: Device, now: datetime) -> Export:
        """Write what is unsent, encrypted to the server; the export before goes.

        Raises
        ------
        NothingToExport
            Nothing is unsent.
        """
        contents = _unsent(opened)
        if not contents:
            raise NothingToExport(_NOTHING)
        self.clear()
        self.folder.mkdir(mode=0o700)
        photos = PhotoStore(self.home.photos_path)
        stamp = now.strftime("%Y%m%dT%H%M%SZ")
        files = tuple(
            write_bundle(self.folder / _name(one, stamp), one, photos, now)
            for one in contents
        )
        missing = {sha256 for one in files for sha256 in one.missing}
        self._last = Export(
            secrets.token_hex(8),
            files,
            tuple(record.id for one in contents for record in one.records),
            tuple(
                blob.sha256
                for one in contents
                for blob in one.blobs
                if blob.sha256 not in missing
            ),
        )
        return self._last

    def file(self, export_id: str, number: int) -> Path:
        """Return where a bundle of the last export lies; `NotFound` if it is gone."""
        files = self._of(export_id).files
        if number >= len(files) or not files[number].path.is_file():
            raise NotFound(_GONE)
        return files[number].path

    def mark(self, opened: Device, export_id: str) -> None:
        """Note that the last export was handed over, and remove it from here."""
        export = self._of(export_id)
        mark_exported(opened.outbox, export.records, export.photos)
        self.clear()

    def clear(self) -> None:
        """Remove what was written."""
        self._last = None
        with suppress(FileNotFoundError):
            shutil.rmtree(self.folder)

    def _of(self, export_id: str) -> Export:
        if self._last is None or self._last.id != export_id:
            raise NotFound(_GONE)
        return self._last


def _unsent(opened: Device) -> list[Contents]:
    found = [
        contents_of(opened.outbox, identity)
        for identity in every_identity(opened.outbox)
    ]
    return [one for one in found if one.records or one.blobs]


def _name(contents: Contents, stamp: str) -> str:
    device = contents.identity.device_id[-6:]
    return f"gi-{contents.identity.unit_code}-{device}-{stamp}.gibundle"
