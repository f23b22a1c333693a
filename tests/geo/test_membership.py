"""Administrative origins: by membership, or by share where nothing was listed."""

import pytest
import shapely
from zoo import SQUARE, area_of

from geo.errors import AdminCodeRefused
from geo.membership import check_admin_share, check_membership
from geo.origin import OriginCheck, Verdict
from geo.package_data import default_area, load_counties

XINFENG = area_of(SQUARE, member_codes=("360722",))
COUNTIES = load_counties()


@pytest.mark.parametrize("code", load_counties().codes)
def test_every_shipped_county_is_decided_by_its_code(code):
    verdict = check_membership(default_area(), code).verdict
    assert verdict == ("inside" if code.startswith("3607") else "outside")


@pytest.mark.parametrize(
    ("code", "verdict"),
    [
        ("360722", "inside"),
        ("360722105", "inside"),
        ("360722105000", "inside"),
        ("360722000000", "inside"),
        ("360734", "outside"),
        ("360700", "undetermined"),
        ("3607", "undetermined"),
        ("360000", "undetermined"),
        ("36", "undetermined"),
        ("350426", "outside"),
        ("440000", "outside"),
        ("45", "outside"),
    ],
)
def test_a_unit_that_contains_a_member_cannot_be_told(code, verdict):
    check = check_membership(XINFENG, code)
    assert check == OriginCheck(Verdict(verdict), None, None, "admin-code")


@pytest.mark.parametrize("code", ["360721", "360727", "360782", "360700", "3607"])
def test_former_codes_and_the_prefecture_itself_are_members_of_the_default(code):
    assert check_membership(default_area(), code).verdict is Verdict.INSIDE


def test_the_province_of_the_default_contains_members():
    assert check_membership(default_area(), "360000").verdict is Verdict.UNDETERMINED


@pytest.mark.parametrize("code", ["100000", "10", "999999", "160734"])
def test_a_code_of_no_known_province_decides_nothing(code: str) -> None:
    """100000 is China, which contains every member; the others are nowhere."""
    assert check_membership(default_area(), code).verdict is Verdict.UNDETERMINED


def test_an_area_without_member_codes_says_nothing_by_code():
    assert check_membership(area_of(SQUARE), "360722").verdict is Verdict.UNDETERMINED


@pytest.mark.parametrize(
    "code", ["", "3607-JK", "36072", "赣州", "0" * 6, "３６０７２２", "36" * 7]
)
def test_what_is_no_administrative_code_is_refused(code):
    with pytest.raises(AdminCodeRefused) as refused:
        check_membership(XINFENG, code)
    assert refused.value.code == "admin-code-malformed"


@pytest.mark.parametrize("code", load_counties().codes)
def test_by_share_every_shipped_county_comes_out_as_by_code(code):
    """Neighbours share the border to the metre and must still be outside."""
    by_code = check_membership(default_area(), code).verdict
    by_share = check_admin_share(default_area(), COUNTIES.geometry(code))
    assert by_share.verdict is by_code
    assert (by_share.distance_m, by_share.band_m) == (None, 1400.0)


@pytest.mark.parametrize(
    ("unit", "verdict"),
    [
        (shapely.box(114.2, 25.2, 114.8, 25.8), "inside"),
        (shapely.box(114.0, 25.0, 115.0, 26.0), "inside"),
        (shapely.box(113.995, 24.995, 115.005, 26.005), "inside"),
        (shapely.box(114.5, 25.5, 115.5, 26.5), "undetermined"),
        (shapely.box(113.0, 24.0, 116.0, 27.0), "undetermined"),
        (shapely.box(115.0, 25.0, 116.0, 26.0), "outside"),
        (shapely.box(114.995, 25.0, 116.0, 26.0), "outside"),
        (shapely.box(114.999, 25.2, 115.001, 25.3), "undetermined"),
    ],
)
def test_the_border_is_widened_by_both_tolerances(unit, verdict):
    """5 m and 700 m: some 0.007 degrees."""
    assert check_admin_share(area_of(SQUARE), unit).verdict == verdict
