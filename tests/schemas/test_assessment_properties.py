"""A record's assessment does not depend on the batch it comes in."""

import pytest
from assessment_cases import CODES, cases
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.assessment import assess, assess_many, shipped_reference
from schemas.assessment.stated import Agreement, compare_divisions


@given(st.lists(cases(), max_size=6))
@settings(max_examples=60, deadline=None)
def test_a_batch_says_of_each_record_what_the_record_alone_does(batch):
    known = shipped_reference()
    together = assess_many(batch, known)
    assert together == [assess(body, acted_on, known) for body, acted_on in batch]


@given(st.lists(cases(), min_size=2, max_size=6))
@settings(max_examples=30, deadline=None)
def test_the_order_of_a_batch_does_not_matter(batch):
    known = shipped_reference()
    assert assess_many(batch[::-1], known) == assess_many(batch, known)[::-1]


@given(st.data(), CODES, CODES)
def test_comparing_divisions_never_calls_a_place_different_from_its_parts(
    data, declared, evidenced
):
    current = {"360734", "360726", "350426", "440282"}
    found = compare_divisions(declared, evidenced, current)
    if evidenced.startswith(declared.rstrip("0")):
        assert found is Agreement.AGREES
    if declared.startswith(evidenced):
        assert found is not Agreement.DIFFERS


@pytest.mark.parametrize("pair", [(None, "36"), ("36", None), (None, None)])
def test_an_unknown_division_is_not_compared(pair):
    assert compare_divisions(*pair, {"360734"}) is Agreement.UNKNOWN
