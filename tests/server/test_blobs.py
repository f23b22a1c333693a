"""Photographs: in parts, by hash, durable before the receipt, never changed."""

import hashlib
import random
import subprocess
import sys
from dataclasses import replace

import pytest
from bureau_rig import Clock, Device, problem_of
from campaign import verified
from werkzeug.test import TestResponse

from server.blob_files import blob_path
from server.bureau import Bureau
from sync.parts import PART_BYTES, part_count, part_range
from sync.receipt import open_blob_receipt

PHOTO = random.Random(20231202).randbytes(2 * PART_BYTES + 12_345)


def digest(photo: bytes) -> str:
    return hashlib.sha256(photo).hexdigest()


def part(photo: bytes, number: int) -> bytes:
    start, end = part_range(number, len(photo))
    return photo[start:end]


def state(tablet: Device, photo: bytes) -> TestResponse:
    return tablet.get(f"/api/v1/blobs/{digest(photo)}")


def upload(tablet: Device, photo: bytes) -> TestResponse:
    for number in range(part_count(len(photo))):
        reply = tablet.put_part(digest(photo), number, part(photo, number))
        assert reply.status_code == 200, reply.text
    return reply


def events(tablet: Device) -> list[str]:
    page = tablet.get("/api/v1/records/status").get_json()
    return [event["status"] for event in page["events"]]


def test_a_photograph_arrives_in_parts_and_gets_a_receipt(
    any_tablet: Device,
) -> None:
    """Lesson 19: records first, then photographs in resumable parts."""
    tablet = any_tablet
    tablet.push(tablet.seal(PHOTO))
    first = state(tablet, PHOTO).get_json()
    assert first == {
        "sha256": digest(PHOTO),
        "bytes": len(PHOTO),
        "part_bytes": PART_BYTES,
        "missing": [0, 1, 2],
        "state": "partial",
        "receipt": None,
    }
    last = upload(tablet, PHOTO).get_json()
    assert (last["state"], last["missing"]) == ("complete", [])
    receipt = open_blob_receipt(
        last["receipt"], tablet.bureau.key.verifying_key, tablet.id
    )
    assert (receipt.sha256, receipt.bytes) == (digest(PHOTO), len(PHOTO))
    folder = tablet.bureau.settings.blobs_folder
    assert blob_path(folder, digest(PHOTO)).read_bytes() == PHOTO
    assert not list((folder / "parts").glob("*/*/*"))


def test_parts_come_in_any_order_and_any_number_of_times(tablet: Device) -> None:
    tablet.push(tablet.seal(PHOTO))
    for number in (2, 0, 2, 0):
        reply = tablet.put_part(digest(PHOTO), number, part(PHOTO, number))
    assert reply.get_json()["missing"] == [1]
    done = tablet.put_part(digest(PHOTO), 1, part(PHOTO, 1)).get_json()
    again = tablet.put_part(digest(PHOTO), 1, part(PHOTO, 1)).get_json()
    assert done["state"] == again["state"] == "complete"


def test_only_what_a_kept_record_of_the_device_names_is_taken(
    tablet: Device,
) -> None:
    for reply in (
        state(tablet, PHOTO),
        tablet.put_part(digest(PHOTO), 0, part(PHOTO, 0)),
    ):
        assert reply.status_code == 404
        assert problem_of(reply) == "blob-not-named"


def test_what_another_device_named_is_not_ours_to_upload(
    tablet: Device, bureau: Bureau
) -> None:
    other = Device.enrol(tablet.http, bureau, number=2)
    other.push(other.seal(PHOTO))
    assert problem_of(state(tablet, PHOTO)) == "blob-not-named"


def named_smaller(photo: bytes) -> dict[str, list[dict[str, object]]]:
    """What a record says that names a photograph with another size than it has."""
    blob = {"sha256": digest(photo), "bytes": 77, "media_type": "image/jpeg"}
    taken = {"captured_at": "2023-12-02T10:20:00+08:00", "file_name": "a.jpg"}
    taken |= {"kind": "electronic_data"}
    return {"blobs": [blob], "evidence": [{"id": "e1", **taken, **blob}]}


