"""Sealed records for the ingest bench: the issue's observation, varied."""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec

from schemas.examples import example
from schemas.record import accepts
from schemas.units import units
from sync.jws import SigningKey
from sync.record import payload_of, seal

STARTED_AT = datetime(2023, 12, 2, 2, 0, tzinfo=UTC)
ORIGINS = ("350426", "360734", "360722", "360000", "440282")
CLOCK = {
    "boot_id": "9d0e8f7a-0000-4000-8000-000000000001",
    "uptime_ms": 1,
    "offset_ms": 0,
    "offset_source": "server",
}


@dataclass(frozen=True)
class Device:
    """A device with what it recorded, oldest first."""

    key: SigningKey
    id: str
    unit_code: str
    records: list[str]
    payloads: list[dict[str, Any]]


def devices_with_records(
    devices: Sequence[tuple[SigningKey, str, str]], each: int, seed: int = 1
) -> list[Device]:
    """Return devices, given as (key, id, unit), each with `each` sealed records."""
    drawn = random.Random(seed)
    return [
        _filled(Device(key, id_, unit, [], []), each, drawn)
        for key, id_, unit in devices
    ]


def new_keys(count: int) -> list[tuple[SigningKey, str]]:
    """Return a key and a unit for each of `count` devices."""
    codes = [unit.unit_code for unit in units()]
    return [
        (SigningKey(ec.generate_private_key(ec.SECP256R1())), codes[n % len(codes)])
        for n in range(count)
    ]


def _filled(device: Device, each: int, drawn: random.Random) -> Device:
    prev = None
    for seq in range(1, each + 1):
        sealed_at = STARTED_AT + timedelta(minutes=seq)
        body = _body(device, seq, drawn)
        files = [
            {name: item[name] for name in ("sha256", "bytes", "media_type")}
            for item in body["evidence"]
        ]
        sealed = seal(
            device.key,
            payload_of(
                id=_uuid7(sealed_at, drawn),
                device_id=device.id,
                seq=seq,
                prev=prev,
                kind="observation",
                amends=None,
                sealed_at=sealed_at,
                clock=CLOCK,
                body=body,
                blobs=files,
            ),
        )
        device.records.append(sealed.compact)
        device.payloads.append({"id": sealed.id, **body})
        prev = sealed.hash
    return device


def _body(device: Device, seq: int, drawn: random.Random) -> dict[str, Any]:
    body = example("xunwu_observation")
    body["record_no"] = f"{device.unit_code}-2023-{device.id[:6].lower()}-{seq:06d}"
    body["unit_code"] = device.unit_code
    body["site"]["name"] = f"仓库 {drawn.randrange(10_000)}"
    body["site"]["fix"]["lon_deg"] = round(114.0 + 2.4 * drawn.random(), 6)
    body["site"]["fix"]["lat_deg"] = round(24.6 + 2.3 * drawn.random(), 6)
    body["goods"][0]["evidenced_origins"][0]["admin_code"] = drawn.choice(ORIGINS)
    body["evidence"][0]["sha256"] = drawn.randbytes(32).hex()
    return body


def require_accepted(record_payload: dict[str, Any]) -> None:
    """Stop a bench whose records the server would not store."""
    if not accepts(record_payload):
        raise ValueError("the bench's records do not fit the schema")


def _uuid7(at: datetime, drawn: random.Random) -> str:
    bits = int(at.timestamp() * 1000) << 80 | drawn.getrandbits(80)
    bits = bits & ~(0xF << 76) | 0x7 << 76
    bits = bits & ~(0x3 << 62) | 0x2 << 62
    digits = f"{bits:032x}"
    return "-".join(
        (digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:])
    )
