"""A disk that is really full: a small tmpfs in a mount namespace, root or not.

What happens on it happens in a script of its own, since nobody outside the
namespace sees the mount.
"""

import os
import pwd
import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import IO, NoReturn

import pytest

TESTS = Path(__file__).parent
_MOUNT = 'mount -t tmpfs -o "size=$0,mode=755" tmpfs "$1" && shift && exec "$@"'
_WAYS = (("unshare", "--map-root-user", "--mount"), ("unshare", "--mount"))
_TO_MAKE_IT_POSSIBLE = """no small disk can be mounted here; what makes it possible:
  where unshare is missing:  apt-get install util-linux
  on a machine, as root:     sysctl -w user.max_user_namespaces=10000
  on Ubuntu too:             sysctl -w kernel.apparmor_restrict_unprivileged_userns=0
  in a container:            docker run --privileged …"""


def run_on_a_small_disk(
    disk: Path, size: str, script: Path, *arguments: str, as_nobody: bool = False
) -> None:
    """Run a script with an empty file system of that size at `disk`; it must pass.

    ``as_nobody`` runs it under a user's number that is not root's, for what
    refuses root (PostgreSQL); its files are still those of whoever runs this.
    """
    disk.mkdir()
    command = [sys.executable, str(script), *arguments]
    if as_nobody:
        command = [*_as_user(), *command]
    ran = subprocess.run(
        [*_way(), "sh", "-c", _MOUNT, size, str(disk), *command],
        capture_output=True,
        text=True,
        env=os.environ | {"PYTHONPATH": str(TESTS), "PYTHONWARNINGS": "error"},
        check=False,
    )
    assert ran.returncode == 0, ran.stderr


@cache
def _way() -> tuple[str, ...]:
    """How this machine lets a tmpfs be mounted; the test fails where it does not."""
    for way in _WAYS:
        if shutil.which("unshare") is None:
            break
        mount = [*way, "mount", "-t", "tmpfs", "tmpfs", "/mnt"]
        if subprocess.run(mount, capture_output=True, check=False).returncode == 0:
            return way
    pytest.fail(_TO_MAKE_IT_POSSIBLE, pytrace=False)


def _as_user() -> list[str]:
    number = os.geteuid() or pwd.getpwnam("nobody").pw_uid
    return ["unshare", "--user", f"--map-user={number}", f"--map-group={number}"]


# What the scripts share


def fill(disk: Path) -> None:
    """Write until the system says that there is no space left."""
    with (disk / "filler").open("ab", buffering=0) as filler:
        for size in (65536, 4096, 1):
            with pytest.raises(OSError, match="No space left"):
                _write_for_ever(filler, size)
    assert shutil.disk_usage(disk).free == 0


def _write_for_ever(file: IO[bytes], size: int) -> NoReturn:
    while True:
        file.write(b"0" * size)


def make_room(disk: Path) -> None:
    """Take away what `fill` wrote."""
    (disk / "filler").unlink()
