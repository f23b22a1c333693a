"""A full disk on the device: a real one, a small tmpfs (see `small_disk`)."""

import re
from pathlib import Path

import pytest
from small_disk import run_on_a_small_disk

from fieldkit.home import Home

SCRIPT = Path(__file__).with_name("full_disk.py")
SCENARIOS = re.findall(r"^def (an?_\w+|what_\w+)\(", SCRIPT.read_text("utf-8"), re.M)


def test_there_are_scenarios() -> None:
    assert len(SCENARIOS) == 5


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_on_a_full_disk(home: Home, tmp_path: Path, scenario: str) -> None:
    disk = tmp_path / "disk"
    run_on_a_small_disk(disk, "4m", SCRIPT, scenario, str(home.path), str(disk))
