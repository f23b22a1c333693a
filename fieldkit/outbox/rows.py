"""What the outbox tells about a record, a photograph and the device itself."""

import json
from dataclasses import asdict, dataclass, fields
from typing import Any, NamedTuple, Self

from geo.errors import Message
from sync.at_rest import FIELD, REASON, RECORD, RECORD_COLUMNS, split_record_text
from sync.outbox_port import OutboxRecord, OutboxState
from sync.outcome import Outcome

PLACE = f"'{RECORD}', {', '.join(RECORD_COLUMNS)}"
"""The place of a record's envelope, as SQL."""
TEXT = f"opened(envelope, {PLACE})"
COLUMNS = (
    f"{TEXT}, id, hash, seq, kind, amends, sealed_at, state, outcome, status, code, "
    f"opened(field, '{FIELD}', id), opened(reason, '{REASON}', id), receipt_id, epoch, "
    "position, device_id, amendment_of, server_position, received_at, status_at"
)
_PORT_COLUMNS = 15


class StoredRecord(NamedTuple):
    """A record with what this outbox keeps beside it.

    ``position`` is this outbox's own order, ``server_position`` the server's;
    ``root_id`` names the observation that the record is or changes. ``fault`` is
    why its content cannot be opened here (``content-altered``, ``key-gone``); then
    the record's ``compact`` is empty and its number is not known.
    """

    record: OutboxRecord
    position: int
    device_id: str
    record_no: str | None
    root_id: str
    server_position: int | None
    received_at: str | None
    status_at: str | None
    fault: str | None = None


def port_record(row: tuple[Any, ...]) -> OutboxRecord:
    """Return the record of a row selected with `COLUMNS`."""
    text, record_id, digest, seq, kind, amends, sealed_at = row[:7]
    state, outcome, status, code, field, reason, receipt, epoch = row[7:_PORT_COLUMNS]
    return OutboxRecord(
        split_record_text(text)[1] if isinstance(text, str) else "",
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
        field=field if isinstance(field, str) else None,
        reason=Message(*json.loads(reason)) if isinstance(reason, str) else None,
        receipt_id=receipt,
        epoch=epoch,
    )


def stored_record(row: tuple[Any, ...]) -> StoredRecord:
    """Return the record of a row selected with `COLUMNS`, and what lies beside it."""
    record, text = port_record(row), row[0]
    position, device_id, amendment_of, *rest = row[_PORT_COLUMNS:]
    root_id, fault = amendment_of or record.id, fault_of(text)
    record_no = None if fault else split_record_text(text)[0]
    server_position, received_at, status_at = rest
    return StoredRecord(
        record,
        position,
        device_id,
        record_no,
        root_id,
        server_position,
        received_at,
        status_at,
        fault,
    )


def fault_of(text: str | bytes | None) -> str | None:
    """Return why an opened column holds no text, None if it does."""
    return text.decode("ascii") if isinstance(text, bytes) else None


def reason_text(reason: Message | None) -> str | None:
    """Return a reason as it is kept, encrypted."""
    return None if reason is None else json.dumps([reason.zh, reason.en])


class PhotoCount(NamedTuple):
    """How many of a record's photographs are named, arrived, and gone from here."""

    named: int
    delivered: int
    missing: int


class Draft(NamedTuple):
    """An observation begun and not sealed yet; it has no id.

    ``fault`` is why it cannot be opened here; then ``body`` is empty.
    """

    number: int
    started_at: str
    changed_at: str
    body: dict[str, Any]
    fault: str | None = None


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
