"""Programs of the tests in JavaScript, run by the node that the wheel carries."""

import json
from pathlib import Path
from typing import Any

from app.test_modules import run_node


def node_json(script: Path, *words: str) -> Any:
    """Return what a script prints, read as JSON."""
    ran = run_node(str(script), *words)
    assert ran.returncode == 0, ran.stdout[-4000:] + ran.stderr[-4000:]
    return json.loads(ran.stdout)
