"""The origin rule of a record, on the shipped counties and protected origin."""

from dataclasses import replace
from datetime import date

import pytest

from geo.catalogue import AreaCatalogue
from geo.package_data import default_area
from schemas.assessment import NO_ORIGIN, assess, shipped_reference
from schemas.codes import code_list

ACTED_ON = date(2023, 12, 2)
RIGHT = "gannan-navel-orange"
XUNWU = {"admin_code": "360734"}
YOUXI = {"admin_code": "350426"}


@pytest.fixture(scope="module")
def known():
    return shipped_reference()


@pytest.fixture
def judge(body, known):
    """Assess the Xunwu case with another lot, site or code."""

    def judged(*codes, lot=None, site=None, unit="360734", on=ACTED_ON, by=known):
        body["site"] |= site or {}
        body["goods"][0] |= lot or {}
        body["unit_code"] = unit
        body["violations"] = [
            {"id": f"v{n}", "code": code} for n, code in enumerate(codes)
        ]
        return assess(body, on, by)

    return judged


def supports(assessment):
    return [violation.support for violation in assessment.violations]


def fix(lon_deg, lat_deg, radius95_m=12.0, datum="WGS84"):
    return {
        "lon_deg": lon_deg,
        "lat_deg": lat_deg,
        "radius95_m": radius95_m,
        "datum": datum,
        "source": "gnss",
    }


IN_XUNWU = fix(115.6512, 24.9633)
IN_NANCHANG = fix(115.89, 28.68)


def test_xunwu_warehouse_inside_holds_fruit_from_outside(body, known):
    """Nov–Dec 2023: the site is inside, the oranges grew in Youxi, Fujian."""
    found = assess(body, ACTED_ON, known)
    (lot,) = found.lots
    assert (lot.verdict, lot.basis, lot.origin_index) == ("outside", "admin-code", 0)
    assert lot.area_sha256 == default_area().sha256
    assert found.county.name == "寻乌县"
    assert not found.county_unit_mismatch
    assert found.lot_verdicts == {"g1": "outside"}
    (violation,) = found.violations
    assert violation.counts_as_act
    assert violation.primary
    assert violation.support == "not_applicable", "TM-202 needs no origin"


def test_outside_fruit_under_the_name_supports_passing_off_and_mixing(judge):
    assert supports(judge("GI-101", "OR-302", "TR-405")) == ["supports"] * 3


def test_an_honest_shop_in_nanchang_sells_genuine_fruit(judge):
    found = judge(
        "GI-101", site={"fix": IN_NANCHANG}, lot={"evidenced_origins": [XUNWU]}
    )
    assert found.lots[0].verdict == "inside"
    assert supports(found) == ["contradicts"]
    assert found.county_kind in {"other", "none"}
    assert found.county_unit_mismatch


def test_in_an_orchard_the_site_is_the_origin_whatever_the_papers_say(judge):
    found = judge("GI-101", "HV-501", site={"premises_type": "orchard"})
    (lot,) = found.lots
    assert (lot.verdict, lot.basis) == ("inside", "site-fix")
    assert lot.origin_index == NO_ORIGIN
    assert lot.distance_m > lot.band_m == 712.0
    assert supports(found) == ["contradicts", "supports"]


def test_a_mock_position_decides_nothing_however_exact_it_calls_itself(judge):
    """Lesson 23: a receiver that mocks says 1 m as readily as 1 km."""
    mocked = {"premises_type": "orchard", "fix": {**IN_XUNWU, "is_mock": True}}
    found = judge("HV-501", site=mocked)
    assert found.lots[0].verdict == "undetermined"
    assert found.lots[0].band_m is None
    assert found.county.is_ambiguous
    assert supports(found) == ["open"]


def test_a_mock_position_does_not_refute_what_was_stated(judge):
    """OR-301: where a mock puts the orchard says nothing of the declared division."""
    lot = {"declared_origin": YOUXI}
    orchard = {"premises_type": "orchard", "fix": IN_XUNWU}
    assert supports(judge("OR-301", site=orchard, lot=lot)) == ["supports"]
    orchard["fix"] = {**IN_XUNWU, "is_mock": True}
    assert supports(judge("OR-301", site=orchard, lot=lot)) == ["open"]


