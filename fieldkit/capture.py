"""Capturing: what was said is checked, completed, sealed and saved, or nothing is.

The steps of one capture, each of which may be the last before a crash: room is
checked; the input is checked; photographs are copied in; the record is sealed
on the chain's head and committed; the photographs move to their places. Before
the commit there is nothing but copies that belong to no record; after it there
is the sealed record with its photographs.
"""

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any

import uuid6

from fieldkit import completion
from fieldkit.acceptance import require_acceptable, require_accepted
from fieldkit.device_clock import ClockReading, read_clock, sealed_clock
from fieldkit.disk import require_room
from fieldkit.home import Home
from fieldkit.keys import KeyStore, PemKeyStore
from fieldkit.outbox.rows import DeviceIdentity
from fieldkit.outbox.store import SqliteOutbox
from fieldkit.photos import PhotoStore, TakenPhoto, photo_bytes
from sync.clock import acted_on
from sync.errors import HeadMoved
from sync.keys import SigningKey
from sync.outbox_port import BlobRef
from sync.record import Sealed, payload_of, seal

RECORD_ROOM_BYTES = 64 * 1024
SEALING_TRIES = 50


@dataclass(frozen=True, slots=True)
class ReferenceVersions:
    """What the device advises by, named in every record it seals.

    ``areas_on`` gives, for a day, ``{right: {"version", "sha256"}}``.
    """

    code_list_version: str
    areas_on: Callable[[date], Mapping[str, Mapping[str, str]]]


NO_REFERENCE = ReferenceVersions("none", lambda _day: {})
"""For what needs none: a withdrawal."""


@dataclass(frozen=True, slots=True)
class Captured:
    """A record that is sealed and durable."""

    sealed: Sealed
    record_no: str | None
    root_id: str
    body: dict[str, Any]
    acted_on: date | None
    clock_offset_ms: int | None


@dataclass(frozen=True, slots=True)
class _Making:
    """A record about to be sealed: what does not depend on the chain's head."""

    kind: str
    body: dict[str, Any]
    reading: ClockReading
    clock: dict[str, Any]
    id: str
    amends: str | None = None
    root_id: str | None = None
    record_no: str | None = None
    draft: int | None = None
    given: Mapping[str, Any] | None = None


