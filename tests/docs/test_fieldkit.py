"""Every command, option, setting and exit code of the device is in its manual."""

import re
from pathlib import Path
from typing import Any

import pytest
from typer.main import get_command

from fieldkit.cli import COMMANDS, build
from fieldkit.exit_codes import EXIT_CODES, ExitCode
from fieldkit.home import Home
from fieldkit.outbox.migrations import NEWEST
from sync.outbox_port import OutboxState

MANUAL = Path(__file__).parents[2] / "docs" / "fieldkit.md"
FIELDKIT = Path(__file__).parents[2] / "fieldkit"


@pytest.fixture(scope="module")
def manual() -> str:
    return MANUAL.read_text("utf-8")


@pytest.fixture(scope="module")
def rows(manual: str) -> dict[str, list[str]]:
    """The cells of each table row, by what its first cell begins with as code."""
    found = re.findall(r"^\| `([^`]+)`[^|]*\|(.+)\|$", manual, re.MULTILINE)
    return {first: [cell.strip() for cell in rest.split("|")] for first, rest in found}


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_is_in_the_manual_with_its_options(
    rows: dict[str, list[str]], name: str
) -> None:
    command: Any = get_command(build()).commands[name]  # type: ignore[attr-defined]
    (row,) = [rest for first, rest in rows.items() if first.split()[1:2] == [name]]
    options = {
        option
        for parameter in command.params
        for option in parameter.opts
        if option.startswith("--") and option != "--help"
    }
    assert set(re.findall(r"`(--[a-z-]+)`", row[1])) == options


def test_every_exit_code_is_in_the_manual(rows: dict[str, list[str]]) -> None:
    told = {int(code): cells[0] for code, cells in rows.items() if code.isdecimal()}
    assert told == {code.value: code.name for code in ExitCode}
    assert set(EXIT_CODES.values()) <= set(ExitCode)


def test_every_variable_that_is_read_is_in_the_manual(manual: str) -> None:
    read = {
        name
        for file in FIELDKIT.rglob("*.py")
        for name in re.findall(r'"((?:GI|FIELDKIT)_[A-Z_]+)"', file.read_text("utf-8"))
    }
    assert read == {
        "FIELDKIT_HOME",
        "FIELDKIT_PASSPHRASE_FILE",
        "FIELDKIT_PROTECTION",
        "FIELDKIT_RECEIVER",
        "GI_LANG",
    }
    assert all(f"`{name}`" in manual for name in read)


def test_every_file_in_the_home_is_in_the_manual(manual: str) -> None:
    home = Home(Path("home"))
    for path in (home.outbox_path, home.photos_path, home.keys_path):
        assert path.name in manual
    assert home.sync_lock_path.name in manual
    for past_version in range(1, NEWEST):
        assert f"{home.outbox_path.name}.v{past_version}.copy" in manual


def test_every_state_is_in_the_manual(manual: str) -> None:
    for state in ("draft", *OutboxState):
        assert f"`{state}`" in manual
