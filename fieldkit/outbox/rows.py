"""What the outbox tells about a record, a photograph and the device itself."""

import json
from dataclasses import asdict, dataclass, fields
from typing import Any, NamedTuple, Self

from geo.errors import Message
from sync.outbox_port import OutboxRecord, OutboxState
from sync.outcome import Outcome

COLUMNS = (
    "jws, id, hash, seq, kind, amends, sealed_at, state, outcome, status, code, "
    "field, reason_zh, reason_en, receipt_id, epoch, position, device_id, record_no, "
    "amendment_of, server_position, received_at, status_at"
)
_PORT_COLUMNS = 16


class StoredRecord(NamedTuple):
    """A record with what this outbox keeps beside it.

    ``position`` is this outbox's own order, ``server_position`` the server's;
    ``root_id`` names the observation that the record is or changes.
    """

    record: OutboxRecord
    position: int
    device_id: str
    record_no: str | None
    root_id: str
    server_position: int | None
    received_at: str | None
    status_at: str | None


def port_record(row: tuple[Any, ...]) -> OutboxRecord:
    """Return the record of a row selected with `COLUMNS`."""
    compact, record_id, digest, seq, kind, amends, sealed_at = row[:7]
    state, outcome, status, code, field, zh, en, receipt, epoch = row[7:_PORT_COLUMNS]
    return OutboxRecord(
        compact,
        record_id,
        digest,
        seq,
        kind,
        amends,
        sealed_at,
        state=OutboxState(state),
        outcome=None if outcome is None else Outcome(outcome),
        status=status,
        code=code,
        field=field,
        reason=None if zh is None and en is None else Message(zh or "", en or ""),
        receipt_id=receipt,
        epoch=epoch,
    )


def stored_record(row: tuple[Any, ...]) -> StoredRecord:
    """Return the record of a row selected with `COLUMNS`, and what lies beside it."""
    record = port_record(row)
    position, device_id, record_no, amendment_of, *rest = row[_PORT_COLUMNS:]
    root_id = amendment_of or record.id
    return StoredRecord(record, position, device_id, record_no, root_id, *rest)


class PhotoCount(NamedTuple):
    """How many of a record's photographs are named, arrived, and gone from here."""

    named: int
    delivered: int
    missing: int


class Draft(NamedTuple):
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