def test_an_orchard_without_a_fix_is_undetermined(judge):
    orchard = {"premises_type": "orchard", "fix": None, "no_fix_reason": "无信号"}
    found = judge("GI-101", site=orchard)
    assert found.lots[0].verdict == "undetermined"
    assert found.lots[0].basis == "none"
    assert found.county is None
    assert found.county_kind == "no_position"
    assert not found.county_unit_mismatch
    assert supports(found) == ["open"]


@pytest.mark.parametrize("evidenced", [[], [{"text": "福建某地"}]])
def test_without_an_evidenced_origin_nothing_is_determined(judge, evidenced):
    found = judge("GI-101", "HV-501", "OR-301", lot={"evidenced_origins": evidenced})
    assert [lot.verdict for lot in found.lots] == ["undetermined"]
    assert supports(found) == ["open"] * 3


@pytest.mark.parametrize(
    "lot",
    [
        {"kind": "packaging", "quantity": {"value": "4530", "unit": "box"}},
        {"kind": "label"},
        {"quantity": {"value": "9000", "unit": "sticker"}},
    ],
)
def test_4530_boxes_without_fruit_have_no_origin(judge, lot):
    """融安 2024: a case of packaging alone; origin not applicable."""
    found = judge("GI-101", "OR-301", "TM-204", lot=lot)
    assert [lot.verdict for lot in found.lots] == ["not_applicable"]
    assert found.lot_verdicts == {"g1": "not_applicable"}
    assert supports(found) == ["not_applicable"] * 3


def test_a_box_may_hold_fruit(judge):
    found = judge("GI-101", lot={"quantity": {"value": "40", "unit": "box"}})
    assert supports(found) == ["supports"]


def test_a_mixed_lot_is_outside_in_part_and_that_supports_mixing(judge):
    origins = [XUNWU | {"share": 0.97}, YOUXI | {"share": 0.03}]
    found = judge("OR-302", "GI-104", lot={"evidenced_origins": origins})
    assert [lot.verdict for lot in found.lots] == ["inside", "outside"]
    assert [lot.origin_index for lot in found.lots] == [0, 1]
    assert found.lot_verdicts == {"g1": "outside"}
    assert supports(found) == ["supports", "supports"]


def test_a_rest_of_unknown_origin_keeps_the_question_open(judge):
    origins = [XUNWU | {"share": 0.5}]
    found = judge("GI-101", lot={"evidenced_origins": origins})
    assert found.lots[0].verdict == "inside"
    assert found.lot_verdicts == {"g1": "undetermined"}
    assert supports(found) == ["open"]


def test_the_in_rule_is_the_out_rule_turned_round(judge):
    assert supports(judge("HV-501")) == ["contradicts"]
    assert supports(judge("HV-501", lot={"evidenced_origins": [XUNWU]})) == ["supports"]


def test_the_officer_decides_manual_codes(judge):
    assert supports(judge("GI-107", "ZZ-999", "OR-303")) == ["open"] * 3


def test_codes_that_need_no_origin_are_not_applicable(judge):
    codes = [code.code for code in code_list() if code.origin_rule == "none"]
    assert set(supports(judge(*codes))) == {"not_applicable"}


@pytest.mark.parametrize(
    ("declared", "evidenced", "support"),
    [
        ("360734", "350426", "supports"),
        ("360734", "360726", "supports"),
        ("360734", "360734", "contradicts"),
        ("360700", "360734", "contradicts"),
        ("360734", "360000", "open"),
        ("360734", None, "open"),
        (None, "350426", "open"),
    ],
)
def test_a_forged_origin_is_declared_against_evidenced(
    judge, declared, evidenced, support
):
    lot = {
        "declared_origin": {"admin_code": declared} if declared else {"text": "江西"},
        "evidenced_origins": [{"admin_code": evidenced}] if evidenced else [],
    }
    assert supports(judge("OR-301", lot=lot)) == [support]


def test_an_evidenced_position_is_compared_by_its_county(judge):
    lot = {
        "declared_origin": {"admin_code": "360726"},
        "evidenced_origins": [{"fix": IN_XUNWU}],
    }
    assert supports(judge("OR-301", lot=lot)) == ["supports"]
    lot["evidenced_origins"] = [{"fix": fix(115.6512, 24.9633, 90_000)}]
    assert supports(judge("OR-301", lot=lot)) == ["open"]


