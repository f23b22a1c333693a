"""The commands that people follow word for word: README, quick start, upgrade."""

import re
import shlex
from pathlib import Path
from typing import Any

import pytest
from typer.main import get_command

from fieldkit.cli import build
from server.cli import app as gi_server
from server.trust_words import FILE_NAME

ROOT = Path(__file__).parents[2]
PAGES = ("README.md", "README.zh-CN.md", "docs/operations.md", "docs/fieldkit.md")
PROGRAMS = {"fieldkit": build(), "gi-server": gi_server}


def section(page: str, heading: str) -> str:
    """Return what stands under a heading of the page, its title's if none is named."""
    parts = re.split(r"^#+ (.+)$", (ROOT / page).read_text("utf-8"), flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True))[heading]


def typed_on(page: str) -> list[list[str]]:
    """Return the words of each of our commands in the page's blocks of code."""
    text = (ROOT / page).read_text("utf-8")
    lines = "\n".join(re.findall(r"^```\n(.*?)^```", text, re.M | re.S)).splitlines()
    words = [shlex.split(line.removeprefix("$ "), comments=True) for line in lines]
    return [line for line in words if line and line[0] in PROGRAMS]


def parse(program: str, arguments: list[str]) -> None:
    """Read the arguments as the program would, and run nothing."""
    command: Any = get_command(PROGRAMS[program])
    while getattr(command, "commands", None):
        command, arguments = command.commands[arguments[0]], arguments[1:]
    command.make_context(program, list(arguments))


@pytest.mark.parametrize("page", PAGES)
def test_every_command_of_the_page_is_one_that_can_be_typed(page: str) -> None:
    typed = typed_on(page)
    assert typed
    for program, *arguments in typed:
        parse(program, arguments)


@pytest.mark.parametrize("page", [page for page in PAGES if "operations" not in page])
def test_enrolling_trusts_the_authority_that_the_quick_start_makes(page: str) -> None:
    (enrol,) = [line for line in typed_on(page) if line[1] == "enrol"]
    assert enrol[2:4] == ["--ca", f"{FILE_NAME}.pem"]
    quick = section("docs/operations.md", "Running a bureau's server")
    assert f"GI_PUBLIC_URL={enrol[4]}" in quick


def test_the_quick_start_reaches_the_guides_first_step() -> None:
    quick = section("docs/operations.md", "Running a bureau's server")
    serving, _, enrolling = quick.partition("second terminal")
    assert "gi-server run --host 0.0.0.0 --trust-port 8471" in serving
    assert enrolling.count("--officer ") == 2
    (home,) = {*re.findall(r"GI_HOME=\S+", quick)}
    assert home in enrolling
    for guide in ("zh-CN", "en"):
        text = (ROOT / f"docs/field-guide.{guide}.md").read_text("utf-8")
        assert "http://192.168.1.10:8471/trust" in text


def test_an_upgrade_backs_up_before_the_new_version_comes() -> None:
    upgrade = section("docs/operations.md", "Upgrade")
    steps = ["Stop", "gi-server backup", "pip install --upgrade", "gi-server init"]
    places = [upgrade.index(step) for step in [*steps, "gi-server run"]]
    assert places == sorted(places)
