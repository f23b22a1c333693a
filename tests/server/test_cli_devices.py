"""``gi-server init`` and ``device``: what an official types, and what scripts read."""

import io
import json
import os
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
import segno
from bureau_rig import Clock, Device, open_bureau
from typer.testing import CliRunner, Result

from server.app import create_app
from server.bureau import utc_now
from server.cli import app
from server.cli.exit_codes import ExitCode, exit_code_of
from server.errors import NotHeld, ServerError, StorageFull
from sync.enrol import read_qr_text

OFFICER = ["--officer", "张三", "--certificate", "B0701-0001"]
SERVER_EXTRA = "import sys; sys.modules['sqlalchemy'] = None; "


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "home"
    monkeypatch.setenv("GI_HOME", str(folder))
    monkeypatch.setenv("GI_LANG", "en")
    monkeypatch.delenv("GI_DATABASE_URL", raising=False)
    return folder


def gi_server(*arguments: str) -> Result:
    return CliRunner().invoke(app, list(arguments))


def run_command(*arguments: str, **environ: str) -> subprocess.CompletedProcess[str]:
    """Run the installed command, as a shell would."""
    script = "from server.cli import main; main()"
    return subprocess.run(
        [sys.executable, "-c", script, *arguments],
        env={**os.environ, **environ},
        capture_output=True,
        text=True,
        timeout=60,
    )


def test_init_twice_is_the_same_server(home: Path) -> None:
    first, second = gi_server("init"), gi_server("init")
    assert (first.exit_code, second.exit_code) == (0, 0)
    assert first.stdout == second.stdout
    assert "Thumbprint" in first.stdout
    assert (home / "keys" / "server.pem").stat().st_mode & 0o077 == 0


def test_a_code_for_scripts_is_one_json_document(home: Path) -> None:
    gi_server("init")
    result = gi_server("device", "code", "--unit", "360734", *OFFICER, "--json")
    assert result.exit_code == 0
    issued = json.loads(result.stdout)
    assert len(issued["code"]) == 9
    assert issued["expires_at"].endswith("Z")
    invitation = read_qr_text(issued["qr"])
    assert (invitation.code, invitation.thumbprint) == (
        issued["code"],
        issued["thumbprint"],
    )
    assert "GI_PUBLIC_URL" in result.stderr