def test_an_evidenced_fix_is_judged_by_its_distance_and_band(judge):
    origins = [{"fix": fix(115.6512, 24.9633, 50)}, {"fix": fix(118.19, 26.17, 500)}]
    inside, outside = judge("GI-101", lot={"evidenced_origins": origins}).lots
    assert (inside.verdict, inside.basis) == ("inside", "origin-fix")
    assert outside.verdict == "outside"
    assert outside.distance_m < -outside.band_m
    assert outside.band_m == 1200.0


def test_an_unknown_radius_decides_nothing(judge):
    origins = [{"fix": fix(118.19, 26.17, None)}]
    (lot,) = judge("GI-101", lot={"evidenced_origins": origins}).lots
    assert (lot.verdict, lot.band_m) == ("undetermined", None)
    assert lot.distance_m < -100_000


@pytest.mark.parametrize(
    ("admin_code", "verdict"),
    [
        ("360734", "inside"),
        ("360734104000", "inside"),
        ("360721", "inside"),
        ("360700", "inside"),
        ("360000", "undetermined"),
        ("36", "undetermined"),
        ("440282", "outside"),
        ("350000", "outside"),
    ],
)
def test_a_division_is_decided_by_membership_not_by_polygons(
    judge, admin_code, verdict
):
    """360721 is the former code of 赣县; a province with members cannot be told."""
    origins = [{"admin_code": admin_code}]
    (lot,) = judge("GI-101", lot={"evidenced_origins": origins}).lots
    assert (lot.verdict, lot.distance_m) == (verdict, None)


def test_a_violation_concerns_the_lots_it_names_or_all(body, known):
    inside = body["goods"][0] | {"id": "g2", "evidenced_origins": [XUNWU]}
    body["goods"].append(inside)
    body["violations"] = [
        {"id": "v1", "code": "GI-101", "goods": ["g1"]},
        {"id": "v2", "code": "GI-101", "goods": ["g2"]},
        {"id": "v3", "code": "GI-101"},
    ]
    found = assess(body, ACTED_ON, known)
    assert supports(found) == ["supports", "contradicts", "supports"]


def test_a_visit_without_goods_leaves_origin_open(body):
    body["goods"] = []
    body["violations"] = [{"id": "v1", "code": "GI-101"}]
    found = assess(body, ACTED_ON, shipped_reference())
    assert found.lots == ()
    assert supports(found) == ["open"]


def test_the_version_in_force_on_the_day_of_the_act_decides(judge, known):
    first = replace(default_area(), version="1", in_force_to=date(2023, 12, 2))
    second = replace(
        default_area(), version="2", in_force_from=date(2023, 12, 3), tolerance_m=5.0
    )
    by = replace(known, areas=AreaCatalogue([first, second]))
    assert judge("GI-101", by=by).lots[0].area_version == "1"
    later = judge("GI-101", on=date(2023, 12, 3), by=by).lots[0]
    assert (later.area_version, later.area_sha256) == ("2", second.sha256)


def test_without_an_area_in_force_the_verdict_is_undetermined(judge):
    found = judge("GI-101", on=date(1990, 1, 1))
    (lot,) = found.lots
    assert (lot.verdict, lot.area_version, lot.basis) == ("undetermined", "", "none")
    assert supports(found) == ["open"]


def test_each_right_of_a_lot_has_a_verdict_of_its_own(judge, known):
    xinfeng = replace(
        default_area(),
        right="xinfeng-navel-orange",
        geometry=known.counties.geometry("360722"),
        member_codes=("360722",),
    )
    by = replace(known, areas=AreaCatalogue([default_area(), xinfeng]))
    lot = {"rights": [RIGHT, "xinfeng-navel-orange"], "evidenced_origins": [XUNWU]}
    found = judge("GI-101", lot=lot, by=by)
    assert [(lot.right, lot.verdict) for lot in found.lots] == [
        (RIGHT, "inside"),
        ("xinfeng-navel-orange", "outside"),
    ]
    assert supports(found) == ["supports"]


