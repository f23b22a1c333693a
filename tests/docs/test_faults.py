"""docs/faults.md promises tests: each is there, and none of the faults is left out."""

import ast
import re
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "docs" / "faults.md").read_text("utf-8")
NAMED = sorted(set(re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", TEXT)))
FAULTS = """lost; replay; twice in one batch; same id with other content; malleated;
cloned outbox; gap; amendment before its target; two amendments; bad signature;
unknown device; revoked device; foreign unit; one bad record among 500; truncated;
over-large; gzip bomb; wrong content type; clock ten years off; device is killed;
server is killed; device's disk is full; server's disk is full; two syncs at once;
two workers take an amendment; older backup; enrolled, or revoked, after; upgraded with
records waiting; missing on the device's disk; no server, no link; browser is killed;
app is closed; power cut after "saved"; dies in the middle of a sync;
cut every 100 kB; two windows;
an update while a draft is open; storage is purged; tablet's clock is wrong;
tablet's storage is full; does not come in time; 10,000 records"""


@cache
def functions(path: str) -> set[str]:
    tree = ast.parse((ROOT / path).read_text("utf-8"))
    return {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}


@pytest.mark.parametrize(("path", "name"), NAMED)
def test_every_test_named_is_there(path: str, name: str) -> None:
    assert name in functions(path)


def test_every_line_names_a_test() -> None:
    lines = [line for line in TEXT.splitlines() if line.startswith("| ")]
    heads = ("| fault |", "| always |")
    told = [line for line in lines if not line.startswith(heads)]
    assert len(told) > 40
    assert [line for line in told if "::" not in line] == []


@pytest.mark.parametrize("fault", [" ".join(f.split()) for f in FAULTS.split(";")])
def test_no_fault_is_left_out(fault: str) -> None:
    cells = [line.split("|")[1] for line in TEXT.splitlines() if line[:2] == "| "]
    assert any(fault in cell for cell in cells)