def test_a_code_for_people_shows_the_key_and_the_next_command(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    gi_server("init")
    monkeypatch.setenv("GI_PUBLIC_URL", "https://gi.example")
    result = gi_server("device", "code", "--unit", "3607-RJ", *OFFICER, *OFFICER)
    assert result.exit_code == 0
    assert "蓉江新区" in result.stdout
    assert "Thumbprint" in result.stdout
    assert "fieldkit enrol https://gi.example " in result.stdout
    assert result.stderr == ""


def test_the_next_command_names_the_certificate_of_the_bureaus_own_authority(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    gi_server("init")
    gi_server("tls", "init", "--address", "192.168.1.10")
    code = ("device", "code", "--unit", "360734", *OFFICER)
    url, command = "https://192.168.1.10:8470", "fieldkit enrol --ca gi-fieldkit-ca.pem"
    monkeypatch.setenv("GI_PUBLIC_URL", url)
    assert f"{command} {url} " in gi_server(*code).stdout
    monkeypatch.setenv("GI_TLS", "false")
    assert f"fieldkit enrol {url} " in gi_server(*code).stdout


def test_a_code_is_kept_as_a_picture_that_its_owner_alone_can_read(
    home: Path, tmp_path: Path
) -> None:
    gi_server("init")
    picture = tmp_path / "code.png"
    code = ("device", "code", "--unit", "360734", *OFFICER, "--json")
    issued = json.loads(gi_server(*code, "--png", str(picture)).stdout)
    drawn = io.BytesIO()
    segno.make(issued["qr"], error="m").save(drawn, kind="png", scale=10)
    assert picture.read_bytes() == drawn.getvalue()
    assert picture.stat().st_mode & 0o777 == 0o600


def test_no_code_is_issued_for_a_picture_that_cannot_be_kept(
    home: Path, tmp_path: Path
) -> None:
    gi_server("init")
    code = ("device", "code", "--unit", "360734", *OFFICER)
    for place in (tmp_path / "nowhere" / "code.png", tmp_path):
        refused = run_command(*code, "--png", str(place), GI_LANG="zh")
        assert refused.returncode == ExitCode.INPUT_REFUSED
        assert str(place) in refused.stderr
        assert "--png" in refused.stderr
    with sqlite3.connect(home / "gi.sqlite3") as database:
        assert database.execute("SELECT count(*) FROM enrolment_code").fetchone() == (
            0,
        )


def test_each_officer_needs_a_certificate(home: Path) -> None:
    gi_server("init")
    one_short = [*OFFICER, "--officer", "李四"]
    result = gi_server("device", "code", "--unit", "360734", *one_short)
    assert result.exit_code == ExitCode.USAGE
    assert gi_server("device", "code", "--unit", "360734").exit_code == ExitCode.USAGE


def test_devices_are_listed_and_revoked(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = Clock(utc_now())
    bureau = open_bureau(home, f"sqlite:///{home / 'gi.sqlite3'}", clock)
    http = create_app(bureau.settings, bureau.engine, clock).test_client()
    tablet = Device.enrol(http, bureau)
    sealed = [tablet.seal(), tablet.seal()][1]
    tablet.push(sealed)
    bureau.engine.dispose()
    (row,) = json.loads(gi_server("device", "list", "--json").stdout)["devices"]
    assert (row["id"], row["state"]) == (tablet.id, "active")
    assert row["thumbprint"] == tablet.key.thumbprint
    trusted = f"{sealed.seq}:{sealed.hash}"
    assert f"{trusted}  1 records to come" in gi_server("device", "list").stdout
    revoked = gi_server("device", "revoke", tablet.id, "--trusted-until", trusted)
    assert revoked.exit_code == 0
    assert tablet.id in revoked.stdout
    assert "revoked" in gi_server("device", "list").stdout


@pytest.mark.parametrize("trusted", ["1", "0:" + "0" * 64, "1:xyz", "-1:" + "0" * 64])
def test_a_trusted_record_is_named_by_seq_and_hash(home: Path, trusted: str) -> None:
    gi_server("init")
    result = gi_server("device", "revoke", "d", f"--trusted-until={trusted}")
    assert result.exit_code == ExitCode.USAGE


@pytest.mark.parametrize("command", ["device list", "area list", "tally", "verify"])
def test_before_init_a_command_says_to_run_it(home: Path, command: str) -> None:
    early = run_command(*command.split())
    assert early.returncode == ExitCode.NOT_READY
    assert "gi-server init" in early.stderr
    assert "Traceback" not in early.stderr
    assert early.stdout == ""


def test_refusals_are_one_line_and_an_exit_code(home: Path) -> None:
    gi_server("init")
    nobody = run_command("device", "revoke", "nobody")
    assert nobody.returncode == ExitCode.NOT_FOUND
    assert nobody.stderr.strip() == "gi-server: there is no device nobody"
    unit = run_command("device", "code", "--unit", "1", *OFFICER, GI_LANG="zh")
    assert unit.returncode == ExitCode.INPUT_REFUSED
    assert unit.stderr.startswith("gi-server: ")
    assert "Traceback" not in unit.stderr


def test_a_wrong_setting_names_itself(home: Path) -> None:
    result = run_command("init", GI_PORT="eighty")
    assert result.returncode == ExitCode.NOT_READY
    assert "GI_PORT" in result.stderr


def test_without_the_server_extra_the_line_that_installs_it_is_printed(
    home: Path,
) -> None:
    script = SERVER_EXTRA + "from server.cli import main; main()"
    result = subprocess.run(
        [sys.executable, "-c", script, "init"],
        env={**os.environ, "GI_LANG": "en"},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert result.returncode == ExitCode.EXTRA_MISSING
    assert "pip install 'gi-fieldkit[server]'" in result.stderr
    assert "Traceback" not in result.stderr


def test_the_nearest_class_decides_the_exit_code() -> None:
    from geo.errors import Message

    words = Message(zh="无", en="none")
    assert exit_code_of(NotHeld("x", words)) is ExitCode.NOT_FOUND
    assert exit_code_of(StorageFull("x", words)) is ExitCode.DISK_FULL
    assert exit_code_of(ServerError("x", words)) is ExitCode.INPUT_REFUSED
    assert exit_code_of(ValueError()) is ExitCode.FAULT


def test_starting_the_command_loads_nothing_heavy() -> None:
    script = (
        "import sys, server.cli; "
        "print(sorted({'sqlalchemy', 'shapely', 'flask', 'numpy'} & set(sys.modules)))"
    )
    result = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    assert result.stdout.strip() == "[]"


def test_opening_the_bureau_loads_neither_alembic_nor_flask(home: Path) -> None:
    gi_server("init")
    script = (
        "import sys; from server.cli.opening import open_bureau; open_bureau(); "
        "print(sorted({'alembic', 'shapely', 'flask', 'numpy'} & set(sys.modules)))"
    )
    result = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    assert result.stdout.strip() == "[]"