def test_an_area_without_member_codes_goes_by_the_share_inside(judge, known):
    drawn = replace(default_area(), member_codes=())
    by = replace(known, areas=AreaCatalogue([drawn]))
    origins = [{"admin_code": code} for code in ("360734", "440282", "450224")]
    found = judge("GI-101", lot={"evidenced_origins": origins}, by=by)
    assert [lot.verdict for lot in found.lots] == [
        "inside",
        "outside",
        "undetermined",
    ], "450224 is not on the map, so its share cannot be told"


def test_a_switched_off_conversion_decides_nothing(judge, known):
    found = judge(
        "GI-101",
        site={"premises_type": "orchard", "fix": fix(115.65, 24.96, 12, "GCJ02")},
        by=replace(known, convert_datum=False),
    )
    assert (found.lots[0].verdict, found.lots[0].band_m) == ("undetermined", None)
    assert (found.county.code, found.county.is_ambiguous) == (None, True)


def test_a_converted_datum_widens_the_band(judge):
    orchard = {"premises_type": "orchard", "fix": fix(115.65, 24.96, 12, "GCJ02")}
    (lot,) = judge("GI-101", site=orchard).lots
    assert lot.band_m > 712.0
    assert lot.datum_path == "GCJ02>WGS84"
    assert lot.verdict == "inside"


@pytest.mark.parametrize(
    ("unit", "lon_deg", "lat_deg", "is_mismatch"),
    [
        ("360734", 115.6512, 24.9633, False),
        ("360702", 115.6512, 24.9633, True),
        ("3607-RJ", 114.94, 25.85, False),
        ("3607-JK", 115.6512, 24.9633, True),
        ("360734", 100.0, 10.0, True),
    ],
)
def test_a_county_that_does_not_fit_the_unit_is_flagged(
    judge, unit, lon_deg, lat_deg, is_mismatch
):
    """A zone lies in its host county 360702 and has no polygon of its own."""
    found = judge("NV-000", unit=unit, site={"fix": fix(lon_deg, lat_deg)})
    assert found.county_unit_mismatch == is_mismatch


def test_a_position_near_another_county_is_flagged_ambiguous_and_still_counted(
    judge, known
):
    from shapely import shortest_line

    xunwu, pingyuan = (known.counties.geometry(code) for code in ("360734", "441426"))
    lon_deg, lat_deg = shortest_line(xunwu.centroid, pingyuan).coords[1]
    found = judge("NV-000", site={"fix": fix(lon_deg, lat_deg + 0.001)})
    assert found.county.code is not None
    assert found.county.is_ambiguous
    assert not judge("NV-000", site={"fix": IN_XUNWU}).county.is_ambiguous


@pytest.mark.parametrize(
    ("unit", "changes", "is_mismatch"),
    [
        ("360734", {}, False),
        ("360702", {}, True),
        ("360702", {"radius95_m": None}, False),
        ("360702", {"is_mock": True}, False),
    ],
)
def test_a_position_that_may_lie_in_the_units_county_is_not_flagged(
    judge, unit, changes, is_mismatch
):
    """In 安远, 12 m exact, less than 700 m from 寻乌; far from 章贡 (360702)."""
    found = judge("NV-000", unit=unit, site={"fix": fix(115.456, 24.95) | changes})
    assert (found.county.code, found.county.is_ambiguous) == ("360726", True)
    assert found.county_unit_mismatch == is_mismatch


@pytest.mark.parametrize(
    ("kind", "support"), [("fruit", "open"), ("packaging", "not_applicable")]
)
def test_without_a_protected_name_there_is_no_origin_to_test(judge, kind, support):
    """其他柑橘 has no right: a suspicion on it stays open, one on boxes does not."""
    found = judge("GI-101", lot={"kind": kind, "rights": []})
    assert list(found.lot_verdicts.values()) == ["not_applicable"]
    assert supports(found) == [support]


@pytest.mark.parametrize(
    ("state", "counts"), [("suspected", True), ("not_established", False)]
)
def test_an_act_that_was_not_established_counts_no_more(body, known, state, counts):
    body["violations"] = [{"id": "v1", "code": "GI-101", "state": state}]
    (violation,) = assess(body, ACTED_ON, known).violations
    assert violation.counts_as_act == counts