def test_no_receipt_confirms_a_size_that_the_photograph_has_not(
    any_tablet: Device, any_bureau: Bureau
) -> None:
    any_tablet.push(any_tablet.seal(PHOTO))
    upload(any_tablet, PHOTO)
    other = Device.enrol(any_tablet.http, any_bureau, number=2)
    pushed = other.push(other.seal(**named_smaller(PHOTO))).get_json()
    assert [item["outcome"] for item in pushed["items"]] == ["stored"]
    for reply in (state(other, PHOTO), other.put_part(digest(PHOTO), 0, b"x" * 77)):
        assert problem_of(reply) == "blob-size"
    report = verified(any_bureau)
    assert report.faults == []
    assert report.notes["photographs of another size"] == 1


def test_a_record_that_names_another_size_is_not_told_to_be_complete(
    tablet: Device, bureau: Bureau
) -> None:
    other = Device.enrol(tablet.http, bureau, number=2)
    other.push(other.seal(**named_smaller(PHOTO)))
    tablet.push(tablet.seal(PHOTO))
    upload(tablet, PHOTO)
    assert events(tablet) == ["photos-complete"]
    assert events(other) == []


@pytest.mark.parametrize(
    ("number", "length", "code"),
    [
        (0, PART_BYTES - 1, "part-size"),
        (2, PART_BYTES, "part-size"),
        (3, 1, "part-unknown"),
        (10**12, 1, "part-unknown"),
        (0, PART_BYTES + 1, "body-too-large"),
        (0, 0, "part-size"),
    ],
)
def test_nothing_beyond_the_named_size_is_taken(
    tablet: Device, number: int, length: int, code: str
) -> None:
    tablet.push(tablet.seal(PHOTO))
    reply = tablet.put_part(digest(PHOTO), number, b"x" * length)
    assert problem_of(reply) == code
    assert state(tablet, PHOTO).get_json()["missing"] == [0, 1, 2]


def test_a_wrong_hash_drops_the_parts_and_asks_for_all_again(
    tablet: Device,
) -> None:
    tablet.push(tablet.seal(PHOTO))
    tablet.put_part(digest(PHOTO), 0, part(PHOTO, 0))
    tablet.put_part(digest(PHOTO), 1, bytes(PART_BYTES))
    spoiled = tablet.put_part(digest(PHOTO), 2, part(PHOTO, 2))
    assert spoiled.status_code == 200
    assert spoiled.get_json()["missing"] == [0, 1, 2]
    assert spoiled.get_json()["receipt"] is None
    assert not blob_path(tablet.bureau.settings.blobs_folder, digest(PHOTO)).exists()
    assert upload(tablet, PHOTO).get_json()["state"] == "complete"


def test_one_device_cannot_spoil_the_parts_of_another(
    tablet: Device, bureau: Bureau
) -> None:
    other = Device.enrol(tablet.http, bureau, number=2)
    for device in (tablet, other):
        device.push(device.seal(PHOTO))
    other.put_part(digest(PHOTO), 0, bytes(PART_BYTES))
    assert state(tablet, PHOTO).get_json()["missing"] == [0, 1, 2]
    assert upload(tablet, PHOTO).get_json()["state"] == "complete"


def test_the_same_photograph_is_uploaded_once_and_each_device_gets_a_receipt(
    tablet: Device, bureau: Bureau
) -> None:
    """Lesson 17: stored by content hash."""
    other = Device.enrol(tablet.http, bureau, number=2)
    for device in (tablet, other):
        device.push(device.seal(PHOTO))
    upload(tablet, PHOTO)
    given = state(other, PHOTO).get_json()
    assert given["state"] == "complete"
    open_blob_receipt(given["receipt"], bureau.key.verifying_key, other.id)


