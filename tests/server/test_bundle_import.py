"""A USB bundle goes in by the same path: once, whole, and for this server only."""

import hashlib
import zipfile
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from bureau_rig import device_key
from campaign import Sender

from server.blob_files import blob_path
from server.bundle_import import BundleRefused, Imported, import_bundle
from server.bureau import Bureau
from server.database import reading
from server.tables import record
from server.tally.query import TallyQuery
from server.tally.tally import take_tally
from server.verify.verify import verify
from sync.bundle import BundleBlob, BundleManifest, BundleWriter
from sync.parts import part_count, part_range

PHOTO = bytes(range(256)) * 1500


def quiet(_step: str, _done: int, _total: int | None) -> None:
    pass


def blob_of(data: bytes) -> dict[str, Any]:
    digest = hashlib.sha256(data).hexdigest()
    return {"sha256": digest, "bytes": len(data), "media_type": "image/jpeg"}


def photographed(sender: Sender, data: bytes = PHOTO) -> None:
    sender.observe()
    body = sender_body(sender)
    blob = blob_of(data)
    item = {"id": "e1", "kind": "electronic_data", "file_name": "photo1.jpg"}
    item["captured_at"] = "2023-12-02T10:21:30+08:00"
    sender.seal("observation", body | {"evidence": [item | blob]}, blobs=[blob])


def sender_body(sender: Sender) -> dict[str, Any]:
    from sync.record import open_record

    payload = open_record(sender.sealed[-1].compact).payload
    assert payload is not None
    return dict(payload["body"])


def written(
    path: Path,
    sender: Sender,
    *photos: bytes,
    writer: BundleWriter | None = None,
    leave_out: str = "",
) -> Path:
    """Write what the device's software writes, or leave an entry out."""
    writer = writer or BundleWriter(sender.bureau.key.public_jwk)
    blobs = tuple(BundleBlob(**blob_of(photo)) for photo in photos)
    compacts = [sealed.compact for sealed in sender.sealed]
    entries = [writer.records(n, compacts[n : n + 1]) for n in range(len(compacts))]
    for blob, photo in zip(blobs, photos, strict=True):
        for number in range(part_count(len(photo))):
            start, stop = part_range(number, len(photo))
            entries.append(writer.blob_part(blob, number, photo[start:stop]))
    manifest = BundleManifest(
        sender.device_id,
        sender.certificate,
        "2023-12-02T02:20:00.000Z",
        len(compacts),
        len(compacts),
        blobs,
    )
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in [*entries, writer.manifest(manifest)]:
            if not leave_out or leave_out not in name:
                archive.writestr(name, data)
    return path


def outcomes(found: Imported) -> dict[str, int]:
    return dict(found.outcomes)


@pytest.fixture
def sender(any_bureau: Bureau) -> Sender:
    sender = Sender.enrol(any_bureau, 1, "360734")
    photographed(sender)
    return sender


def test_records_and_photographs_come_in_and_count(
    any_bureau: Bureau, sender: Sender, tmp_path: Path
) -> None:
    """Lesson 14: no network for weeks, or a broken screen."""
    told: list[tuple[object, ...]] = []
    path = written(tmp_path / "b.zip", sender, PHOTO)
    found = import_bundle(any_bureau, path, lambda *step: told.append(step))
    assert outcomes(found) == {"stored": 2}
    assert (found.photographs_complete, found.faults) == (1, [])
    assert ("records", 2, 2) in told
    digest = blob_of(PHOTO)["sha256"]
    kept = blob_path(any_bureau.settings.blobs_folder, digest)
    assert kept.read_bytes() == PHOTO
    report = verify(any_bureau, quiet)
    assert report.faults == []
    assert report.checked["photographs"] == 1


def test_a_bundle_twice_and_a_sync_before_change_nothing(
    any_bureau: Bureau, sender: Sender, tmp_path: Path
) -> None:
    """Lesson 1: a repeat returns the original receipt."""
    path = written(tmp_path / "b.zip", sender, PHOTO)
    sender.push(sender.sealed[0])
    assert outcomes(import_bundle(any_bureau, path, quiet)) == {
        "replayed": 1,
        "stored": 1,
    }
    again = import_bundle(any_bureau, path, quiet)
    assert outcomes(again) == {"replayed": 2}
    assert again.photographs_complete == 1
    with reading(any_bureau.engine) as connection:
        assert take_tally(connection, TallyQuery()).total["observations"] == 2


def test_a_missing_entry_is_named_and_the_rest_comes_in(
    any_bureau: Bureau, sender: Sender, tmp_path: Path
) -> None:
    path = written(tmp_path / "b.zip", sender, PHOTO, leave_out="records/000000")
    found = import_bundle(any_bureau, path, quiet)
    assert outcomes(found) == {"stored": 1}
    assert "records/000000" in found.faults[0]
    whole = written(tmp_path / "c.zip", sender, PHOTO)
    assert outcomes(import_bundle(any_bureau, whole, quiet)) == {
        "stored": 1,
        "replayed": 1,
    }


