"""What people read in Chinese: its own marks, and no less than the English tells."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
ROOMS = ("fieldkit", "geo", "schemas", "server", "sync")
# A half-width mark beside a Chinese character.
HALF_WIDTH = r"[\u4e00-\u9fff][,;:?!()]|[,;:?!()][\u4e00-\u9fff]"
# A list in JSON, and what is typed on a command line.
AS_TYPED = ("[经度, 纬度]", "序号:SHA-256")
CAUSES = {"fault", "error"}

SOURCES = [path for room in ROOMS for path in sorted((ROOT / room).rglob("*.py"))]
APP_WORDS = [
    *sorted((ROOT / "fieldkit/app/words").glob("*.js")),
    *sorted((ROOT / "fieldkit/app").rglob("*problems.js")),
    ROOT / "fieldkit/app/schemas/messages.js",
]


def texts(tree: ast.AST) -> list[str]:
    """Return every text of a module but its docstrings."""
    told = {
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    }
    return [
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and node not in told
    ]


def causes(words: ast.AST) -> set[str]:
    """Return the exceptions that a text quotes."""
    return {
        name.id
        for value in ast.walk(words)
        if isinstance(value, ast.FormattedValue)
        for name in ast.walk(value)
        if isinstance(name, ast.Name) and name.id in CAUSES
    }


@pytest.mark.parametrize("room", ROOMS)
def test_chinese_has_its_own_marks(room: str) -> None:
    for path in (path for path in SOURCES if path.is_relative_to(ROOT / room)):
        for text in texts(ast.parse(path.read_text("utf-8"))):
            if not any(typed in text for typed in AS_TYPED):
                assert not re.search(HALF_WIDTH, text), f"{path}: {text}"


def test_the_apps_chinese_has_its_own_marks() -> None:
    for path in APP_WORDS:
        for text in re.findall(r'"[^"\n]*"', path.read_text("utf-8")):
            assert not re.search(HALF_WIDTH, text), f"{path}: {text}"


def test_a_refusal_names_its_cause_in_chinese_too() -> None:
    seen = 0
    for path in SOURCES:
        for call in ast.walk(ast.parse(path.read_text("utf-8"))):
            said = {k.arg: k.value for k in getattr(call, "keywords", ())}
            if said.keys() >= {"zh", "en"} and causes(said["en"]):
                seen += 1
                where = f"{path}:{call.lineno}"  # type: ignore[attr-defined]
                assert causes(said["zh"]) == causes(said["en"]), where
    assert seen > 10