def test_a_photograph_that_is_there_never_changes(tablet: Device) -> None:
    """Lesson 18 (central#793): an attachment is overwritten later."""
    tablet.push(tablet.seal(PHOTO))
    upload(tablet, PHOTO)
    path = blob_path(tablet.bureau.settings.blobs_folder, digest(PHOTO))
    reply = tablet.put_part(digest(PHOTO), 0, bytes(PART_BYTES))
    assert reply.get_json()["state"] == "complete"
    assert path.read_bytes() == PHOTO


def test_a_record_is_told_when_the_last_of_its_photographs_is_there(
    any_tablet: Device,
) -> None:
    """Lesson 16: two of three photographs are not three."""
    tablet = any_tablet
    photos = [bytes([n]) * 1000 for n in range(3)]
    tablet.push(tablet.seal(*photos), tablet.seal(photos[0]))
    upload(tablet, photos[0])
    assert events(tablet) == ["photos-complete"]
    upload(tablet, photos[1])
    assert events(tablet) == ["photos-complete"]
    upload(tablet, photos[2])
    assert events(tablet) == ["photos-complete"] * 2


def test_a_crash_before_the_photograph_was_sealed_loses_no_part(
    tablet: Device, clock: Clock
) -> None:
    """All parts on disk, and the process gone: the next question seals it."""
    tablet.push(tablet.seal(PHOTO))
    folder = tablet.bureau.settings.blobs_folder / "parts" / tablet.id / digest(PHOTO)
    folder.mkdir(parents=True)
    for number in range(3):
        (folder / str(number)).write_bytes(part(PHOTO, number))
    assert state(tablet, PHOTO).get_json()["state"] == "complete"


def test_a_part_cut_short_by_a_power_failure_is_asked_for_again(
    tablet: Device,
) -> None:
    tablet.push(tablet.seal(PHOTO))
    tablet.put_part(digest(PHOTO), 0, part(PHOTO, 0))
    parts = tablet.bureau.settings.blobs_folder / "parts" / tablet.id / digest(PHOTO)
    (parts / "0").write_bytes(b"")
    assert state(tablet, PHOTO).get_json()["missing"] == [0, 1, 2]


def test_a_photograph_lost_from_the_disk_is_asked_for_again(tablet: Device) -> None:
    tablet.push(tablet.seal(PHOTO))
    upload(tablet, PHOTO)
    blob_path(tablet.bureau.settings.blobs_folder, digest(PHOTO)).unlink()
    assert state(tablet, PHOTO).get_json()["missing"] == [0, 1, 2]
    assert upload(tablet, PHOTO).get_json()["state"] == "complete"


def test_a_part_is_sent_as_plain_bytes(tablet: Device) -> None:
    tablet.push(tablet.seal(PHOTO))
    path = f"/api/v1/blobs/{digest(PHOTO)}/parts/0"
    as_json = tablet.http.put(path, json={}, headers=tablet.bearer)
    assert problem_of(as_json) == "content-type"


def test_two_workers_may_finish_the_same_photograph(
    tablet: Device, bureau: Bureau
) -> None:
    """The parts are cleared away by one while the other puts them together."""
    script = (
        "import sys; from pathlib import Path;"
        "from server.blobs import blob_state; from server.bureau import Bureau;"
        "from server.database import open_engine;"
        "from server.keys import load_server_key; from server.settings import Settings;"
        "s = Settings(home=Path(sys.argv[1]), database_url=sys.argv[2]);"
        "b = Bureau(s, open_engine(s.database_url), load_server_key(s.keys_folder));"
        "print(blob_state(b, sys.argv[3], sys.argv[4]).receipt is not None)"
    )
    tablet.push(tablet.seal(PHOTO))
    settings = replace(bureau.settings)
    folder = settings.blobs_folder / "parts" / tablet.id / digest(PHOTO)
    folder.mkdir(parents=True)
    for number in range(3):
        (folder / str(number)).write_bytes(part(PHOTO, number))
    command = [sys.executable, "-c", script, str(settings.home)]
    command += [settings.database_url, tablet.id, digest(PHOTO)]
    workers = [
        subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(3)
    ]
    answers = [worker.communicate(timeout=60)[0].strip() for worker in workers]
    assert answers == ["True"] * 3
    assert events(tablet) == ["photos-complete"]
