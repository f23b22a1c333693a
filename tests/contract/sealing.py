"""Devices that seal records for the tests: whole, cloned, skipping, with any ids."""

import copy
import itertools
from datetime import UTC, datetime
from typing import Any

from sync.keys import SigningKey
from sync.ledger_port import DeviceStanding
from sync.record import OpenedRecord, Sealed, open_record, payload_of, seal

NOW = datetime(2023, 12, 3, 8, 0, tzinfo=UTC)
_numbers = itertools.count(1_000_000)


def key_of(name: str) -> SigningKey:
    """The same name gives the same key."""
    return SigningKey.from_random(name.encode().ljust(48, b"."))


def record_id(number: int) -> str:
    """A UUIDv7 that is readable in a failing test."""
    return f"018c0000-0000-7000-8000-{number:012x}"


class Device:
    """An enrolled device with its chain."""

    def __init__(self, device_id: str, unit_code: str = "360734") -> None:
        self.device_id = device_id
        self.unit_code = unit_code
        self.key = key_of(device_id)
        self.seq = 0
        self.prev: str | None = None
        self.uptime_ms: int | None = None  # set by who wants the same bytes again

    @property
    def standing(self) -> DeviceStanding:
        return DeviceStanding(self.device_id, self.unit_code)

    def clone(self) -> "Device":
        """A second device with a copy of this one's outbox."""
        return copy.copy(self)

    def skip(self) -> None:
        """Seal a record that is never sent."""
        self.observe()

    def observe(self, id: str | None = None, **body: Any) -> OpenedRecord:
        return self._seal("observation", None, id, body)

    def amend(
        self, target: OpenedRecord | str, id: str | None = None, **body: Any
    ) -> OpenedRecord:
        return self._seal("amendment", _id(target), id, body)

    def withdraw(
        self, target: OpenedRecord | str, id: str | None = None
    ) -> OpenedRecord:
        return self._seal("withdrawal", _id(target), id, {"reason": "entered twice"})

    def _seal(
        self, kind: str, amends: str | None, id: str | None, body: dict[str, Any]
    ) -> OpenedRecord:
        if kind != "withdrawal":
            body = {"unit_code": self.unit_code, **body}
        return open_record(self.sealed(kind, amends, id, body).compact)

    def sealed(
        self, kind: str, amends: str | None, id: str | None, body: dict[str, Any]
    ) -> Sealed:
        number = next(_numbers)
        sealed = seal(
            self.key,
            payload_of(
                id=id or record_id(number),
                device_id=self.device_id,
                seq=self.seq + 1,
                prev=self.prev,
                kind=kind,
                amends=amends,
                sealed_at=NOW,
                clock={
                    "boot_id": "b1",
                    "uptime_ms": number if self.uptime_ms is None else self.uptime_ms,
                    "offset_ms": None,
                    "offset_source": None,
                },
                body=body,
                blobs=[],
            ),
        )
        self.seq, self.prev = sealed.seq, sealed.hash
        return sealed


def _id(target: OpenedRecord | str) -> str:
    return target if isinstance(target, str) else target.id
