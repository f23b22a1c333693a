"""Text that a spreadsheet shows, and never runs."""

import pytest

from server.csv_text import safe_cell


@pytest.mark.parametrize("text", ["＝1+1", "＋1+1", "－1+1", "＠SUM(A1)", "\n=1+1"])
def test_a_formula_in_wide_characters_is_one_too(text: str) -> None:
    """Lesson 32: a Chinese or Japanese Excel takes them as their narrow ones."""
    assert safe_cell(text) == "'" + text


@pytest.mark.parametrize("text", ["", "赣州", "-115.65", "a=1", "３６０７３４"])
def test_other_texts_and_numbers_are_left_alone(text: str) -> None:
    assert safe_cell(text) == text
