"""Bodies to learn from and to test with: published cases, as inputs."""

import json
from importlib.resources import files
from typing import Any


def example(name: str) -> dict[str, Any]:
    """Return a fresh copy of ``schemas/examples/<name>.json``."""
    text = files("schemas").joinpath("examples", f"{name}.json").read_text("utf-8")
    found: dict[str, Any] = json.loads(text)
    return found
