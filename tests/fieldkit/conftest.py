"""An enrolled device in a folder of its own, without a server."""

import copy
import io
import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest

from fieldkit.capture import Recorder, ReferenceVersions
from fieldkit.cli import main
from fieldkit.device_clock import ClockReading
from fieldkit.home import Home, open_home
from fieldkit.keys import PemKeyStore
from fieldkit.outbox import DeviceIdentity, SqliteOutbox, open_outbox
from sync.keys import SigningKey

DEVICE_ID = "018c0000-0000-7000-8000-00000000abcd"
NOW = datetime(2023, 12, 2, 2, 20, tzinfo=UTC)
VERSIONS = ReferenceVersions(
    "2025-1",
    lambda _day: {"gannan-navel-orange": {"version": "1", "sha256": "ab" * 32}},
)
PHOTO = b"\xff\xd8\xff" + bytes(range(256)) * 20


@pytest.fixture
def device_key() -> SigningKey:
    return SigningKey.from_random(b"device".ljust(48, b"."))


@pytest.fixture
def server_key() -> SigningKey:
    return SigningKey.from_random(b"server".ljust(48, b"."))


@pytest.fixture
def home(tmp_path: Path, device_key: SigningKey, server_key: SigningKey) -> Home:
    """The folder of an enrolled device of 寻乌县."""
    home = open_home(tmp_path / "device")
    PemKeyStore(home).save(DEVICE_ID, device_key)
    identity = DeviceIdentity(
        device_id=DEVICE_ID,
        unit_code="360734",
        unit_name="寻乌县",
        officers=(
            {"name": "甲某", "certificate_no": "36073400001"},
            {"name": "乙某", "certificate_no": "36073400002"},
        ),
        server_url="http://127.0.0.1:9",
        server_jwk=dict(server_key.public_jwk),
        certificate="certificate",
        epoch=1,
        enrolled_at="2023-11-01T00:00:00.000Z",
    )
    with open_outbox(home) as outbox:
        outbox.set_identity(identity)
    return home


@pytest.fixture
def outbox(home: Home) -> Iterator[SqliteOutbox]:
    with open_outbox(home) as outbox:
        yield outbox


@pytest.fixture
def recorder(home: Home, outbox: SqliteOutbox) -> Recorder:
    """What captures on the device, at ten past ten on the day of the visit."""
    return Recorder(
        home, outbox, VERSIONS, clock=lambda: ClockReading(NOW, "boot-1", 5_000)
    )


@pytest.fixture
def xunwu() -> dict[str, Any]:
    """The Xunwu warehouse as the issue writes it, its photograph left out."""
    text = files("schemas").joinpath("examples", "xunwu_input.json").read_text("utf-8")
    body: dict[str, Any] = json.loads(text)
    return body | {"evidence": []}


@pytest.fixture
def quick() -> dict[str, Any]:
    """The least that an observation says."""
    return copy.deepcopy(
        {
            "site": {"premises_type": "shop", "fix": None, "no_fix_reason": "室内"},
            "violations": [{"code": "NV-000"}],
        }
    )


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    path = tmp_path / "photo1.jpg"
    path.write_bytes(PHOTO)
    return path


@dataclass(frozen=True)
class Told:
    """How a command ended and what it said."""

    returncode: int
    stdout: str
    stderr: str


Cli = Callable[..., Told]


@pytest.fixture
def fieldkit(home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Cli:
    """Run the command in this process, in English, in the test's folder."""
    monkeypatch.chdir(tmp_path)

    def run(*args: str, stdin: str = "", **environ: str) -> Told:
        settings = {"FIELDKIT_HOME": str(home.path), "GI_LANG": "en", "LANG": ""}
        for name, value in (settings | environ).items():
            monkeypatch.setenv(name, value)
        monkeypatch.setattr(sys, "argv", ["fieldkit", *args])
        typed = io.TextIOWrapper(io.BytesIO(stdin.encode()), encoding="utf-8")
        monkeypatch.setattr(sys, "stdin", typed)
        code, out, err = 0, io.StringIO(), io.StringIO()
        with redirect_stdout(out), redirect_stderr(err):
            try:
                main()
            except SystemExit as ended:
                code = int(ended.code or 0)
        return Told(code, out.getvalue(), err.getvalue())

    return run


@pytest.fixture
def fieldkit_process(home: Home, tmp_path: Path) -> Cli:
    """Run the real command in a process of its own, every warning an error."""

    def run(*args: str, stdin: str = "", **environ: str) -> Told:
        command = [sys.executable, "-c", "from fieldkit.cli import main; main()"]
        settings = {
            "FIELDKIT_HOME": str(home.path),
            "FIELDKIT_PROTECTION": "key-file",
            "GI_LANG": "en",
            "PATH": "/usr/bin:/bin",
            "PYTHONWARNINGS": "error",
            "PYTHONUTF8": "1",
        }
        ended = subprocess.run(
            [*command, *args],
            input=stdin,
            capture_output=True,
            encoding="utf-8",
            cwd=tmp_path,
            env=settings | environ,
            check=False,
        )
        return Told(ended.returncode, ended.stdout, ended.stderr)

    return run
