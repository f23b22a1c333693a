"""What somebody with a device's token, or its key, can push past its software."""

from typing import Any, NamedTuple

from journeys.field_device import FieldDevice

from fieldkit.outbox import open_outbox
from sync.clock import instant
from sync.record import Sealed, open_record, payload_of, seal


class PushedRaw(NamedTuple):
    """The server's answer, unbelieved."""

    outcomes: list[str]
    codes: list[str | None]
    receipts: tuple[str, ...]


def push_raw(device: FieldDevice, *compacts: str) -> PushedRaw:
    """Push these texts over HTTP; the device's outbox never hears of it."""
    with open_outbox(device.home) as outbox:
        identity = outbox.require_identity()
    with device.open_transport(identity.server_url) as transport:
        reply = transport.push(
            identity.token or "", compacts, None, identity.certificate
        )
    return PushedRaw(
        [item["outcome"] for item in reply.items],
        [item["code"] for item in reply.items],
        tuple(reply.receipts),
    )


def resealed(device: FieldDevice, record: str, **changed: Any) -> Sealed:
    """Seal another content under a record's id, as the next of the device's chain."""
    with open_outbox(device.home) as outbox:
        identity, head = outbox.require_identity(), outbox.head()
    payload = open_record(device.records[record].compact).payload or {}
    return seal(
        device.keys.load(identity.device_id),
        payload_of(
            id=record,
            device_id=identity.device_id,
            seq=head.seq + 1,
            prev=head.hash,
            kind=payload["kind"],
            amends=payload["amends"],
            sealed_at=instant(payload["sealed_at"]),
            clock=payload["clock"],
            body=payload["body"] | changed,
            blobs=payload["blobs"],
        ),
    )
