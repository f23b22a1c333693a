"""The front-end's modules, each file of tests run by node's own test runner."""

import subprocess
import sys
from pathlib import Path

import pytest
from node import run_node

HERE = Path(__file__).parent
FILES = sorted(HERE.rglob("*.test.js"))


@pytest.mark.parametrize("file", FILES, ids=lambda f: str(f.relative_to(HERE)))
def test_every_module_keeps_what_its_tests_say(file):
    ran = run_node("--test", "--test-reporter=spec", str(file))
    assert ran.returncode == 0, ran.stdout[-8000:] + ran.stderr[-4000:]
    assert "tests 0\n" not in ran.stdout, "the file holds no test"


def test_the_vendored_bundles_are_the_published_ones():
    script = HERE.parents[1] / ".ci" / "vendor"
    ran = subprocess.run(
        [sys.executable, str(script), "--check"], capture_output=True, text=True
    )
    assert ran.returncode == 0, ran.stderr
