"""Records for the assessment, drawn at random: every kind of origin, place and code."""

from datetime import date

from hypothesis import strategies as st

from schemas.codes import code_list
from schemas.examples import example
from schemas.units import units
from schemas.vocabulary import words

FIXES = st.fixed_dictionaries(
    {
        "lon_deg": st.floats(113.5, 117.0),
        "lat_deg": st.floats(24.0, 27.5),
        "datum": st.sampled_from(["WGS84", "CGCS2000", "GCJ02", "BD09"]),
        "source": st.just("gnss"),
    },
    optional={
        "radius95_m": st.none() | st.floats(0.1, 5000) | st.just(12.5),
        "is_mock": st.booleans(),
    },
)
NEAR_XUNWU = st.builds(
    lambda fix: fix | {"lon_deg": 115.456, "lat_deg": 24.95, "datum": "WGS84"}, FIXES
)
CODES = st.sampled_from(
    ["360734", "360721", "350426", "36", "360700", "440282", "45", "360722", "360703"]
)
ORIGINS = st.one_of(
    st.builds(lambda fix: {"fix": fix}, FIXES),
    st.builds(lambda code: {"admin_code": code}, CODES),
    st.builds(
        lambda code, share: {"admin_code": code, "share": share},
        CODES,
        st.sampled_from([0.25, 0.5, 0.1, 0.9, 1.0]),
    ),
    st.just({"text": "不明"}),
)
RIGHTS = st.sampled_from(
    [
        ["gannan-navel-orange"],
        ["xinfeng-navel-orange", "gannan-navel-orange"],
        ["no-such-right"],
        [],
    ]
)
DAYS = st.sampled_from([date(1990, 1, 1), date(2023, 12, 2), date(2025, 11, 1)])


@st.composite
def lots(draw, number):
    """One lot, named by its number."""
    lot = example("xunwu_observation")["goods"][0] | {
        "id": f"g{number}",
        "kind": draw(st.sampled_from(words("lot_kind"))),
        "rights": draw(RIGHTS),
        "evidenced_origins": draw(st.lists(ORIGINS, max_size=3)),
    }
    lot.pop("declared_origin", None)
    if draw(st.booleans()):
        lot["declared_origin"] = draw(ORIGINS)
    if draw(st.booleans()):
        del lot["kind"]
    if draw(st.integers(0, 4)) == 0:
        lot["quantity"] = {"value": "4530", "unit": "sticker"}
    return lot


@st.composite
def cases(draw):
    """One body as accepted, and the day of its act."""
    body = example("xunwu_observation")
    codes = [unit.unit_code for unit in units()]
    body["unit_code"] = draw(st.sampled_from(codes) | st.just("360734"))
    body["site"] = {
        "premises_type": draw(st.sampled_from(words("premises_type"))),
        "fix": draw(st.none() | FIXES | NEAR_XUNWU),
    }
    body["goods"] = [draw(lots(n)) for n in range(draw(st.integers(0, 3)))]
    known = st.sampled_from([code.code for code in code_list()])
    ids = [lot["id"] for lot in body["goods"]]
    body["violations"] = [
        {"id": f"v{n}", "code": draw(known), "primary": n == 0}
        | {"state": draw(st.sampled_from(words("violation_state")))}
        | ({"goods": [draw(st.sampled_from(ids))]} if ids and n % 2 else {})
        for n in range(draw(st.integers(1, 3)))
    ]
    return body, draw(DAYS)
