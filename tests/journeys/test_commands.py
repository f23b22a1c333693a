"""The real ``fieldkit enrol``, ``sync``, ``status`` and ``bundle`` at work."""

import json
import os
import pty
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from journeys.hostile_proxy import HostileProxy, LoseReply, captive_portal
from journeys.served import ServedBureau

from fieldkit.exit_codes import ExitCode
from sync.enrol import qr_text

COMMAND = [sys.executable, "-c", "from fieldkit.cli import main; main()"]
Run = Callable[..., "subprocess.CompletedProcess[str]"]

OBSERVATION = {
    "observed_at": "2023-12-02T10:20:00+08:00",
    "site": {"premises_type": "shop", "fix": None, "no_fix_reason": "室内"},
    "violations": [{"code": "NV-000"}],
}


@pytest.fixture
def environ(tmp_path: Path) -> dict[str, str]:
    return {
        "FIELDKIT_HOME": str(tmp_path / "tablet"),
        "FIELDKIT_PROTECTION": "key-file",
        "GI_LANG": "en",
        "PATH": "/usr/bin:/bin",
        "PYTHONWARNINGS": "error",
        "PYTHONUTF8": "1",
    }


@pytest.fixture
def run(tmp_path: Path, environ: dict[str, str]) -> Run:
    """Run the real command in a process of its own, in English."""

    def run(*args: str, stdin: str = "", **changed: str) -> Any:
        return subprocess.run(
            [*COMMAND, *args],
            input=stdin,
            capture_output=True,
            text=True,
            encoding="utf-8",
            cwd=tmp_path,
            env=environ | changed,
            check=False,
        )

    return run


def document(done: "subprocess.CompletedProcess[str]") -> Any:
    """The one JSON document on stdout."""
    assert done.returncode == ExitCode.DONE, done.stderr
    return json.loads(done.stdout)


def record(run: Run, *photos: Path) -> str:
    body = OBSERVATION | {"evidence": [{"path": str(photo)} for photo in photos]}
    done = run("record", "--from", "-", stdin=json.dumps(body))
    assert done.returncode == ExitCode.DONE, done.stderr
    (found,) = [
        entry["id"]
        for entry in document(run("list", "--json"))["records"]
        if entry["state"] == "sealed"
    ]
    return str(found)


def test_enrol_shows_both_thumbprints_in_words_and_in_json(
    served: ServedBureau, run: Run
) -> None:
    code = served.new_code()
    words = run("enrol", served.url, code)
    assert words.returncode == ExitCode.DONE, words.stderr
    told = document(run("enrol", served.url, code, "--json"))
    assert told["server_thumbprint"] == served.bureau.key.thumbprint
    assert told["device_thumbprint"] in words.stdout
    assert told["server_thumbprint"] in words.stdout
    assert told["device_id"] == served.devices[0]
    assert told["unit_code"] == "360734"


def test_enrol_takes_the_qr_codes_text_and_checks_the_key_it_names(
    served: ServedBureau, run: Run
) -> None:
    thumbprint = served.bureau.key.thumbprint
    wrong = run("enrol", qr_text(served.url, served.new_code(), "x" * 43))
    assert wrong.returncode == ExitCode.PROTOCOL
    assert thumbprint in wrong.stderr
    right = run("enrol", qr_text(served.url, served.new_code(), thumbprint))
    assert right.returncode == ExitCode.DONE, right.stderr


def test_a_wrong_code_is_refused_in_the_servers_words(
    served: ServedBureau, run: Run
) -> None:
    for language, word in (("zh", "登记码"), ("en", "code")):
        refused = run("enrol", served.url, "ZZZZ-ZZZZ", GI_LANG=language)
        assert refused.returncode != ExitCode.DONE
        assert word in refused.stderr
        assert "Traceback" not in refused.stderr


def test_what_is_no_address_is_not_tried(run: Run) -> None:
    refused = run("enrol", "bureau", "K7QF-3MZP")
    assert refused.returncode == ExitCode.USAGE
    assert "http://" in refused.stderr


