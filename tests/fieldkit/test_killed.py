"""SIGKILL between any two steps: nothing half-done, nothing lost, nothing doubled."""

import hashlib
import json
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from older_outbox import leave_files_in_clear, write_as_version

from fieldkit.capture import Recorder, ReferenceVersions
from fieldkit.home import Home
from fieldkit.keys import PemKeyStore
from fieldkit.outbox import SqliteOutbox, open_outbox
from fieldkit.photos import ORPHAN_AFTER_S, PhotoStore
from sync.keys import SigningKey
from sync.record import open_record

SCRIPT = Path(__file__).with_name("killed.py")
NOW = datetime(2023, 12, 2, 2, 20, tzinfo=UTC)
VERSIONS = ReferenceVersions("2025-1", lambda _day: {})


def kill_at_every_call(home: Home, work: Path, *command: str) -> list[Home]:
    """The homes as each killed command left them, and last the one that ended."""
    work.mkdir()
    done = subprocess.run(
        [sys.executable, str(SCRIPT), str(home.path), str(work), *command],
        check=True,
        capture_output=True,
        text=True,
    )
    killed = json.loads(done.stdout)["killed"]
    assert killed > 10, "the watch saw too few calls to be believed"
    return [Home(work / str(number)) for number in range(1, killed + 2)]


def files_under(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


@pytest.fixture
def input_file(tmp_path: Path, xunwu: dict[str, Any], photo: Path) -> Path:
    file = tmp_path / "input.json"
    file.write_text(json.dumps(xunwu | {"evidence": [{"path": photo.name}]}))
    return file


def require_whole(home: Home, outbox: SqliteOutbox, photo: Path) -> int:
    """Pass if every record is whole with its photograph; return how many there are."""
    records = outbox.records()
    digest = hashlib.sha256(photo.read_bytes()).hexdigest()
    store = PhotoStore(home.photos_path)
    for record in records:
        payload = open_record(record.compact).payload or {}
        assert payload["blobs"][0]["sha256"] == digest
        assert store.read(digest) == photo.read_bytes()
        assert outbox.is_named(digest)
    assert outbox.head().seq == len(records)
    return len(records)


def test_record_killed_at_any_call_leaves_nothing_or_the_sealed_record(
    home: Home, tmp_path: Path, input_file: Path, photo: Path, quick: dict[str, Any]
) -> None:
    seen = set()
    for left in kill_at_every_call(
        home, tmp_path / "homes", "record", "--from", str(input_file)
    ):
        with open_outbox(left) as outbox:
            count = require_whole(left, outbox, photo)
            seen.add(count)
            # The device goes on as if nothing had happened.
            following = Recorder(left, outbox, VERSIONS).record(quick)
            assert following.sealed.seq == count + 1
            store = PhotoStore(left.photos_path)
            store.tidy(outbox.is_named, now_s=time.time() + ORPHAN_AFTER_S + 60)
            assert len(files_under(left.photos_path)) == count
            assert not list((left.photos_path / "incoming").glob("*"))
    assert seen == {0, 1}


def test_amend_and_withdraw_killed_at_any_call_leave_one_version_or_two(
    home: Home, tmp_path: Path, quick: dict[str, Any], recorder: Recorder
) -> None:
    target = recorder.record(quick).sealed.id
    recorder.outbox.close()
    change = tmp_path / "change.json"
    change.write_text('{"note": "corrected"}')
    commands = {
        "amendment": ("amend", target, "--from", str(change)),
        "withdrawal": ("withdraw", target, "--reason", "entered twice"),
    }
    for kind, command in commands.items():
        seen = set()
        for left in kill_at_every_call(home, tmp_path / kind, *command):
            with open_outbox(left) as outbox:
                kinds = [record.kind for record in outbox.records()]
                assert outbox.head().seq == len(kinds)
            assert kinds in (["observation"], ["observation", kind])
            seen.add(len(kinds))
        assert seen == {1, 2}


def test_an_upgrade_killed_at_any_call_keeps_the_pending_rows(
    home: Home,
    tmp_path: Path,
    quick: dict[str, Any],
    photo: Path,
    recorder: Recorder,
    device_key: SigningKey,
) -> None:
    """Whatever is left, the next start leaves all of it, and nothing in clear."""
    sealed = recorder.record(quick | {"evidence": [{"path": str(photo)}]}).sealed
    recorder.outbox.save_draft({"answers": {"note": "半途"}}, at=NOW)
    recorder.outbox.close()
    leave_files_in_clear(home)
    write_as_version(home, 2)
    said = ["半途".encode(), "甲某".encode(), b"PRIVATE KEY", photo.read_bytes()[:99]]
    for left in kill_at_every_call(home, tmp_path / "homes", "list"):
        with open_outbox(left) as outbox:
            assert [record.compact for record in outbox.pending()] == [sealed.compact]
            (draft,) = outbox.drafts()
            assert draft.body == {"answers": {"note": "半途"}}
            identity = outbox.require_identity()
        kept = PemKeyStore(left).load(identity.device_id)
        assert kept.thumbprint == device_key.thumbprint
        digest = hashlib.sha256(photo.read_bytes()).hexdigest()
        assert PhotoStore(left.photos_path).read(digest) == photo.read_bytes()
        for file in files_under(left.path):
            content = file.read_bytes()
            assert not any(text in content for text in said), file
            assert sealed.compact.encode() not in content, file
