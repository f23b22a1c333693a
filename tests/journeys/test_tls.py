"""A device syncs over TLS with a server whose authority it was given, and no other."""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from journeys.commanded import CommandedBureau, CommandedDevice

from fieldkit.exit_codes import ExitCode


@pytest.fixture
def bureau(kept_secure_home: Path, tmp_path: Path) -> Iterator[CommandedBureau]:
    bureau = CommandedBureau(shutil.copytree(kept_secure_home, tmp_path / "bureau"))
    bureau.start()
    assert bureau.scheme == "https"
    yield bureau
    bureau.kill()


@pytest.fixture
def device(tmp_path: Path) -> CommandedDevice:
    return CommandedDevice(tmp_path / "laptop")


@pytest.fixture
def authority(bureau: CommandedBureau) -> Path:
    return bureau.home / "keys" / "tls" / "authority.crt"


def enrol(bureau: CommandedBureau, device: CommandedDevice, *options: str) -> int:
    done = device.run("enrol", bureau.url, bureau.new_code(), *options)
    return done.returncode


def test_records_and_photographs_arrive_over_tls(
    bureau: CommandedBureau, device: CommandedDevice, authority: Path, tmp_path: Path
) -> None:
    photo = tmp_path / "orange.jpg"
    photo.write_bytes(b"\xff\xd8\xff\xe0 orange \xff\xd9" * 9000)
    assert enrol(bureau, device, "--ca", str(authority)) == 0
    made = device.record(photo)
    report = json.loads(device.do("sync", "--json"))
    assert report["outcomes"] == {"stored": 1}
    assert device.listed[made]["photos"]["delivered"] == 1
    assert bureau.total("observations") == 1


def test_without_its_authority_the_server_is_told_nothing(
    bureau: CommandedBureau, device: CommandedDevice
) -> None:
    code = bureau.new_code()
    refused = device.run("enrol", bureau.url, code)
    assert refused.returncode == ExitCode.PROTOCOL
    assert "fieldkit enrol --ca" in refused.stderr
    assert bureau.ask("device", "list", "--json") == {"devices": []}


def test_an_impostor_with_another_authority_gets_nothing(
    bureau: CommandedBureau, device: CommandedDevice, authority: Path
) -> None:
    """Enrolled once, the device believes its own authority alone."""
    assert enrol(bureau, device, "--ca", str(authority)) == 0
    device.record()
    folder = authority.parent
    folder.rename(folder.with_name("away"))
    bureau.do("tls", "init", "--name", "gi.xunwu.lan")
    bureau.stop()
    bureau.start()
    refused = device.run("sync")
    assert refused.returncode == ExitCode.PROTOCOL
    assert bureau.total("observations") == 0
    assert enrol(bureau, device, "--ca", str(authority)) == 0
    assert device.run("sync").returncode == 0
    assert bureau.total("observations") == 1


def test_a_renewed_certificate_needs_nothing_of_the_device(
    bureau: CommandedBureau, device: CommandedDevice, authority: Path
) -> None:
    assert enrol(bureau, device, "--ca", str(authority)) == 0
    bureau.do("tls", "renew", "--days", "30")
    device.record()
    assert device.run("sync").returncode == 0
