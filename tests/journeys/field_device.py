"""An inspector's device as the tests hold it: a real home, outbox, key and photos."""

import hashlib
import itertools
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from fieldkit.capture import Captured, Recorder, ReferenceVersions
from fieldkit.device_clock import ClockReading
from fieldkit.enrolment import Enrolment, enrol
from fieldkit.home import Home, open_home
from fieldkit.keys import PemKeyStore
from fieldkit.link.transport import Transport
from fieldkit.outbox import open_outbox
from fieldkit.photos import PhotoStore
from fieldkit.runner.exchange import Volume
from fieldkit.runner.report import Stage, SyncReport
from fieldkit.runner.run import OpenTransport, Surroundings, run_sync
from schemas.codes import code_list
from sync.outbox_port import OutboxRecord

VERSIONS = ReferenceVersions(code_list().version, lambda _day: {})
_numbers = itertools.count(1)


def observation(**changes: Any) -> dict[str, Any]:
    """Five inputs of a quick observation; every one is of another shop."""
    return {
        "observed_at": "2023-12-02T10:20:00+08:00",
        "site": {
            "premises_type": "shop",
            "name": f"果品店{next(_numbers)}",
            "fix": {
                "lon_deg": 115.6512,
                "lat_deg": 24.9633,
                "datum": "WGS84",
                "radius95_m": 12,
                "source": "gnss",
                "is_mock": None,
                "fixed_at": "2023-12-02T10:19:41+08:00",
            },
        },
        "goods": [
            {
                "id": "g1",
                "product": "gannan-navel-orange",
                "rights": ["gannan-navel-orange"],
                "claims": ["protected_name"],
            }
        ],
        "violations": [
            {"id": "v1", "code": "TM-202", "goods": ["g1"], "primary": True}
        ],
        "evidence": [],
        "synthetic": True,
        **changes,
    }


class FieldDevice:
    """One device; ``offset`` is how far its clock is ahead of the true time."""

    def __init__(
        self,
        folder: Path,
        open_transport: OpenTransport,
        *,
        offset: timedelta = timedelta(0),
    ) -> None:
        self.home: Home = open_home(folder)
        self.keys = PemKeyStore(self.home)
        self.stages: list[tuple[Stage, int, int | None]] = []
        self.volumes: list[Volume] = []
        self.open_transport = open_transport
        self.offset = offset
        self._seeds = (f"{folder}{number}".encode() for number in itertools.count())

    def clock(self) -> ClockReading:
        return ClockReading(datetime.now(UTC) + self.offset, "boot", 1_000)

    def enrol(
        self,
        transport: Transport,
        code: str,
        thumbprint: str | None = None,
        url: str = "http://bureau",
    ) -> Enrolment:
        with open_outbox(self.home) as outbox:
            return enrol(
                transport,
                outbox,
                self.keys,
                url=url,
                code=code,
                thumbprint=thumbprint,
                random_bytes=lambda n: hashlib.sha512(next(self._seeds)).digest()[:n],
                now=self.clock().now,
            )

    def record(self, *photos: bytes, **changes: Any) -> str:
        """Seal an observation with these photographs; return its id."""
        return self._capture(
            lambda recorder, files: recorder.record(
                observation(evidence=files, **changes)
            ),
            photos,
        ).sealed.id

    def record_many(self, count: int) -> list[str]:
        """Seal many plain observations over one open outbox."""
        with open_outbox(self.home) as outbox:
            recorder = Recorder(self.home, outbox, VERSIONS, self.keys, self.clock)
            return [recorder.record(observation()).sealed.id for _ in range(count)]

    def amend(self, target: str, **changes: Any) -> str:
        return self._capture(
            lambda recorder, _files: recorder.amend(
                observation(**changes),
                amends=target,
                root_id=target,
                record_no=None,
                earlier=[],
            ),
            (),
        ).sealed.id

    def _capture(
        self,
        capture: Callable[[Recorder, list[dict[str, str]]], Captured],
        photos: tuple[bytes, ...],
    ) -> Captured:
        files = []
        for content in photos:
            name = hashlib.sha256(content).hexdigest()[:12]
            path = self.home.path / f"camera-{name}.jpg"
            path.write_bytes(content)
            files.append({"path": str(path)})
        with open_outbox(self.home) as outbox:
            recorder = Recorder(self.home, outbox, VERSIONS, self.keys, self.clock)
            return capture(recorder, files)

    def lose_photo(self, content: bytes) -> Path:
        """Take a photograph's file off the disk; return where it was."""
        place = self._photo(content)
        place.unlink()
        return place

    def alter_photo(self, content: bytes) -> None:
        """Change a byte of a photograph's file behind the device's back."""
        place = self._photo(content)
        place.chmod(0o600)
        sealed = place.read_bytes()
        place.write_bytes(sealed[:-1] + bytes([sealed[-1] ^ 1]))

    def _photo(self, content: bytes) -> Path:
        place = PhotoStore(self.home.photos_path).find(
            hashlib.sha256(content).hexdigest()
        )
        assert place is not None
        return place

    def sync(self, open_transport: OpenTransport | None = None) -> SyncReport:
        around = Surroundings(
            open_transport or self.open_transport,
            self.clock,
            self._note_stage,
        )
        return run_sync(self.home, self.keys, around)

    def _note_stage(
        self, stage: Stage, done: int, total: int | None, volume: Volume | None = None
    ) -> None:
        self.stages.append((stage, done, total))
        if volume is not None:
            self.volumes.append(volume)

    @property
    def records(self) -> dict[str, OutboxRecord]:
        with open_outbox(self.home) as outbox:
            return {record.id: record for record in outbox.records()}

    @property
    def states(self) -> dict[str, str]:
        return {id_: str(record.state) for id_, record in self.records.items()}

    def photo_counts(self, record_id: str) -> tuple[int, int]:
        """(photographs held by the server, photographs named)."""
        with open_outbox(self.home) as outbox:
            return outbox.blob_counts(record_id)
