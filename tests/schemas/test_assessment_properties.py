"""A record's assessment does not depend on the batch it comes in."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.assessment import assess, assess_many, shipped_reference
from schemas.assessment.stated import Agreement, compare_divisions
from schemas.codes import code_list
from schemas.examples import example
from schemas.vocabulary import words

FIXES = st.fixed_dictionaries(
    {
        "lon_deg": st.floats(113.5, 117.0),
        "lat_deg": st.floats(24.0, 27.5),
        "datum": st.sampled_from(["WGS84", "CGCS2000", "GCJ02", "BD09"]),
        "source": st.just("gnss"),
    },
    optional={"radius95_m": st.none() | st.floats(0.1, 5000)},
)
CODES = st.sampled_from(["360734", "360721", "350426", "36", "360700", "440282", "45"])
ORIGINS = st.one_of(
    st.builds(lambda fix: {"fix": fix}, FIXES),
    st.builds(lambda code: {"admin_code": code}, CODES),
    st.just({"text": "不明"}),
)


@st.composite
def cases(draw):
    body = example("xunwu_observation")
    body["site"] = {
        "premises_type": draw(st.sampled_from(words("premises_type"))),
        "fix": draw(st.none() | FIXES),
    }
    lot = body["goods"][0] | {"kind": draw(st.sampled_from(words("lot_kind")))}
    body["goods"] = [
        lot | {"id": f"g{n}", "evidenced_origins": draw(st.lists(ORIGINS, max_size=3))}
        for n in range(draw(st.integers(0, 3)))
    ]
    codes = st.sampled_from([code.code for code in code_list()])
    body["violations"] = [{"id": "v1", "code": draw(codes)}]
    return body, draw(st.sampled_from([date(1990, 1, 1), date(2023, 12, 2)]))


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
