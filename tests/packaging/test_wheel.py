"""The wheel holds all it needs, and works from a folder that is not the project's."""

import os
import subprocess
import sys
import zipfile
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path

import pytest

PROJECT = Path(__file__).parents[2]
PURE = ("geo", "schemas", "sync")
ROOMS = (*PURE, "fieldkit", "server")
# Every pure room, and each kind of data that lies in their packages.
TELLING = (
    "geo/test_package_data.py",
    "geo/test_membership.py",
    "schemas/test_codes.py",
    "schemas/test_record.py",
    "schemas/test_reference_lists.py",
    "sync/test_envelope.py",
    "sync/test_vectors.py",
)


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with nothing in it but the unpacked wheel."""
    folder = tmp_path_factory.mktemp("installed")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder)
    return folder


def python(installed: Path, *words: str) -> str:
    """Run Python elsewhere, with the installed copy before the work tree."""
    path = os.pathsep.join((str(installed), str(PROJECT / "tests")))
    done = subprocess.run(
        [sys.executable, *words],
        cwd=installed.parent,
        env=os.environ | {"PYTHONPATH": path, "PYTHONSAFEPATH": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_the_five_rooms_come_from_the_installed_copy_and_are_ours_alone(
    installed: Path,
) -> None:
    found = python(
        installed,
        "-c",
        f"import {', '.join(ROOMS)}\n"
        f"for room in ({', '.join(ROOMS)}): print(room.__file__)",
    ).split()
    assert [Path(file).parent for file in found] == [installed / r for r in ROOMS]


def test_no_other_distribution_brings_one_of_our_import_names() -> None:
    from importlib.metadata import packages_distributions

    owners = packages_distributions()
    for room in ROOMS:
        assert set(owners.get(room, ["gi-fieldkit"])) == {"gi-fieldkit"}


def test_the_wheel_carries_every_data_file_of_the_work_tree(wheel: Path) -> None:
    tracked = subprocess.run(
        ["git", "ls-files", *ROOMS],
        cwd=PROJECT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.split()
    with zipfile.ZipFile(wheel) as archive:
        missing = set(tracked) - set(archive.namelist())
    assert missing == set()


@pytest.mark.parametrize(
    "tests", [TELLING, pytest.param(PURE, marks=pytest.mark.soak)], ids=["part", "all"]
)
def test_the_pure_rooms_tests_pass_against_the_installed_copy(
    installed: Path, tests: Sequence[str]
) -> None:
    paths = [str(PROJECT / "tests" / name) for name in tests]
    words = ["-m", "pytest", "-q", "-p", "no:cacheprovider", "-c", os.devnull]
    options = ["--rootdir", str(installed.parent), "--import-mode=importlib"]
    report = python(installed, *words, *options, "-k", "not property", *paths)
    assert " passed" in report


@pytest.mark.parametrize("command", ["fieldkit", "server"])
def test_the_commands_start_from_the_installed_copy(
    installed: Path, command: str
) -> None:
    start = f"from {command}.cli import main; import sys; sys.argv[1:] = ['--help']"
    assert "--help" in python(installed, "-c", f"{start}; main()")


@pytest.mark.parametrize(
    ("command", "name"), [("fieldkit",) * 2, ("server", "gi-server")]
)
def test_the_commands_tell_their_version(
    installed: Path, command: str, name: str
) -> None:
    start = f"from {command}.cli import main; import sys; sys.argv[1:] = ['--version']"
    told = python(installed, "-c", f"{start}; main()")
    assert told == f"{name} {version('gi-fieldkit')}\n"
