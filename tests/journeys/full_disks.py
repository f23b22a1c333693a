"""A sync where one side's disk is really full: a script, one scenario a run.

``full_disks.py SCENARIO DISK ELSEWHERE``: DISK is a small empty file system,
ELSEWHERE a folder that has room.
"""

import json
import os
import sys
import urllib.error
import urllib.request
from pathlib import Path

from journeys.commanded import CommandedBureau, CommandedDevice
from journeys.hostile_proxy import HostileProxy, Seen
from journeys.served import ServedBureau
from small_disk import fill, make_room

from fieldkit.exit_codes import ExitCode

BATCH = 100


def a_full_device_says_so_and_syncs_once_there_is_room(
    disk: Path, elsewhere: Path
) -> None:
    with ServedBureau(elsewhere / "bureau") as bureau:
        device = CommandedDevice(disk / "device")
        device.do("enrol", bureau.url, bureau.new_code())
        photo = elsewhere / "photo.jpg"
        photo.write_bytes(b"\xff\xd8\xff" + b"orange" * 30_000)
        record = device.record(photo)
        fill(disk)
        full = device.run("sync")
        assert full.returncode == ExitCode.DISK_FULL, full
        assert "disk is full" in full.stderr
        assert "Traceback" not in full.stderr
        assert bureau.held == []
        make_room(disk)
        done = device.ask("sync", "--json")
        assert (done["outcomes"], done["troubles"]) == ({"stored": 1}, [])
        assert bureau.held == [record]
        assert device.listed[record]["photos"]["delivered"] == 1


def a_device_that_is_full_when_the_answer_comes_asks_again(
    disk: Path, elsewhere: Path
) -> None:
    """The server has it all and the device cannot write that down: no doubling."""

    def fill_the_device(seen: Seen) -> None:
        if seen.path.endswith("/records") and bureau.held == []:
            fill(disk)

    with (
        ServedBureau(elsewhere / "bureau") as bureau,
        HostileProxy("127.0.0.1", bureau.port) as proxy,
    ):
        device = CommandedDevice(disk / "device")
        device.do("enrol", proxy.url, bureau.new_code())
        device.do("record", "--from", "-", stdin=_batch(200))
        proxy.choose = fill_the_device
        full = device.run("sync")
        assert full.returncode == ExitCode.DISK_FULL, full
        assert "Traceback" not in full.stderr
        assert len(bureau.held) == 200
        make_room(disk)
        done = device.ask("sync", "--json")
        assert (done["outcomes"], done["troubles"]) == ({"replayed": 200}, [])
        assert bureau.held == list(device.listed)
        assert {one["state"] for one in device.listed.values()} == {"delivered"}


def a_full_server_keeps_what_it_confirmed_and_takes_the_rest_later(
    disk: Path, elsewhere: Path
) -> None:
    device = CommandedDevice(elsewhere / "device")
    with CommandedBureau(disk / "bureau") as bureau:
        device.do("enrol", bureau.url, bureau.new_code())
        device.record()
        device.do("sync")
        assert _status(bureau, "/readyz") == 200
        fill(disk)
        waiting = _record_until_refused(device)
        assert _status(bureau, "/readyz") == 503
        listed = device.listed
        make_room(disk)
        done = device.ask("sync", "--json")
        assert done["outcomes"] == {"stored": waiting}
        assert {one["state"] for one in device.listed.values()} == {"delivered"}
        verified = bureau.ask("verify", "--json")
        assert verified["faults"] == []
        assert verified["checked"]["records"] == len(listed)


def _record_until_refused(device: CommandedDevice) -> int:
    """Sync batches until the server has no room; return how many records wait."""
    for _ in range(40):
        device.do("record", "--from", "-", stdin=_batch(BATCH))
        synced = device.run("sync", "--json")
        if synced.returncode != ExitCode.DONE:
            assert synced.returncode == ExitCode.UNREACHABLE, synced
            assert json.loads(synced.stdout)["stopped"]["code"] == "server-busy"
            return BATCH
    raise AssertionError("the small disk never filled up")


def _batch(count: int) -> str:
    body = {
        "site": {"premises_type": "shop", "fix": None, "no_fix_reason": "室内"},
        "violations": [{"code": "NV-000"}],
        "note": "x" * 1900,
    }
    return "\n".join([json.dumps(body)] * count)


def _status(bureau: CommandedBureau, path: str) -> int:
    try:
        with urllib.request.urlopen(bureau.url + path, timeout=60) as reply:
            return int(reply.status)
    except urllib.error.HTTPError as refused:
        with refused:
            return refused.code


SCENARIOS = {
    scenario.__name__: scenario
    for scenario in (
        a_full_device_says_so_and_syncs_once_there_is_room,
        a_device_that_is_full_when_the_answer_comes_asks_again,
        a_full_server_keeps_what_it_confirmed_and_takes_the_rest_later,
    )
}

if __name__ == "__main__":
    name, mounted, folder = sys.argv[1:]
    assert os.path.ismount(mounted)
    SCENARIOS[name](Path(mounted), Path(folder))
