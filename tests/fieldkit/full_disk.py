"""What a device does on a disk that is really full: a script, one scenario a run.

``full_disk.py SCENARIO TEMPLATE DISK``: DISK is an empty file system of 4 MiB,
TEMPLATE an enrolled device's home, which is copied onto it.
"""

import json
import os
import shutil
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from small_disk import fill, make_room

from fieldkit.capture import Recorder, ReferenceVersions
from fieldkit.errors import DiskFull
from fieldkit.home import Home
from fieldkit.keys import PemKeyStore
from fieldkit.outbox import open_outbox
from fieldkit.outbox.connection import connect
from fieldkit.outbox.migrations import migrate, version_of
from sync.keys import SigningKey

VERSIONS = ReferenceVersions("2025-1", lambda _day: {})
QUICK: dict[str, Any] = {
    "site": {"premises_type": "shop", "fix": None, "no_fix_reason": "indoors"},
    "violations": [{"code": "NV-000"}],
}


BIG = [{"product": "other-citrus", "note": "x" * 1900}] * 40


def fieldkit(home: Home, *args: str) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "-c", "from fieldkit.cli import main; main()", *args]
    environ = {
        "FIELDKIT_HOME": str(home.path),
        "FIELDKIT_PROTECTION": "key-file",
        "GI_LANG": "en",
        "PYTHONUTF8": "1",
    }
    return subprocess.run(
        command, capture_output=True, text=True, env=environ, cwd="/", check=False
    )


def a_photograph_too_large_is_refused_before_capture(home: Home, disk: Path) -> None:
    """Lesson 20 (Kobo): said before, in words, with the documented exit code."""
    photo = disk.parent / "photo.jpg"
    photo.write_bytes(b"\xff\xd8\xff" + b"0" * (5 * 1024 * 1024))
    input_file = disk.parent / "input.json"
    input_file.write_text(json.dumps(QUICK | {"evidence": [{"path": str(photo)}]}))
    told = fieldkit(home, "record", "--from", str(input_file))
    assert told.returncode == 6, told
    assert "disk is full" in told.stderr
    assert not list((home.photos_path / "incoming").glob("*"))
    assert not list(home.photos_path.rglob("*.part"))
    assert fieldkit(home, "record", "--from", str(quick_file(disk))).returncode == 0


def quick_file(disk: Path) -> Path:
    path = disk.parent / "quick.json"
    path.write_text(json.dumps(QUICK))
    return path


def a_disk_that_fills_up_before_the_commit_saves_nothing(
    home: Home, disk: Path
) -> None:
    """The room was there when it was asked for; then another program took it."""

    class FillsTheDisk(PemKeyStore):
        def load(self, device_id: str) -> SigningKey:
            key = super().load(device_id)
            fill(disk)
            return key

    with open_outbox(home) as outbox:
        first = Recorder(home, outbox, VERSIONS).record(QUICK).sealed
        # The log has grown no further than this record: the next needs space.
        recorder = Recorder(home, outbox, VERSIONS, FillsTheDisk(home))
        with pytest.raises(DiskFull) as refused:
            recorder.record(QUICK | {"goods": BIG})
        assert "intact" in refused.value.message.en
        assert [r.compact for r in outbox.pending()] == [first.compact]
        make_room(disk)
        second = Recorder(home, outbox, VERSIONS).record(QUICK).sealed
        assert (second.seq, second.prev) == (2, first.hash)


def a_disk_that_fills_up_during_the_copy_leaves_no_part(home: Home, disk: Path) -> None:
    photo = disk.parent / "photo.jpg"
    photo.write_bytes(b"\xff\xd8\xff" + b"0" * (5 * 1024 * 1024))
    with open_outbox(home) as outbox:
        with pytest.raises(DiskFull):
            Recorder(home, outbox, VERSIONS).photos.take_in([photo])
        assert not list((home.photos_path / "incoming").glob("*"))
        Recorder(home, outbox, VERSIONS).record(QUICK)


def what_is_held_stays_readable_without_a_byte_free(home: Home, disk: Path) -> None:
    with open_outbox(home) as outbox:
        held = Recorder(home, outbox, VERSIONS).record(QUICK).sealed
    fill(disk)
    listed = fieldkit(home, "list", "--json")
    assert listed.returncode == 0, listed
    assert [r["id"] for r in json.loads(listed.stdout)["records"]] == [held.id]
    refused = fieldkit(home, "record", "--from", str(quick_file(disk)))
    assert refused.returncode == 6, refused
    assert "Traceback" not in refused.stderr
    make_room(disk)
    assert fieldkit(home, "record", "--from", str(quick_file(disk))).returncode == 0
    with open_outbox(home) as outbox:
        assert [record.seq for record in outbox.pending()] == [1, 2]


def an_upgrade_without_room_for_the_copy_touches_nothing(
    home: Home, disk: Path
) -> None:
    old = Home(disk / "old")
    old.path.mkdir()
    with closing(connect(old.outbox_path)) as connection:
        migrate(connection, old.outbox_path, upto=1)
        connection.execute(
            "INSERT INTO record (device_id, seq, id, hash, kind, sealed_at, jws) "
            "VALUES ('d', 1, 'i', 'h', 'observation', '2023', 'a.b.c')"
        )
    with closing(connect(old.outbox_path)) as keeps_the_log_open:
        keeps_the_log_open.execute("SELECT * FROM record").fetchall()
        fill(disk)
        with pytest.raises(DiskFull):
            open_outbox(old)
        assert version_of(keeps_the_log_open) == 1
    make_room(disk)
    with open_outbox(old) as outbox:
        assert [record.compact for record in outbox.pending()] == ["a.b.c"]


SCENARIOS = {
    scenario.__name__: scenario
    for scenario in (
        a_photograph_too_large_is_refused_before_capture,
        a_disk_that_fills_up_before_the_commit_saves_nothing,
        a_disk_that_fills_up_during_the_copy_leaves_no_part,
        what_is_held_stays_readable_without_a_byte_free,
        an_upgrade_without_room_for_the_copy_touches_nothing,
    )
}

if __name__ == "__main__":
    name, template, mounted = sys.argv[1:]
    assert os.path.ismount(mounted)
    shutil.copytree(template, Path(mounted) / "device")
    SCENARIOS[name](Home(Path(mounted) / "device"), Path(mounted))
