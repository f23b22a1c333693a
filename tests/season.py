"""A season's records on one laptop, each really sealed, put down in one transaction.

Saving them one by one would wait for the disk as many times.
"""

import hashlib
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import uuid6

from fieldkit.device import Device
from fieldkit.home import Home, open_home
from fieldkit.keys import PemKeyStore
from fieldkit.outbox import DeviceIdentity, open_outbox, sealing
from sync.keys import SigningKey
from sync.outbox_port import BlobRef, Head
from sync.record import Sealed, payload_of, seal

BEGINS_AT = datetime(2023, 12, 2, 2, 20, tzinfo=UTC)
CLOCK = {
    "boot_id": "season",
    "uptime_ms": 5_000,
    "offset_ms": None,
    "offset_source": "none",
}
DEVICE_ID = "018c0000-0000-7000-8000-00000000abcd"
PHOTOS_EACH = 2
PHOTO_BYTES = 2_400_000


def enrolled_home(path: Path) -> Home:
    """Return the folder of a device of 寻乌县 whose server is out of reach."""
    home = open_home(path)
    PemKeyStore(home).save(DEVICE_ID, SigningKey.from_random(b"season".ljust(48, b".")))
    server = SigningKey.from_random(b"server".ljust(48, b"."))
    identity = DeviceIdentity(
        device_id=DEVICE_ID,
        unit_code="360734",
        unit_name="寻乌县",
        officers=({"name": "甲某", "certificate_no": "36073400001"},),
        server_url="http://127.0.0.1:9",
        server_jwk=dict(server.public_jwk),
        certificate="certificate",
        epoch=1,
        enrolled_at="2023-11-01T00:00:00.000Z",
    )
    with open_outbox(home) as outbox:
        outbox.set_identity(identity)
    return home


def seal_season(device: Device, count: int) -> None:
    """Add so many records with photographs to the outbox, newest last.

    The photographs' files are not there: no list, count or search reads them.
    """
    outbox = device.outbox
    device_id = outbox.require_identity().device_id
    key = PemKeyStore(device.home).load(device_id)
    head = outbox.head()
    with outbox._writing() as connection:
        for _ in range(count):
            sealed, photos = _sealed(key, device_id, head)
            number = _record_no(sealed.seq)
            sealing.append(
                connection, sealed, head, photos, record_no=number, amendment_of=None
            )
            head = Head(sealed.seq, sealed.hash)


def _record_no(seq: int) -> str:
    return f"360734-2023-abcd-{seq:06d}"


def _sealed(
    key: SigningKey, device_id: str, head: Head
) -> tuple[Sealed, list[BlobRef]]:
    seq = head.seq + 1
    photos = [_photo(seq, number) for number in range(PHOTOS_EACH)]
    payload = payload_of(
        id=str(uuid6.uuid7()),
        device_id=device_id,
        seq=seq,
        prev=head.hash,
        kind="observation",
        amends=None,
        sealed_at=BEGINS_AT + timedelta(minutes=seq),
        clock=CLOCK,
        body=_body(seq, photos),
        blobs=[photo._asdict() for photo in photos],
    )
    return seal(key, payload), photos


def _photo(seq: int, number: int) -> BlobRef:
    sha256 = hashlib.sha256(f"{seq}/{number}".encode()).hexdigest()
    return BlobRef(sha256, PHOTO_BYTES, "image/jpeg")


def _body(seq: int, photos: list[BlobRef]) -> dict[str, Any]:
    return {
        "record_no": _record_no(seq),
        "observed_at": "2023-12-02T10:20:00+08:00",
        "site": {
            "premises_type": "shop",
            "name": f"果品店 {seq}",
            "fix": None,
            "no_fix_reason": "室内",
        },
        "goods": [{"id": "g1", "product": "gannan-navel-orange"}],
        "violations": [{"id": "v1", "code": "TM-202", "goods": ["g1"]}],
        "evidence": [
            {"id": f"e{number}", "file_name": f"{number}.jpg", "sha256": photo.sha256}
            for number, photo in enumerate(photos, 1)
        ],
    }
