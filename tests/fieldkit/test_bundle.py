"""The bundle on a USB stick: whole or not there, and for the server's eyes only."""

import hashlib
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from journeys.field_device import FieldDevice
from journeys.memory_server import NOW, MemoryServer, key_of

from fieldkit.bundle import Bundled, BundleFileUnusable, contents_of, write_bundle
from fieldkit.exit_codes import ExitCode
from fieldkit.link.transport import LinkDown
from fieldkit.outbox import open_outbox
from fieldkit.photos import PhotoStore
from sync.bundle import BundleManifest, BundleReader, entry_names
from sync.errors import BundleUnreadable
from sync.keys import SigningKey

PHOTO = bytes(range(256)) * 1500
OTHER_PHOTO = b"\xff\xd8\xff" + b"orange" * 50


@pytest.fixture
def server() -> MemoryServer:
    return MemoryServer()


@pytest.fixture
def device(server: MemoryServer, tmp_path: Path) -> FieldDevice:
    device = FieldDevice(tmp_path / "device", server.open)
    device.enrol(server, server.issue())
    return device


def bundled(device: FieldDevice, path: Path, *, everything: bool = False) -> Bundled:
    with open_outbox(device.home) as outbox:
        identity = outbox.require_identity()
        contents = contents_of(outbox, identity, everything=everything)
    return write_bundle(path, contents, PhotoStore(device.home.photos_path), NOW)


class Opened:
    """A bundle as the server sees it."""

    def __init__(self, archive: zipfile.ZipFile, key: SigningKey) -> None:
        self._archive = archive
        self._reader = BundleReader(key)
        self.manifest: BundleManifest = self._reader.manifest(
            archive.read("bundle.jwe")
        )

    @property
    def records(self) -> list[str]:
        return [
            compact
            for number in range(self.manifest.record_entries)
            for compact in self._reader.records(
                number, self._archive.read(f"records/{number:06d}.jwe")
            )
        ]

    @property
    def photos(self) -> set[bytes]:
        names = self._archive.namelist()
        return {
            b"".join(
                self._reader.blob_part(blob, number, self._archive.read(name))
                for number, name in enumerate(
                    sorted(name for name in names if blob.sha256 in name)
                )
            )
            for blob in self.manifest.blobs
        }


@contextmanager
def opened(path: Path, key: SigningKey) -> Iterator[Opened]:
    with zipfile.ZipFile(path) as archive:
        yield Opened(archive, key)


def test_a_bundle_holds_every_unsent_record_with_its_photographs(
    server: MemoryServer, device: FieldDevice, tmp_path: Path
) -> None:
    """Lesson 14 (Kobo, SMART): no network for weeks, or a broken screen."""
    sent = device.record(OTHER_PHOTO)
    device.sync()
    first, second = device.record(PHOTO, OTHER_PHOTO), device.record()
    written = bundled(device, tmp_path / "stick.gi")
    assert (written.record_count, written.photo_count) == (2, 1)
    records = device.records
    with opened(written.path, server.key) as bundle:
        assert bundle.records == [records[first].compact, records[second].compact]
        assert records[sent].compact not in bundle.records
        assert bundle.photos == {PHOTO}
        assert bundle.manifest.record_count == 2
        with zipfile.ZipFile(written.path) as archive:
            assert sorted(archive.namelist()) == sorted(entry_names(bundle.manifest))


def test_a_bundle_of_everything_holds_what_was_delivered_too(
    server: MemoryServer, device: FieldDevice, tmp_path: Path
) -> None:
    """Lesson 10: for a server that lost what it had."""
    device.record(PHOTO)
    device.sync()
    assert bundled(device, tmp_path / "none.gi").record_count == 0
    written = bundled(device, tmp_path / "all.gi", everything=True)
    assert (written.record_count, written.photo_count) == (1, 1)


def test_a_photograph_whose_record_arrived_goes_by_bundle_alone(
    server: MemoryServer, device: FieldDevice, tmp_path: Path
) -> None:
    record = device.record(PHOTO)

    def no_link_for_photos(name: str) -> None:
        if name == "blob":
            raise LinkDown("cut")

    server.before = no_link_for_photos
    device.sync()
    assert device.states == {record: "delivered"}
    written = bundled(device, tmp_path / "stick.gi")
    assert (written.record_count, written.photo_count) == (0, 1)


def test_nobody_but_the_server_opens_a_bundle(
    device: FieldDevice, tmp_path: Path
) -> None:
    device.record(PHOTO, note="当事人姓名")
    path = bundled(device, tmp_path / "stick.gi").path
    with (
        pytest.raises(BundleUnreadable),
        opened(path, key_of("whoever finds the stick")),
    ):
        pass
    with zipfile.ZipFile(path) as archive:
        inside = b"".join(archive.read(name) for name in archive.namelist())
    assert PHOTO[:1000] not in inside
    assert "当事人".encode() not in inside


def test_a_photo_missing_on_disk_is_named_and_the_rest_goes(
    server: MemoryServer, device: FieldDevice, tmp_path: Path
) -> None:
    device.record(PHOTO, OTHER_PHOTO)
    device.lose_photo(PHOTO)
    written = bundled(device, tmp_path / "stick.gi")
    assert written.missing == (hashlib.sha256(PHOTO).hexdigest(),)
    with opened(written.path, server.key) as bundle:
        assert bundle.photos == {OTHER_PHOTO}
        assert len(bundle.records) == 1


def test_bundling_changes_nothing_on_the_device(
    server: MemoryServer, device: FieldDevice, tmp_path: Path
) -> None:
    record = device.record(PHOTO)
    bundled(device, tmp_path / "stick.gi")
    assert device.states == {record: "sealed"}
    assert device.sync().outcomes == {"stored": 1}


def test_a_stick_that_cannot_be_written_is_told_in_words(
    device: FieldDevice, tmp_path: Path
) -> None:
    device.record()
    with pytest.raises(BundleFileUnusable) as refusal:
        bundled(device, tmp_path / "no such stick" / "stick.gi")
    assert "stick.gi" in refusal.value.message.zh


class PulledOut:
    """Photographs on a disk that fails while it is read."""

    def read(self, sha256: str) -> bytes:
        raise OSError(5, "Input/output error")


def test_a_bundle_replaces_an_older_one_only_when_it_is_whole(
    device: FieldDevice, tmp_path: Path
) -> None:
    device.record(PHOTO)
    path = bundled(device, tmp_path / "stick.gi").path
    before = path.read_bytes()
    with open_outbox(device.home) as outbox:
        contents = contents_of(outbox, outbox.require_identity())
    with pytest.raises(BundleFileUnusable):
        write_bundle(path, contents, PulledOut(), NOW)
    assert path.read_bytes() == before
    assert list(tmp_path.glob(".*")) == []


def test_the_command_says_what_it_wrote(
    fieldkit: Callable[..., Any], tmp_path: Path
) -> None:
    stick = tmp_path / "stick.gi"
    empty = fieldkit("bundle", str(stick))
    assert empty.returncode == ExitCode.DONE
    assert "nothing is unsent" in empty.stderr
    assert not stick.exists()
    minimal = (
        '{"site": {"premises_type": "shop", "fix": null, "no_fix_reason": "indoors"},'
        ' "violations": [{"code": "NV-000"}]}'
    )
    assert fieldkit("record", "--from", "-", stdin=minimal).returncode == ExitCode.DONE
    done = fieldkit("bundle", str(stick))
    assert done.returncode == ExitCode.DONE, done.stderr
    assert "1 records, 0 photographs" in done.stdout
    assert zipfile.is_zipfile(stick)
