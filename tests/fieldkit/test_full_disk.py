"""A full disk: a real one, a tmpfs of 4 MiB in a mount namespace of its own."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from fieldkit.home import Home

SCRIPT = Path(__file__).with_name("full_disk.py")
SCENARIOS = re.findall(r"^def (an?_\w+|what_\w+)\(", SCRIPT.read_text("utf-8"), re.M)
ON_A_SMALL_DISK = 'mount -t tmpfs -o size=4m tmpfs "$0" && exec "$@"'


def test_there_are_scenarios() -> None:
    assert len(SCENARIOS) == 5


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_on_a_full_disk(home: Home, tmp_path: Path, scenario: str) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    ran = subprocess.run(
        [
            *("unshare", "--map-root-user", "--mount", "sh", "-c", ON_A_SMALL_DISK),
            *(str(disk), sys.executable, str(SCRIPT), scenario),
            *(str(home.path), str(disk)),
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
