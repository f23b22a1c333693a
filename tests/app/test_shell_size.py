"""The shell of the app, as a thin link carries it."""

import json
from pathlib import Path

import pytest
from app.node import node_json

from server.field_files import FieldFile, field_files

MOST_BYTES = 350_000
SOURCE = Path(__file__).parents[2] / "fieldkit" / "app"
SAME_TOKENS = Path(__file__).parent / "shell" / "same_tokens.mjs"


def shell() -> list[FieldFile]:
    """Every file but the lists, which are reference data."""
    return [file for file in field_files().values() if not file.name.endswith(".json")]


def carried_bytes(file: FieldFile) -> int:
    return len(file.content if file.gzipped is None else file.gzipped)


def test_the_app_shell_is_at_most_350_kb_gzipped():
    sizes = {file.name: carried_bytes(file) for file in shell()}
    assert len(sizes) > 100, "the app is not where it should be"
    heaviest = sorted(sizes.items(), key=lambda item: -item[1])[:5]
    assert sum(sizes.values()) <= MOST_BYTES, (sum(sizes.values()), heaviest)


@pytest.fixture(scope="module")
def modules() -> list[tuple[str, str, str]]:
    """Each module of ours: its name, its source, and what is served."""
    return [
        (file.name, (SOURCE / file.name).read_text("utf-8"), file.content.decode())
        for file in shell()
        if file.name.endswith(".js") and not file.name.startswith("vendor/")
        if file.name != "sw.js"
    ]


def test_a_module_is_served_without_its_comments_and_is_the_same_program(
    modules, tmp_path
):
    question = tmp_path / "modules.json"
    question.write_text(json.dumps(modules), encoding="utf-8")
    report = node_json(SAME_TOKENS, str(question))
    assert report["differing"] == []
    assert report["compared"] == len(modules) > 100
    assert sum(len(served) for *_, served in modules) < 0.9 * sum(
        len(source) for _, source, _ in modules
    )
