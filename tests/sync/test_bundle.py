"""A bundle on a USB stick: only the server opens it, and only whole and unaltered."""

import hashlib
import json

import pytest
from contract.sealing import Device, key_of

from sync.bundle import (
    BUNDLE_VERSION,
    MANIFEST_NAME,
    BundleBlob,
    BundleManifest,
    BundleReader,
    BundleWriter,
    blob_part_name,
    entry_names,
    require_blob,
)
from sync.errors import BundleUnreadable, UnsupportedKey
from sync.keys import SigningKey
from sync.parts import PART_BYTES, part_count, part_range

SERVER = key_of("server")
PHOTO = b"".join(number.to_bytes(4, "big") for number in range(75_000))
BLOB = BundleBlob(hashlib.sha256(PHOTO).hexdigest(), len(PHOTO), "image/jpeg")
MANIFEST = BundleManifest(
    "d1", "certificate", "2023-12-03T08:00:00.000Z", 501, 2, (BLOB,)
)


@pytest.fixture
def writer() -> BundleWriter:
    return BundleWriter(SERVER.public_jwk)


@pytest.fixture
def reader() -> BundleReader:
    return BundleReader(SERVER)


def test_records_come_out_as_they_went_in(
    writer: BundleWriter, reader: BundleReader
) -> None:
    device = Device("d1")
    compacts = [device.observe().compact for _ in range(3)]
    _, entry = writer.records(0, compacts)
    assert reader.records(0, entry) == compacts
    assert compacts[0].encode() not in entry


def test_the_manifest_names_every_entry(
    writer: BundleWriter, reader: BundleReader
) -> None:
    _, entry = writer.manifest(MANIFEST)
    opened = reader.manifest(entry)
    assert opened == MANIFEST
    assert list(entry_names(opened)) == [
        MANIFEST_NAME,
        "records/000000.jwe",
        "records/000001.jwe",
        *(blob_part_name(BLOB.sha256, n) for n in range(part_count(BLOB.bytes))),
    ]


def test_a_photograph_travels_in_parts(
    writer: BundleWriter, reader: BundleReader
) -> None:
    parts = []
    for number in range(part_count(BLOB.bytes)):
        start, stop = part_range(number, BLOB.bytes)
        _, entry = writer.blob_part(BLOB, number, PHOTO[start:stop])
        parts.append(reader.blob_part(BLOB, number, entry))
    assert len(parts[0]) == PART_BYTES
    assert require_blob(BLOB, parts) == PHOTO
    with pytest.raises(BundleUnreadable):
        require_blob(BLOB, parts[::-1])


def test_another_server_cannot_open_it(writer: BundleWriter) -> None:
    _, entry = writer.manifest(MANIFEST)
    with pytest.raises(BundleUnreadable):
        BundleReader(key_of("another server")).manifest(entry)


def test_an_altered_entry_is_not_read(
    writer: BundleWriter, reader: BundleReader
) -> None:
    _, entry = writer.records(0, ["a.b.c"])
    for altered in (entry[:-2] + b"AA", entry[:40], b"", b"a.b.c.d.e", b"\xff" * 9):
        with pytest.raises(BundleUnreadable):
            reader.records(0, altered)


def test_entries_cannot_change_places(
    writer: BundleWriter, reader: BundleReader
) -> None:
    _, entry = writer.records(0, ["a.b.c"])
    with pytest.raises(BundleUnreadable, match="another name"):
        reader.records(1, entry)
    with pytest.raises(BundleUnreadable):
        reader.manifest(entry)


def test_a_part_of_another_size_is_not_taken(
    writer: BundleWriter, reader: BundleReader
) -> None:
    _, entry = writer.blob_part(BLOB, 0, b"short")
    with pytest.raises(BundleUnreadable, match="5 bytes"):
        reader.blob_part(BLOB, 0, entry)


def test_a_manifest_of_another_version_is_not_read(
    writer: BundleWriter, reader: BundleReader
) -> None:
    for document in (b'{"v":2}', b'{"v":1}', b"[]", b"\xff"):
        with pytest.raises(BundleUnreadable):
            reader.manifest(writer.encrypt(MANIFEST_NAME, document))


def test_the_server_key_must_be_on_p256() -> None:
    key = SigningKey.from_random(b"x" * 48, "EdDSA")
    with pytest.raises(UnsupportedKey):
        BundleWriter(key.public_jwk)
    with pytest.raises(UnsupportedKey):
        BundleReader(key)


def manifest_entry(writer: BundleWriter, **changed: object) -> bytes:
    """A manifest as somebody else's software could write it."""
    blob = {"sha256": BLOB.sha256, "bytes": BLOB.bytes, "media_type": "image/jpeg"}
    document = {
        "v": BUNDLE_VERSION,
        "device_id": "d1",
        "certificate": "certificate",
        "created_at": "2023-12-03T08:00:00.000Z",
        "record_count": 1,
        "record_entries": 1,
        "blobs": [blob],
    }
    return writer.encrypt(MANIFEST_NAME, json.dumps(document | changed).encode())


@pytest.mark.parametrize(
    "changed",
    [
        {"device_id": "\x1b]0;owned\x07"},
        {"device_id": "../../keys"},
        {"record_entries": 10**18},
        {"record_entries": -1},
        {"record_entries": float("1e300")},
        {"blobs": [{"sha256": "../x", "bytes": 1, "media_type": "image/jpeg"}]},
        {"blobs": [{"sha256": "\x1b[2J", "bytes": 1, "media_type": "image/jpeg"}]},
        {"blobs": [{"sha256": BLOB.sha256, "bytes": -1, "media_type": ""}]},
        {"blobs": [{"sha256": BLOB.sha256, "bytes": 10**18, "media_type": ""}]},
    ],
)
def test_a_manifest_says_nothing_that_could_mislead_or_never_end(
    writer: BundleWriter, reader: BundleReader, changed: dict[str, object]
) -> None:
    """Whoever has the server's public key can write one, and it is on a USB stick."""
    assert reader.manifest(manifest_entry(writer)).record_count == 1
    with pytest.raises(BundleUnreadable):
        reader.manifest(manifest_entry(writer, **changed))


def test_a_number_beyond_any_float_is_no_manifest(
    writer: BundleWriter, reader: BundleReader
) -> None:
    entry = writer.encrypt(MANIFEST_NAME, b'{"v": 1, "record_count": 1e999}')
    with pytest.raises(BundleUnreadable):
        reader.manifest(entry)


def test_a_part_that_the_photograph_does_not_have_is_not_taken(
    writer: BundleWriter, reader: BundleReader
) -> None:
    last = part_count(BLOB.bytes)
    name = blob_part_name(BLOB.sha256, last)
    with pytest.raises(BundleUnreadable):
        reader.blob_part(BLOB, last, writer.encrypt(name, b"more"))
