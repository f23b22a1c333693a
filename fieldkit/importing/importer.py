"""Files into drafts: each file is taken whole or not at all, nothing twice.

One photograph makes one draft: which ones belong together, only the inspector
knows. The tracks among the files come first, so that photographs without a
position of their own find one by their time.
"""

import hashlib
import io
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from fieldkit.device import Device
from fieldkit.device_clock import ClockReading, read_clock
from fieldkit.draft_photos import DraftPhotos
from fieldkit.errors import DiskFull, FieldkitError
from fieldkit.importing import csv_rows, gpx
from fieldkit.importing.answers import answers_of, remarks_on
from fieldkit.importing.errors import FileUnknown
from fieldkit.importing.exif import BASIS, read_exif
from fieldkit.importing.found import Found
from fieldkit.importing.report import Known, Report, Taken
from fieldkit.importing.source import Source
from fieldkit.importing.track import Segments, Track, newest
from fieldkit.language import say
from fieldkit.outbox.drafts import FORM
from fieldkit.photos import media_type_of
from geo.errors import Message
from schemas.codes import CodeList
from schemas.evidence import MAX_FILE_BYTES
from sync.clock import SHANGHAI

_PHOTO_TYPES = ("image/jpeg", "image/png", "image/heic")


class Importer:
    """Imports files to one device; ``datum`` is for CSV rows that name none.

    ``segments`` are tracks imported before; afterwards, those of these files too.
    """

    def __init__(
        self,
        device: Device,
        codes: CodeList,
        *,
        datum: str | None = None,
        segments: Segments = (),
        clock: Callable[[], ClockReading] = read_clock,
    ) -> None:
        self._outbox = device.outbox
        self._photos = DraftPhotos(device.home, device.outbox)
        self._codes, self._datum = codes, datum
        self._now = clock().now
        self._report = Report()
        self.segments = segments
        self._track = Track(segments)

    def take(self, sources: Sequence[Source]) -> Report:
        """Begin a draft for each place found; return what was taken, what not, why.

        On a full disk it stops: what was taken stays, the rest is not tried.
        """
        tracks = [source for source in sources if _suffix(source) == ".gpx"]
        others = [source for source in sources if _suffix(source) != ".gpx"]
        for source in (*tracks, *others):
            try:
                if _suffix(source) == ".gpx":
                    self._take_gpx(source)
                elif _suffix(source) == ".csv":
                    self._take_csv(source)
                else:
                    self._take_photo(source)
            except FieldkitError as error:
                self._report.refuse(source.name, error)
                if isinstance(error, DiskFull):
                    break
        return self._report

    def _take_gpx(self, source: Source) -> None:
        read = gpx.read_gpx(source.content(gpx.MOST_BYTES), source.name)
        self._take_rows(source, "waypoint", read.waypoints)
        self._report.tracks += len(read.segments)
        self.segments = newest([*self.segments, *read.segments])
        self._track = Track(self.segments)

    def _take_csv(self, source: Source) -> None:
        content = source.content(csv_rows.MOST_BYTES)
        found = csv_rows.read_rows(
            content, source.name, codes=self._codes, datum=self._datum
        )
        self._take_rows(source, "row", found)

    def _take_rows(self, source: Source, kind: str, rows: Sequence[Found]) -> None:
        fresh: dict[str, tuple[Found, dict[str, Any]]] = {}
        numbers: dict[str, int] = {}
        known: list[tuple[Found, str]] = []
        for found in rows:
            mark = found.fingerprint()
            if mark in fresh or mark in numbers:
                known.append((found, mark))
                continue
            draft = self._outbox.imported_as(mark)
            if draft is not None:
                numbers[mark] = draft
                known.append((found, mark))
                continue
            origin = {"from": source.name, "line": found.line, "fingerprint": mark}
            fresh[mark] = found, answers_of(found, self._now, imported=origin)
        bodies = {mark: {FORM: answers} for mark, (_, answers) in fresh.items()}
        numbers |= self._outbox.import_drafts(bodies, at=self._now)
        for mark, (found, answers) in fresh.items():
            self._tell(source, kind, found, answers, numbers[mark])
        for found, mark in known:
            self._report.known.append(Known(source.name, found.line, numbers[mark]))

    def _take_photo(self, source: Source) -> None:
        content = source.content(MAX_FILE_BYTES)
        media_type = media_type_of(Path(source.name), content[:16])
        if media_type not in _PHOTO_TYPES:
            raise FileUnknown(_UNKNOWN)
        sha256 = hashlib.sha256(content).hexdigest()
        holder = self._photos.holder(sha256)
        if holder is not None or self._outbox.is_named(sha256):
            self._report.known.append(Known(source.name, None, holder))
            return
        found = self._found_in(source, content)
        item = self._evidence(source, found, sha256, content, media_type)
        origin = {"from": source.name, "line": None, "fingerprint": sha256}
        answers = answers_of(found, self._now, imported=origin, evidence=[item])
        number = self._outbox.save_draft({FORM: answers}, at=self._now)
        try:
            self._photos.add(
                number,
                io.BytesIO(content),
                bytes_told=len(content),
                file_name=item["file_name"],
                captured_at=item["captured_at"],
                kind=item["kind"],
            )
        except BaseException:
            self._outbox.remove_draft(number)
            raise
        self._tell(source, "photo", found, answers, number)

    def _found_in(self, source: Source, content: bytes) -> Found:
        exif = read_exif(content)
        fix, basis = exif.fix, f"{source.name} ({BASIS})"
        if fix is None and exif.moment is not None:
            fix = self._track.at(exif.moment.at)
        return Found(basis, moment=exif.moment, fix=fix, remarks=exif.remarks)

    def _evidence(
        self,
        source: Source,
        found: Found,
        sha256: str,
        content: bytes,
        media_type: str,
    ) -> dict[str, Any]:
        """Return the photograph as the form holds it; a file's time is no EXIF time."""
        told = None if found.moment is None else found.moment.at
        method = _BY_EXIF
        if told is None or told > self._now:
            told, method = source.modified_at or self._now, _BY_FILE
        at = min(told, self._now).astimezone(SHANGHAI)
        return {
            "id": "e1",
            "file_name": "".join(c for c in source.name if c.isprintable())[-255:],
            "captured_at": at.isoformat(timespec="seconds"),
            "kind": "electronic_data",
            "sha256": sha256,
            "bytes": len(content),
            "media_type": media_type,
            "method": say(method),
        }

    def _tell(
        self,
        source: Source,
        kind: str,
        found: Found,
        answers: dict[str, Any],
        draft: int,
    ) -> None:
        self._report.taken.append(
            Taken(
                file=source.name,
                line=found.line,
                kind=kind,
                draft=draft,
                fix=found.fix,
                observed_at=answers["observed_at"],
                remarks=tuple(remarks_on(found, self._now)),
            )
        )


def _suffix(source: Source) -> str:
    return Path(source.name).suffix.lower()


_UNKNOWN = Message(
    zh="不认识的文件。可导入照片（JPEG、HEIC、PNG）、GPX 和 CSV。",
    en="The file is of no kind that can be imported: photographs (JPEG, HEIC, PNG), "
    "GPX and CSV.",
)
_BY_EXIF = Message(
    zh="导入的照片，时间取自 EXIF，未经核实",
    en="Imported photograph; the time is the EXIF's, not verified",
)
_BY_FILE = Message(
    zh="导入的照片，时间为文件的修改时间",
    en="Imported photograph; the time is the file's",
)
