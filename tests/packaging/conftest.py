"""What is built once and carried to devices, and the bureau that they sync with."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from journeys.commanded import CommandedBureau

PROJECT = Path(__file__).parents[2]


@pytest.fixture(scope="session")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [sys.executable, "-m", "build", "--wheel", "--outdir", str(out), str(PROJECT)],
        check=True,
        capture_output=True,
    )
    (built,) = out.glob("*.whl")
    return built


@pytest.fixture
def bureau(tmp_path: Path) -> Iterator[CommandedBureau]:
    """A bureau that is served over TLS by an authority of its own."""
    bureau = CommandedBureau(tmp_path / "bureau")
    bureau.do("init")
    bureau.do("tls", "init", "--name", "gi.xunwu.lan")
    bureau.start()
    yield bureau
    bureau.kill()
