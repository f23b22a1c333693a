"""What the browser tests need is installed, or the line that does it is printed."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

INSTALL = Path(__file__).parents[2] / ".ci" / "browser"
LINE = "apt-get install chromium libnss3-tools fonts-noto-cjk"


@pytest.fixture
def bare_path(tmp_path: Path) -> Path:
    """A folder of programs with neither a browser nor apt."""
    folder = tmp_path / "bin"
    folder.mkdir()
    for name in ("id", "bash"):
        (folder / name).symlink_to(str(shutil.which(name)))
    return folder


def install(path: Path) -> "subprocess.CompletedProcess[str]":
    environ = {**os.environ, "PATH": str(path)}
    environ.pop("CHROMIUM", None)
    return subprocess.run(
        [INSTALL], env=environ, capture_output=True, text=True, check=False
    )


def test_where_nothing_can_be_installed_the_line_that_does_is_printed(
    bare_path: Path,
) -> None:
    refused = install(bare_path)
    assert refused.returncode == 1
    assert LINE in refused.stderr


def test_what_is_there_is_left_as_it_is(bare_path: Path) -> None:
    for name in ("google-chrome", "certutil"):
        (bare_path / name).touch(mode=0o755)
    fonts = bare_path / "fc-list"
    fonts.write_text("#!/bin/sh\necho NotoSansCJK\n")
    fonts.chmod(0o755)
    done = install(bare_path)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
