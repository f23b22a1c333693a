"""Every setting, command, route, exit code and problem appears in the docs."""

import re
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from typer.main import get_command

from server.access import Access, declared_access
from server.app import create_app
from server.cli import app as gi_server
from server.cli.exit_codes import ExitCode
from server.guesses import MAX_WRONG_CODES
from server.initialising import initialise
from server.problems import CATALOGUE
from server.settings import Settings

DOCS = Path(__file__).parents[2] / "docs"
SPOKEN = {
    Access.ENROLMENT: "anyone",
    Access.DEVICE: "devices, by token",
    Access.LOOPBACK: "this machine",
    Access.PUBLIC: "anyone: static",
}


@pytest.fixture(scope="module")
def operations() -> str:
    return (DOCS / "operations.md").read_text("utf-8")


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    settings = Settings.read({"GI_HOME": str(tmp_path_factory.mktemp("docs") / "home")})
    initialise(settings)
    return create_app(settings)


def rows(text: str) -> dict[str, list[str]]:
    """Return the cells of each table row whose first cell is code, by that."""
    found = re.findall(r"^\| `([^`]+)`[^|]*\|(.+)\|$", text, re.MULTILINE)
    return {first: [cell.strip() for cell in rest.split("|")] for first, rest in found}


def commands(command: Any, name: str) -> set[str]:
    """Return the full names of a command, or of all below it if it is a group."""
    below = getattr(command, "commands", None)
    if below is None:
        return {name}
    return set().union(*(commands(below[word], f"{name} {word}") for word in below))


def test_every_setting_is_documented_with_its_default(operations: str) -> None:
    documented = {
        name: cells for name, cells in rows(operations).items() if "GI_" in name
    }
    settings = {f"GI_{field.name.upper()}" for field in fields(Settings)}
    assert set(documented) == settings
    for field in fields(Settings):
        if field.default not in (None, "") and isinstance(field.default, str | int):
            shown = documented[f"GI_{field.name.upper()}"][0]
            assert shown == f"`{str(field.default).lower()}`" or (
                shown == f"`{field.default}`"
            )


def test_every_command_is_documented(operations: str) -> None:
    group = get_command(gi_server)
    documented = {name for name in rows(operations) if name.startswith("gi-server ")}
    assert documented == commands(group, "gi-server")


def test_every_exit_code_is_documented(operations: str) -> None:
    documented = re.findall(r"^\| (\d+) \| `(\w+)` \|", operations, re.MULTILINE)
    assert {(int(number), name) for number, name in documented} == {
        (code.value, code.name) for code in ExitCode
    }


def test_every_route_is_documented_with_whom_it_answers(
    operations: str, app: Flask
) -> None:
    documented = {
        name: cells[0]
        for name, cells in rows(operations).items()
        if name.startswith(("GET /", "POST /", "PUT /"))
    }
    routes = {}
    for rule in app.url_map.iter_rules():
        path = re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", rule.rule)
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}:
            routes[f"{method} {path}"] = declared_access(app, rule.endpoint)
    assert set(documented) == set(routes)
    for route, access in routes.items():
        assert access is not None
        if access is not Access.ENROLMENT:
            assert documented[route].startswith(SPOKEN[access]), route
        else:
            assert not documented[route].startswith("this machine"), route


def test_every_problem_is_documented_with_its_status() -> None:
    documented = rows((DOCS / "problems.md").read_text("utf-8"))
    assert {code: int(cells[0]) for code, cells in documented.items()} == {
        code: problem.status for code, problem in CATALOGUE.items()
    }
    for cells in documented.values():
        assert cells[-1] in ("again", "sign in", "stop", "skip")


def test_the_lock_out_is_as_documented(operations: str) -> None:
    assert f"After {MAX_WRONG_CODES} wrong codes" in operations


def test_the_pages_link_to_pages_that_are_there() -> None:
    for name in ("operations.md", "problems.md"):
        text = (DOCS / name).read_text("utf-8")
        for target in re.findall(r"\]\(([\w-]+\.md)\)", text):
            assert (DOCS / target).exists(), f"{name}: {target}"
