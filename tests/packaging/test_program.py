"""The device as one file: built by the script that is shipped, and driven whole."""

import subprocess
import sys
from pathlib import Path

import pytest
from carried_device import PROJECT, CarriedDevice, carry_through
from journeys.commanded import CommandedBureau

pytestmark = pytest.mark.soak


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("program")
    build = PROJECT / ".ci" / "program"
    built = subprocess.run(
        [sys.executable, str(build), str(out)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert built.returncode == 0, built.stdout + built.stderr
    return out / "fieldkit"


def test_one_file_enrols_records_syncs_and_serves_the_app(
    program: Path, bureau: CommandedBureau, tmp_path: Path
) -> None:
    """From a folder of its own: it needs neither Python nor the work tree."""
    carried = tmp_path / "usb-stick"
    carried.mkdir()
    program = program.rename(carried / "fieldkit")
    device = CarriedDevice(program, tmp_path / "laptop")
    assert device.do("--version").startswith("fieldkit ")
    carry_through(bureau, device)
    assert [one.name for one in carried.iterdir()] == ["fieldkit"]
