"""A laptop that works no more: the bureau takes in what its folder still holds."""

import hashlib
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from journeys.commanded import CommandedBureau, CommandedDevice
from journeys.field_device import FieldDevice
from journeys.served import ServedBureau

from fieldkit.exit_codes import ExitCode
from server.broken_device import take_in_folder
from server.bundle_import import BundleRefused, Imported

PHOTO = b"\xff\xd8\xff" + b"oranges in crates" * 9000


def taken_in(served: ServedBureau, folder: Path) -> Imported:
    (found,) = take_in_folder(served.bureau, folder, lambda *_progress: None)
    return found


def contents(folder: Path) -> dict[str, str]:
    return {
        str(file.relative_to(folder)): hashlib.sha256(file.read_bytes()).hexdigest()
        for file in folder.rglob("*")
        if file.is_file()
    }


@pytest.fixture
def broken(tablet: FieldDevice, tmp_path: Path) -> Path:
    """Its folder without its device key: one record was sent, two were not."""
    tablet.record()
    tablet.sync()
    tablet.record(PHOTO)
    tablet.amend(tablet.record())
    copy = tmp_path / "copy"
    shutil.copytree(tablet.home.path, copy)
    shutil.rmtree(copy / "keys")
    return copy


def test_the_bureau_takes_in_what_a_broken_device_still_holds(
    served: ServedBureau, broken: Path
) -> None:
    found = taken_in(served, broken)
    assert found.outcomes == {"replayed": 1, "stored": 3}
    assert (found.photographs, found.photographs_complete) == (1, 1)
    assert found.faults == []


def test_taking_it_in_twice_changes_nothing_and_the_folder_is_only_read(
    served: ServedBureau, broken: Path
) -> None:
    before = contents(broken)
    taken_in(served, broken)
    again = taken_in(served, broken)
    assert again.outcomes == {"replayed": 4}
    assert again.photographs_complete == 1
    assert contents(broken) == before


def test_what_was_altered_is_named_and_the_rest_comes_in(
    served: ServedBureau, tablet: FieldDevice, broken: Path
) -> None:
    sha256 = hashlib.sha256(PHOTO).hexdigest()
    place = broken / "photos" / sha256[:2] / sha256
    place.chmod(0o600)
    place.write_bytes(place.read_bytes()[:-1] + b"?")
    found = taken_in(served, broken)
    assert found.outcomes == {"replayed": 1, "stored": 3}
    assert found.photographs_complete == 0
    assert [fault[:64] for fault in found.faults] == [sha256]


def test_a_key_damaged_in_one_place_is_taken_from_the_other(
    served: ServedBureau, tablet: FieldDevice, broken: Path
) -> None:
    shutil.copytree(tablet.home.keys_path, broken / "keys")
    with closing(sqlite3.connect(broken / "outbox.sqlite3")) as connection:
        connection.execute("UPDATE store_key SET wrapped = '{'")
        connection.commit()
    found = taken_in(served, broken)
    assert found.faults == []
    assert found.outcomes == {"replayed": 1, "stored": 3}


def test_a_photograph_of_a_capture_broken_off_after_the_seal_comes_too(
    served: ServedBureau, broken: Path
) -> None:
    sha256 = hashlib.sha256(PHOTO).hexdigest()
    place = broken / "photos" / sha256[:2] / sha256
    place.rename(broken / "photos" / "incoming" / f"{sha256}.0011")
    found = taken_in(served, broken)
    assert (found.photographs_complete, found.faults) == (1, [])


def test_another_bureaus_key_opens_nothing_and_each_record_is_named(
    broken: Path, tmp_path: Path
) -> None:
    with ServedBureau(tmp_path / "elsewhere") as elsewhere:
        found = taken_in(elsewhere, broken)
        assert elsewhere.held == []
    assert found.items == []
    assert len(found.faults) > 4


def test_a_forgotten_passphrase_costs_the_bureau_nothing(
    commanded_bureau: CommandedBureau, tmp_path: Path
) -> None:
    """By the commands: enrol, protect, forget, recover, and begin anew."""
    bureau = commanded_bureau
    file = tmp_path / "passphrase"
    file.write_text("forgotten before long")
    device = CommandedDevice(tmp_path / "laptop")
    device.do("enrol", bureau.url, bureau.new_code())
    device.do("protect", "passphrase", "--new-passphrase-file", str(file))
    device.environ["FIELDKIT_PASSPHRASE_FILE"] = str(file)
    record = device.record()
    del device.environ["FIELDKIT_PASSPHRASE_FILE"]
    assert device.run("sync").returncode == ExitCode.LOCKED

    told = bureau.ask("device", "recover", str(device.home), "--json")
    (found,) = told["devices"]
    assert [item["id"] for item in found["items"]] == [record]
    device.do("protect", "--anew")
    device.do("enrol", bureau.url, bureau.new_code())
    device.record()
    # The old record is named: only the bureau can open it, and it has it.
    assert "key-gone" in device.run("sync", "--json").stdout
    assert bureau.total("observations") == 2


def test_a_folder_without_an_outbox_is_refused_in_both_languages(
    served: ServedBureau, tmp_path: Path
) -> None:
    with pytest.raises(BundleRefused) as refused:
        taken_in(served, tmp_path)
    assert refused.value.code == "folder-unreadable"
    assert "FIELDKIT_HOME" in refused.value.message.zh
    assert "FIELDKIT_HOME" in refused.value.message.en
