"""The built wheel, put in place by what people install programs with."""

import os
import subprocess
import sys
import venv
from pathlib import Path

import pytest
from carried_device import CarriedDevice, carry_through
from journeys.commanded import CommandedBureau

pytestmark = pytest.mark.soak

EXTRAS = "photos,receivers,tracks"


@pytest.fixture(scope="module")
def installers(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The Python of an environment with pip, pipx and uv, and none of our needs."""
    folder = tmp_path_factory.mktemp("installers")
    venv.create(folder, with_pip=True)
    python = folder / "bin" / "python"
    run([str(python), "-m", "pip", "install", "--quiet", "pipx", "uv"], folder)
    return python


def run(words: list[str], folder: Path) -> None:
    """Run an installer; what it makes stays below the folder."""
    environ = {name: value for name, value in os.environ.items() if name[:5] != "PYTHO"}
    environ |= {"HOME": str(folder), "PIPX_HOME": str(folder / "pipx")}
    environ |= {
        "PIPX_BIN_DIR": str(folder / "bin"),
        "UV_TOOL_BIN_DIR": str(folder / "bin"),
    }
    done = subprocess.run(
        words, cwd=folder, env=environ, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("installer", ["pip", "pipx", "uv"])
def test_the_installed_wheel_is_a_whole_device(
    installers: Path,
    wheel: Path,
    bureau: CommandedBureau,
    tmp_path: Path,
    installer: str,
) -> None:
    program, words = installing(installer, installers, f"{wheel}[{EXTRAS}]", tmp_path)
    run(words, tmp_path)
    device = CarriedDevice(program, tmp_path / "laptop")
    assert device.do("--version").startswith("fieldkit ")
    carry_through(bureau, device)


def installing(
    installer: str, python: Path, wanted: str, folder: Path
) -> tuple[Path, list[str]]:
    """Return where the program will be, and the words that put it there."""
    if installer == "pip":
        venv.create(folder, with_pip=True)
        words = [str(folder / "bin" / "python"), "-m", "pip", "install", wanted]
    else:
        install = ["install"] if installer == "pipx" else ["tool", "install"]
        words = [str(python), "-m", installer, *install, "--python", sys.executable]
        words.append(wanted)
    return folder / "bin" / "fieldkit", words