def test_a_day_in_the_field_in_five_commands(
    served: ServedBureau, run: Run, tmp_path: Path
) -> None:
    photo = tmp_path / "photo1.jpg"
    photo.write_bytes(b"\xff\xd8\xff" + b"orange" * 1000)
    run("enrol", served.url, served.new_code())
    sealed = record(run, photo)
    before = document(run("status", "--json"))
    assert before["counts"]["sealed"] == 1
    assert before["oldest_unsent_at"] is not None
    assert before["last_contact_at"] is None
    assert before["photos"] == {"named": 1, "delivered": 0, "missing": 0}
    synced = document(run("sync", "--json"))
    assert synced["outcomes"] == {"stored": 1}
    assert synced["photos_sent"] == 1
    assert synced["stopped"] is None
    after = document(run("status", "--json"))
    assert after["device_id"] == served.devices[0]
    assert after["unit_code"] == "360734"
    assert after["counts"] == {"draft": 0, "sealed": 0, "delivered": 1, "refused": 0}
    assert after["oldest_unsent_at"] is None
    assert after["last_contact_at"] is not None
    assert after["photos"] == {"named": 1, "delivered": 1, "missing": 0}
    assert after["reference"]["age_days"] == 0
    (listed,) = document(run("list", "--json"))["records"]
    assert (listed["id"], listed["state"]) == (sealed, "delivered")
    assert listed["outcome"] == "stored"
    assert served.held == [sealed]


def test_sync_without_a_server_keeps_everything_and_says_so(
    served: ServedBureau, proxy: HostileProxy, run: Run
) -> None:
    run("enrol", proxy.url, served.new_code())
    record(run)
    proxy.choose = lambda _seen: captive_portal()
    for language, words in (("zh", "仍在本机"), ("en", "the rest is still here")):
        stopped = run("sync", GI_LANG=language)
        assert stopped.returncode == ExitCode.PROTOCOL
        assert words in stopped.stderr
        assert stopped.stdout == ""
    told = run("sync", "--json")
    assert told.returncode == ExitCode.PROTOCOL
    assert json.loads(told.stdout)["stopped"]["code"] == "protocol-broken"


def test_a_lost_reply_is_told_waited_out_and_healed(
    served: ServedBureau, proxy: HostileProxy, run: Run
) -> None:
    run("enrol", proxy.url, served.new_code())
    sealed = record(run)
    proxy.rule("POST", "/records$", LoseReply())
    done = run("sync")
    assert done.returncode == ExitCode.DONE, done.stderr
    assert "again in" in done.stderr
    assert "stamina" not in done.stderr
    assert "had arrived before 1" in done.stdout
    assert served.held == [sealed]


def test_a_photo_missing_on_disk_makes_the_sync_end_with_its_code(
    served: ServedBureau, run: Run, tmp_path: Path, environ: dict[str, str]
) -> None:
    photo = tmp_path / "photo1.jpg"
    photo.write_bytes(b"\xff\xd8\xff" + b"orange" * 1000)
    run("enrol", served.url, served.new_code())
    record(run, photo)
    for file in (Path(environ["FIELDKIT_HOME"]) / "photos").rglob("*"):
        if file.is_file():
            file.unlink()
    done = run("sync")
    assert done.returncode == ExitCode.ITEMS_NOT_TAKEN
    assert "no longer on this device" in done.stderr
    assert document(run("status", "--json"))["photos"]["missing"] == 1


def test_status_before_enrolling_says_what_to_do(run: Run) -> None:
    words = run("status")
    assert words.returncode == ExitCode.DONE
    assert "fieldkit enrol" in words.stdout
    assert document(run("status", "--json"))["device_id"] is None


def test_progress_is_drawn_for_a_person_at_a_terminal(
    served: ServedBureau, run: Run, environ: dict[str, str]
) -> None:
    run("enrol", served.url, served.new_code())
    record(run)
    ours, theirs = pty.openpty()
    with subprocess.Popen(
        [*COMMAND, "sync", "--json"],
        stdout=subprocess.PIPE,
        stderr=theirs,
        env=environ | {"TERM": "xterm-256color", "COLUMNS": "100"},
    ) as sync:
        os.close(theirs)
        assert sync.stdout is not None
        drawn = read_to_end(ours).decode()
        told = json.loads(sync.stdout.read())
    assert told["outcomes"] == {"stored": 1}
    assert "records" in drawn
    assert "1/1" in drawn


def read_to_end(terminal: int) -> bytes:
    """Read what was drawn; Linux ends a terminal with an error, not an end."""
    pieces = []
    while True:
        try:
            piece = os.read(terminal, 65536)
        except OSError:
            break
        if not piece:
            break
        pieces.append(piece)
    os.close(terminal)
    return b"".join(pieces)
