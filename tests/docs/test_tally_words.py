"""Every figure, row key and status of a tally is defined in docs/tally.md."""

from pathlib import Path

import pytest

from server.tally.measures import MEASURE_NAMES
from server.tally.query import DIMENSIONS, STATUSES

TEXT = (Path(__file__).parents[2] / "docs" / "tally.md").read_text("utf-8")


@pytest.mark.parametrize("word", [*MEASURE_NAMES, *DIMENSIONS])
def test_every_figure_and_row_key_is_defined(word: str) -> None:
    assert f"| `{word}` |" in TEXT


@pytest.mark.parametrize("word", STATUSES[1:])
def test_every_status_is_named(word: str) -> None:
    assert f"`{word}`" in TEXT
