"""What the outbox tells about a record, a photograph and the device itself."""

import base64
import json
import sqlite3
from dataclasses import asdict, dataclass, fields
from typing import Any, Self

from geo.errors import Message


@dataclass(frozen=True, slots=True)
class StoredRecord:
    """One sealed record and what became of it.

    ``state`` is ``sealed`` or ``delivered`` (a verified receipt is held);
    ``outcome`` is the server's first answer, ``status`` the newest word since.
    ``position`` is this outbox's own order, ``server_position`` the server's.
    """

    position: int
    device_id: str
    seq: int
    id: str
    hash: str
    kind: str
    amends: str | None
    sealed_at: str
    record_no: str | None
    jws: str
    state: str
    outcome: str | None
    code: str | None
    field: str | None
    reason_zh: str | None
    reason_en: str | None
    server_position: int | None
    received_at: str | None
    receipt_id: str | None
    epoch: int | None
    status: str | None
    status_code: str | None
    status_zh: str | None
    status_en: str | None
    status_at: str | None
    amendment_of: str | None

    @classmethod
    def from_row(cls, row: sqlite3.Row | tuple[Any, ...]) -> Self:
        """Return the record of a row selected with `COLUMNS`."""
        return cls(*row)

    @property
    def compact(self) -> str:
        """The sealed record as it is sent."""
        return self.jws

    @property
    def root_id(self) -> str:
        """The id of the observation that this record is or changes."""
        return self.amendment_of or self.id

    @property
    def payload(self) -> dict[str, Any]:
        """The sealed payload, decoded anew at each call."""
        part = self.jws.split(".")[1]
        decoded = base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))
        payload: dict[str, Any] = json.loads(decoded)
        return payload

    @property
    def reason(self) -> Message | None:
        """Why the server said what it said, the newest word first."""
        if self.status_zh or self.status_en:
            return Message(zh=self.status_zh or "", en=self.status_en or "")
        if self.reason_zh or self.reason_en:
            return Message(zh=self.reason_zh or "", en=self.reason_en or "")
        return None


COLUMNS = ", ".join(field.name for field in fields(StoredRecord))


@dataclass(frozen=True, slots=True)
class PhotoOnFile:
    """One photograph by the hash of its original bytes.

    ``state`` is ``held`` (to be sent), ``delivered`` (receipt held) or
    ``missing`` (its file is gone from this disk).
    """

    sha256: str
    bytes: int
    media_type: str
    state: str
    receipt: str | None = None
    epoch: int | None = None


@dataclass(frozen=True, slots=True)
class PhotoCount:
    """How many of a record's photographs are where."""

    named: int
    delivered: int
    missing: int


@dataclass(frozen=True, slots=True)
class Draft:
    """An observation begun in the dialogue and not sealed yet; it has no id."""

    number: int
    started_at: str
    changed_at: str
    body: dict[str, Any]


@dataclass(frozen=True, slots=True)
class DeviceIdentity:
    """What enrolment gave the device.

    ``officers`` are ``{"name", "certificate_no"}``; times are ISO 8601 UTC.
    """

    device_id: str
    unit_code: str
    unit_name: str
    officers: tuple[dict[str, str], ...]
    server_url: str
    server_jwk: dict[str, Any]
    certificate: str
    epoch: int
    enrolled_at: str
    token: str | None = None
    token_expires_at: str | None = None

    def to_json(self) -> str:
        """Return the identity as the outbox keeps it."""
        return json.dumps(asdict(self), ensure_ascii=False)

    @classmethod
    def from_json(cls, text: str) -> Self:
        """Return the identity kept, unknown keys of newer versions left out."""
        known = {field.name for field in fields(cls)}
        values = {k: v for k, v in json.loads(text).items() if k in known}
        values["officers"] = tuple(values["officers"])
        return cls(**values)