def test_a_missing_part_leaves_the_photograph_to_come(
    any_bureau: Bureau, sender: Sender, tmp_path: Path
) -> None:
    """Lesson 19: parts that came stay, and the next import goes on from there."""
    path = written(tmp_path / "b.zip", sender, PHOTO, leave_out="/000001.jwe")
    # Of the records it is entry 1, too; the photograph is named by that one.
    assert outcomes(import_bundle(any_bureau, path, quiet)) == {"stored": 1}
    sender.push()
    partly = import_bundle(any_bureau, path, quiet)
    assert partly.photographs_complete == 0
    assert any("000001" in fault for fault in partly.faults)
    whole = written(tmp_path / "c.zip", sender, PHOTO)
    assert import_bundle(any_bureau, whole, quiet).photographs_complete == 1


def test_a_photograph_with_other_bytes_is_not_taken(
    any_bureau: Bureau, sender: Sender, tmp_path: Path
) -> None:
    forged = bytes(len(PHOTO))
    path = written(tmp_path / "b.zip", sender, PHOTO)
    writer = BundleWriter(any_bureau.key.public_jwk)
    blob = BundleBlob(**blob_of(PHOTO))
    parts = []
    for number in range(part_count(len(forged))):
        start, stop = part_range(number, len(forged))
        parts.append(writer.blob_part(blob, number, forged[start:stop]))
    with zipfile.ZipFile(path) as archive:
        kept = {name: archive.read(name) for name in archive.namelist()}
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in (kept | dict(parts)).items():
            archive.writestr(name, data)
    found = import_bundle(any_bureau, path, quiet)
    assert found.photographs_complete == 0
    assert len(found.faults) == 1
    assert not blob_path(any_bureau.settings.blobs_folder, blob.sha256).exists()


def test_a_photograph_that_no_record_names_is_not_taken(
    any_bureau: Bureau, sender: Sender, tmp_path: Path
) -> None:
    path = written(tmp_path / "b.zip", sender, PHOTO, b"somebody's holiday" * 99)
    found = import_bundle(any_bureau, path, quiet)
    assert (found.photographs, found.photographs_complete) == (2, 1)
    assert len(found.faults) == 1


def test_a_bundle_for_another_server_or_none_at_all_is_refused(
    any_bureau: Bureau, sender: Sender, tmp_path: Path
) -> None:
    other = BundleWriter(device_key(77).public_jwk)
    foreign = written(tmp_path / "foreign.zip", sender, writer=other)
    cut = tmp_path / "cut.zip"
    cut.write_bytes(written(tmp_path / "b.zip", sender).read_bytes()[:-30])
    text = tmp_path / "text.zip"
    text.write_text("not a bundle")
    for path in (foreign, cut, text, tmp_path / "nothing.zip"):
        with pytest.raises(BundleRefused) as refused:
            import_bundle(any_bureau, path, quiet)
        assert refused.value.code == "bundle-unreadable"
    with reading(any_bureau.engine) as connection:
        assert connection.scalar(sa.select(sa.func.count()).select_from(record)) == 0


def test_a_bundle_of_a_device_that_a_restore_forgot_waits_for_an_official(
    any_bureau: Bureau, sender: Sender, tmp_path: Path
) -> None:
    """Enrolled after the backup: only the certificate in the bundle vouches for it."""
    path = written(tmp_path / "b.zip", sender, PHOTO)
    with any_bureau.engine.begin() as connection:
        connection.execute(sa.text("DELETE FROM enrolment_code"))
        connection.execute(sa.text("DELETE FROM device"))
    found = import_bundle(any_bureau, path, quiet)
    assert outcomes(found) == {"quarantined": 2}
    assert found.photographs_complete == 1


@pytest.mark.parametrize("offset", [6, 8])
def test_an_entry_that_the_zip_cannot_open_is_refused_in_words(
    any_bureau: Bureau, sender: Sender, tmp_path: Path, offset: int
) -> None:
    """Marked as encrypted, or as packed by a method that nobody has."""
    path = written(tmp_path / "b.zip", sender)
    data = bytearray(path.read_bytes())
    for signature, at in ((b"PK\x03\x04", offset), (b"PK\x01\x02", offset + 2)):
        start = -1
        while (start := data.find(signature, start + 1)) >= 0:
            data[start + at] |= 1 if offset == 6 else 99
    path.write_bytes(data)
    with pytest.raises(BundleRefused) as refused:
        import_bundle(any_bureau, path, quiet)
    assert refused.value.code == "bundle-unreadable"
