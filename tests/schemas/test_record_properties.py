"""The quick check and the explaining one hold the same opinion."""

import copy
from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.assessment import assess, shipped_reference
from schemas.examples import example
from schemas.premises import premises_key
from schemas.record import accepts, explain

STARTS = ("xunwu_record", "full_amendment")

# Values that sit on the limits which the two validators draw.
EDGE_VALUES = [
    None,
    True,
    False,
    0,
    1,
    -1,
    0.0,
    1.0,
    0.5,
    1.5,
    -0.0,
    90,
    90.0000001,
    180,
    -180.5,
    10**6,
    10**13,
    10**13 + 1,
    2**53,
    2**63,
    2**64,
    10**40,
    float("nan"),
    float("inf"),
    5e-324,
    "",
    " ",
    "\u3000",
    "\t",
    "\n",
    "a\n",
    "a\nb",
    "\x00",
    "\x7f",
    "\u2028",
    "é",
    "\ud800",
    "🍊",
    "0",
    "00",
    "0.1234",
    "999999999.999",
    "1000000000",
    "１",
    "360734",
    "360734000000",
    "2023-02-29",
    "2024-02-29",
    "2023-12-02T10:20:00Z",
    "2023-12-02T24:00:00Z",
    "2023-12-02T10:20:60Z",
    "2023-12-02T10:20:00.1234567Z",
    "2023-12-02T10:20:00+14:59",
    "2023-12-02t10:20:00z",
    "a/b",
    "image/jpeg",
    "NV-000",
    "g1",
    "e1",
    "a" * 36,
    "a" * 37,
    "a" * 64,
    "a" * 65,
    "橙" * 200,
    "橙" * 201,
    [],
    {},
    [[]],
    ["g1"],
    ["g1", "g1"],
    [None],
    {"kind": "finalise"},
    {"x": {}},
]
EDGES = st.sampled_from(EDGE_VALUES)
JSON = st.recursive(
    EDGES | st.text(max_size=8) | st.floats() | st.integers(),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.text(max_size=6), inner, max_size=3)
    ),
    max_leaves=4,
)


def paths(value, so_far=()):
    """Return every place in a document."""
    found = [so_far]
    items = value.items() if isinstance(value, dict) else ()
    items = enumerate(value) if isinstance(value, list) else items
    for key, inner in items:
        found += paths(inner, (*so_far, key))
    return found


PLACES = {name: paths(example(name))[1:] for name in STARTS}


@st.composite
def mutated(draw):
    """A real record in which one to three places were changed."""
    name = draw(st.sampled_from(STARTS))
    record = example(name)
    for _ in range(draw(st.integers(0, 3))):
        *way, last = draw(st.sampled_from(PLACES[name]))
        holder = record
        for step in way:
            holder = _inner(holder, step)
        if isinstance(holder, dict | list):
            _mutate(draw, holder, last)
    return record


def _inner(holder, step):
    if isinstance(holder, dict):
        return holder.get(step)
    is_there = isinstance(holder, list) and isinstance(step, int) and step < len(holder)
    return holder[step] if is_there else None


def _mutate(draw, holder, key):
    act = draw(st.sampled_from([*["alike"] * 4, "set", "delete", "repeat", "name"]))
    if isinstance(holder, list):
        if act == "repeat":
            holder += copy.deepcopy(holder) * draw(st.sampled_from([1, 60]))
        elif act == "delete":
            del holder[-1:]
        elif key in range(len(holder)):
            holder[key] = draw(_value(act, holder[key]))
    elif act == "delete":
        holder.pop(key, None)
    elif act == "name":
        holder[draw(st.text(max_size=8))] = draw(JSON)
    else:
        holder[key] = draw(_value(act, holder.get(key)))


def _value(act, before):
    """Draw any value, or one of the same kind, which more often is accepted."""
    alike = [edge for edge in EDGE_VALUES if _kind(edge) == _kind(before)]
    return st.sampled_from(alike) if act == "alike" and alike else JSON


def _kind(value):
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return "number" if is_number else type(value).__name__


@given(mutated())
@settings(max_examples=600, deadline=None)
def test_a_record_is_accepted_exactly_when_nothing_speaks_against_it(record):
    assert accepts(record) == (explain(record) == [])


@given(st.sampled_from(STARTS), st.data())
@settings(max_examples=400, deadline=None)
def test_any_single_value_at_any_place_finds_both_of_one_opinion(name, data):
    record = example(name)
    *way, last = data.draw(st.sampled_from(PLACES[name]))
    holder = record
    for step in way:
        holder = holder[step]
    holder[last] = data.draw(EDGES)
    assert accepts(record) == (explain(record) == [])


@given(mutated())
@settings(max_examples=200, deadline=None)
def test_whatever_is_accepted_can_be_assessed_and_its_premises_named(record):
    """One bad record never blocks another, so no accepted one may raise later."""
    if accepts(record):
        assess(record["body"], date(2023, 12, 2), shipped_reference())
        assert premises_key(record["body"])


@given(JSON)
def test_any_json_value_at_all_is_judged_without_an_error(value):
    assert accepts(value) == (explain(value) == [])
    assert not accepts(value)
