"""The unified social credit code of GB 32100."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.uscc import ALPHABET, check_digit, is_valid

BODIES = st.text(ALPHABET, min_size=17, max_size=17)


@pytest.mark.parametrize("code", ["91350100M000100Y43", "914403001922038216"])
def test_published_codes_are_valid(code):
    """The standard's own example, and a company's published code."""
    assert is_valid(code)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "91350100M000100Y4",
        "91350100M000100Y433",
        "91350100M000100Y44",
        "9135010OM000100Y43",
        "91350100m000100y43",
        "９1350100M000100Y43",
    ],
)
def test_what_only_looks_like_a_code_is_not_valid(text):
    assert not is_valid(text)


@given(BODIES, st.integers(0, 16), st.sampled_from(ALPHABET))
def test_one_wrong_character_never_goes_unnoticed(body, place, character):
    code = body + check_digit(body)
    wrong = code[:place] + character + code[place + 1 :]
    assert is_valid(code)
    assert is_valid(wrong) == (wrong == code)


@given(BODIES, st.integers(0, 15))
def test_two_neighbours_exchanged_never_go_unnoticed(body, place):
    code = body + check_digit(body)
    swapped = code[:place] + code[place + 1] + code[place] + code[place + 2 :]
    assert is_valid(swapped) == (swapped == code)