@dataclass
class Recorder:
    """Captures on one device; every method saves one record, or raises and saves none.

    Raises, whatever is captured: `NotEnrolled`, `DiskFull`, `InputRefused`,
    `PhotoUnreadable`, `OutboxBusy`, and `RecordTooLarge` over 256 KiB.
    """

    home: Home
    outbox: SqliteOutbox
    versions: ReferenceVersions = NO_REFERENCE
    keys: KeyStore | None = None
    clock: Callable[[], ClockReading] = read_clock
    _loaded: dict[str, SigningKey] = field(default_factory=dict)

    @property
    def photos(self) -> PhotoStore:
        """The device's photographs."""
        return PhotoStore(self.home.photos_path)

    def record(
        self,
        given: Mapping[str, Any],
        *,
        folders: Sequence[Path] = (),
        draft: int | None = None,
    ) -> Captured:
        """Seal an observation; relative photographs are sought in ``folders``."""
        identity, reading = self.outbox.require_identity(), self.clock()
        body = completion.completed(given, identity, reading.now)
        making = self._making("observation", body, reading, draft=draft, given=given)
        return self._with_photos(making, identity, folders)

    def amend(
        self,
        given: Mapping[str, Any],
        *,
        amends: str,
        root_id: str,
        record_no: str | None,
        earlier: Sequence[Mapping[str, Any]],
        folders: Sequence[Path] = (),
        draft: int | None = None,
    ) -> Captured:
        """Seal a new version with the whole body ``given`` on the one it names."""
        identity, reading = self.outbox.require_identity(), self.clock()
        body = completion.completed(given, identity, reading.now, earlier=earlier)
        making = self._making(
            "amendment",
            body,
            reading,
            amends=amends,
            root_id=root_id,
            record_no=record_no,
            draft=draft,
            given=given,
        )
        return self._with_photos(making, identity, folders)

    def withdraw(
        self, reason: str, *, amends: str, root_id: str, record_no: str | None
    ) -> Captured:
        """Seal the withdrawal of a record."""
        identity, reading = self.outbox.require_identity(), self.clock()
        require_room(self.home.path, RECORD_ROOM_BYTES)
        making = self._making(
            "withdrawal",
            {"reason": reason},
            reading,
            amends=amends,
            root_id=root_id,
            record_no=record_no,
        )
        return self._seal(making, identity, [])

    def _making(
        self, kind: str, body: dict[str, Any], reading: ClockReading, **rest: Any
    ) -> _Making:
        clock = sealed_clock(self.outbox, reading)
        return _Making(kind, body, reading, clock, str(uuid6.uuid7()), **rest)

    def _with_photos(
        self, making: _Making, identity: DeviceIdentity, folders: Sequence[Path]
    ) -> Captured:
        names = completion.photo_paths(making.body)
        sources = [_sought(name, folders) for name in names]
        # Known beforehand, said beforehand (lesson 20).
        needed = sum(photo_bytes(source) for source in sources)
        require_room(self.home.path, needed + RECORD_ROOM_BYTES)
        if not sources:
            return self._seal(making, identity, completion.blob_refs(making.body))
        require_acceptable(making.given or {})
        photos, now_s = self.photos, making.reading.now.timestamp()
        photos.tidy(self.outbox.is_named, now_s=now_s)
        return self._seal_with(making, identity, photos.take_in(sources))

    def _seal_with(
        self, making: _Making, identity: DeviceIdentity, taken: list[TakenPhoto]
    ) -> Captured:
        try:
            body = completion.with_photos(making.body, taken, making.reading.now)
            making = replace(making, body=body)
            captured = self._seal(making, identity, completion.blob_refs(body))
        except BaseException:
            # Interrupted just after the commit, the record needs its photographs.
            named = self.outbox.is_named
            self.photos.give_up([one for one in taken if not named(one.sha256)])
            raise
        # The record is safe; a move that fails here is finished by `tidy`.
        with suppress(OSError):
            self.photos.settle(taken)
        return captured

    def _seal(
        self, making: _Making, identity: DeviceIdentity, blobs: list[BlobRef]
    ) -> Captured:
        for _ in range(SEALING_TRIES):
            with suppress(HeadMoved):
                return self._seal_on_head(making, identity, blobs)
        raise HeadMoved(f"after {SEALING_TRIES} tries")

    def _seal_on_head(
        self, making: _Making, identity: DeviceIdentity, blobs: list[BlobRef]
    ) -> Captured:
        head = self.outbox.head(identity.device_id)
        day, record_no, body = self._numbered(making, identity, head.seq + 1)
        payload = payload_of(
            id=making.id,
            device_id=identity.device_id,
            seq=head.seq + 1,
            prev=head.hash,
            kind=making.kind,
            amends=making.amends,
            sealed_at=making.reading.now,
            clock=making.clock,
            body=body,
            blobs=[blob._asdict() for blob in blobs],
        )
        require_accepted(payload, making.given)
        sealed = seal(self._key(identity.device_id), payload)
        self.outbox.append(
            sealed,
            head,
            blobs,
            record_no=record_no,
            amendment_of=making.root_id,
            draft=making.draft,
        )
        root_id, offset_ms = making.root_id or making.id, making.clock["offset_ms"]
        return Captured(sealed, record_no, root_id, body, day, offset_ms)

    def _numbered(
        self, making: _Making, identity: DeviceIdentity, seq: int
    ) -> tuple[date | None, str | None, dict[str, Any]]:
        if making.kind == "withdrawal":
            return None, making.record_no, making.body
        day = _acted_on(making)
        number = making.record_no or completion.record_number(
            identity.unit_code, day.year, identity.device_id, seq
        )
        body = {
            **making.body,
            "record_no": number,
            "code_list_version": self.versions.code_list_version,
            "area_versions": self.versions.areas_on(day),
        }
        return day, number, body

    def _key(self, device_id: str) -> SigningKey:
        if device_id not in self._loaded:
            keys = self.keys or PemKeyStore(self.home)
            self._loaded[device_id] = keys.load(device_id)
        return self._loaded[device_id]


def _acted_on(making: _Making) -> date:
    try:
        return acted_on({"body": making.body, "clock": making.clock})
    except (AttributeError, KeyError, TypeError, ValueError):
        # Not a time or not a site; the schema says so in words.
        return making.reading.now.date()


def _sought(name: str, folders: Sequence[Path]) -> Path:
    """Return the photograph's path: as given, in a folder named, or as given here."""
    path = Path(name).expanduser()
    candidates = [path] if path.is_absolute() else [f / path for f in folders]
    return next((found for found in candidates if found.is_file()), path)
