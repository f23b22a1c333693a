"""SIGKILL of a syncing device between any two steps: each record once, none lost."""

import hashlib
import json
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from journeys.conftest import new_device
from journeys.field_device import FieldDevice
from journeys.hostile_proxy import Hold, HostileProxy
from journeys.served import ServedBureau

from fieldkit.exit_codes import ExitCode

SCRIPT = Path(__file__).with_name("killed_rounds.py")
Start = Callable[..., "subprocess.Popen[str]"]


@pytest.fixture
def start(tablet: FieldDevice, tmp_path: Path) -> Start:
    """Start the real command in a process of its own, in English."""

    def start(*args: str) -> "subprocess.Popen[str]":
        return subprocess.Popen(
            [sys.executable, "-c", "from fieldkit.cli import main; main()", *args],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            encoding="utf-8",
            cwd=tmp_path,
            env={
                "FIELDKIT_HOME": str(tablet.home.path),
                "FIELDKIT_PROTECTION": "key-file",
                "GI_LANG": "en",
                "PATH": "/usr/bin:/bin",
                "PYTHONWARNINGS": "error",
                "PYTHONUTF8": "1",
            },
        )

    return start


@pytest.mark.parametrize(
    "stride", [5, pytest.param(1, marks=pytest.mark.soak)], ids=["short", "every-call"]
)
def test_a_sync_killed_at_any_call_loses_and_doubles_nothing(
    served: ServedBureau, tablet: FieldDevice, stride: int
) -> None:
    """Lesson 4 (EarthRanger mobile): a crash re-posts all."""
    told = killed_rounds(tablet, stride, "sync")
    assert told["killed"] > 50 // stride, "too few calls were seen to be believed"
    report = tablet.sync()
    assert report.stopped is None
    assert report.troubles == []
    assert served.held == told["sealed"]
    assert served.counted == set(told["sealed"])
    assert set(tablet.states.values()) == {"delivered"}
    assert {tablet.photo_counts(record) for record in told["sealed"]} == {(1, 1)}


def test_enrolling_killed_at_any_call_makes_one_device(
    served: ServedBureau, tmp_path: Path
) -> None:
    device = new_device(tmp_path / "tablet")
    told = killed_rounds(device, 1, "enrol", served.url, served.new_code())
    assert told["killed"] > 20
    assert len(served.devices) == 1
    record = device.record()
    assert device.sync().outcomes == {"stored": 1}
    assert served.held == [record]


def killed_rounds(device: FieldDevice, stride: int, *command: str) -> dict[str, Any]:
    home = str(device.home.path)
    done = subprocess.run(
        [sys.executable, str(SCRIPT), home, "1", str(stride), *command],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    told: dict[str, Any] = json.loads(done.stdout)
    return told


@pytest.mark.parametrize("call", [("POST", "/records$"), ("PUT", "/parts/")])
@pytest.mark.parametrize("before_server", [True, False], ids=["before", "after"])
def test_a_device_killed_while_the_server_works_goes_on_afterwards(
    served: ServedBureau,
    proxy: HostileProxy,
    tablet: FieldDevice,
    start: Start,
    call: tuple[str, str],
    *,
    before_server: bool,
) -> None:
    content = b"\xff\xd8\xff" + b"orange" * 1000
    record = tablet.record(content)
    hold = Hold(before_server=before_server)
    proxy.rule(*call, hold)
    sync = start("sync")
    assert hold.arrived.wait(30)
    sync.kill()
    assert sync.wait() == -signal.SIGKILL
    hold.released.set()
    sync.communicate()
    after = start("sync", "--json")
    out, err = after.communicate()
    assert after.returncode == ExitCode.DONE, err
    assert json.loads(out)["troubles"] == []
    assert served.held == [record]
    assert served.photos == {hashlib.sha256(content).hexdigest()}
    assert tablet.photo_counts(record) == (1, 1)


def test_of_two_syncs_at_once_the_second_steps_back(
    served: ServedBureau, proxy: HostileProxy, tablet: FieldDevice, start: Start
) -> None:
    """Lesson 5 (formhub#678, enketo-express#432)."""
    record = tablet.record()
    hold = Hold()
    proxy.rule("POST", "/records$", hold)
    first = start("sync")
    assert hold.arrived.wait(30)
    second = start("sync")
    _, words = second.communicate()
    assert second.returncode == ExitCode.BUSY
    assert "another sync is under way" in words
    hold.released.set()
    first.communicate()
    assert first.returncode == ExitCode.DONE
    assert proxy.count("POST", "/records$") == 1
    assert served.held == [record]


def test_the_lock_of_a_killed_sync_hinders_nobody(
    served: ServedBureau, proxy: HostileProxy, tablet: FieldDevice, start: Start
) -> None:
    record = tablet.record()
    hold = Hold(before_server=True)
    proxy.rule("GET", "/reference$", hold)
    killed = start("sync")
    assert hold.arrived.wait(30)
    killed.kill()
    killed.communicate()
    assert tablet.sync().stopped is None
    hold.released.set()
    assert served.held == [record]


def test_recording_goes_on_while_a_sync_runs(
    served: ServedBureau, proxy: HostileProxy, tablet: FieldDevice
) -> None:
    first = tablet.record()
    hold = Hold()
    proxy.rule("POST", "/records$", hold)
    reports = []
    worker = threading.Thread(target=lambda: reports.append(tablet.sync()))
    worker.start()
    assert hold.arrived.wait(30)
    second = tablet.record()
    hold.released.set()
    worker.join()
    assert reports[0].outcomes == {"stored": 2}
    assert served.held == [first, second]
