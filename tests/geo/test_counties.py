"""County by position: the polygon that covers it, or none, or not to be told."""

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from pyproj import Geod
from shapely import Point, Polygon

from geo.counties import County, CountyMap
from geo.datum import Datum, from_wgs84
from geo.errors import CountiesRefused
from geo.fix import Fix
from geo.package_data import counties_document, load_counties

COUNTIES = load_counties()
WGS84 = Geod(ellps="WGS84")
# Two squares that share an edge, a third apart, one county each.
TOY = CountyMap(
    [
        County("200000", "east", shapely.box(115.0, 25.0, 116.0, 26.0), True),
        County("100000", "west", shapely.box(114.0, 25.0, 115.0, 26.0), True),
        County("300000", "apart", shapely.box(117.0, 25.0, 118.0, 26.0), False),
    ],
    tolerance_m=700.0,
)


def middle_of(code: str) -> tuple[float, float]:
    point = COUNTIES.geometry(code).representative_point()
    return point.x, point.y


def geodesic_to(polygon: Polygon, lon: float, lat: float) -> float:
    """An independent distance: the geodesic to the nearest of many border points."""
    step = 0.0002
    border = shapely.get_coordinates(shapely.segmentize(polygon.boundary, step))
    near = border[np.abs(border - (lon, lat)).max(axis=1) < 0.2]
    if len(near) == 0:
        return np.inf
    lons, lats = np.full(len(near), lon), np.full(len(near), lat)
    _, _, metres = WGS84.inv(lons, lats, near[:, 0], near[:, 1])
    return float(metres.min())


@pytest.mark.parametrize("code", COUNTIES.codes)
def test_every_county_is_found_by_a_position_in_it(code):
    hit = COUNTIES.locate(Fix(*middle_of(code), 10.0))
    assert (hit.code, hit.name) == (code, COUNTIES.name(code))
    assert hit.kind == ("member" if code.startswith("3607") else "other")


def test_there_are_18_members_and_77_others():
    assert len(COUNTIES.member_codes) == 18
    assert len(COUNTIES.codes) == 95


def test_positions_elsewhere_have_no_county_and_are_not_dropped():
    hit = COUNTIES.locate(Fix(116.4, 39.9, 10.0))
    assert (hit.code, hit.name, hit.kind, hit.is_ambiguous) == (
        None,
        None,
        "none",
        False,
    )


@pytest.mark.parametrize("lat", [25.0, 25.3, 26.0])
def test_a_shared_border_belongs_to_the_smaller_code(lat):
    hit = TOY.locate(Fix(115.0, lat, 10.0))
    assert (hit.code, hit.is_ambiguous) == ("100000", True)


def test_the_real_shared_borders_belong_to_the_smaller_code_too():
    west, east = COUNTIES.geometry("360734"), COUNTIES.geometry("360733")
    shared = shapely.get_coordinates(shapely.intersection(west, east))
    assert len(shared) > 10
    codes = {COUNTIES.locate(Fix(lon, lat, 5.0)).code for lon, lat in shared[1:-1]}
    assert "360734" not in codes


@pytest.mark.parametrize(
    ("metres_from_border", "is_ambiguous"), [(600.0, True), (820.0, False)]
)
def test_within_the_band_of_another_county_it_is_ambiguous(
    metres_from_border, is_ambiguous
):
    """Radius 100 m and tolerance 700 m: the band is 800 m."""
    lon, lat, _ = WGS84.fwd(115.0, 25.5, 90.0, metres_from_border)
    assert TOY.locate(Fix(lon, lat, 100.0)).is_ambiguous is is_ambiguous


def test_the_rim_of_the_map_makes_nothing_ambiguous_but_for_those_outside():
    inside = TOY.locate(Fix(114.5, 25.0001, 10.0))
    outside = TOY.locate(Fix(114.5, 24.9999, 10.0))
    assert (inside.code, inside.is_ambiguous) == ("100000", False)
    assert (outside.code, outside.is_ambiguous) == (None, True)


def test_an_unknown_radius_is_ambiguous():
    assert TOY.locate(Fix(114.5, 25.5, None)).is_ambiguous


def test_a_shift_that_is_not_undone_names_no_county():
    hit = TOY.locate(Fix(114.5, 25.5, 5.0, Datum.GCJ02), convert=False)
    assert (hit.code, hit.is_ambiguous) == (None, True)


def test_a_converted_position_has_the_wider_band():
    lon, lat, _ = WGS84.fwd(115.0, 25.5, 270.0, 815.0)
    assert not TOY.locate(Fix(lon, lat, 100.0)).is_ambiguous
    shifted = from_wgs84(np.array([lon]), np.array([lat]), Datum.GCJ02)
    fix = Fix(float(shifted[0][0]), float(shifted[1][0]), 100.0, Datum.GCJ02)
    assert TOY.locate(fix).is_ambiguous


@given(
    st.floats(112.0, 118.8),
    st.floats(23.0, 28.6),
    st.one_of(st.none(), st.floats(1.0, 3000.0)),
)
@settings(max_examples=150, deadline=None)
def test_locating_is_what_a_slow_reader_of_the_design_would_do(lon, lat, radius):
    """Polygon by polygon with ``covers``; distances by geodesics, not our formula."""
    hit = COUNTIES.locate(Fix(lon, lat, radius))
    covering = [c.code for c in COUNTIES.counties if c.geometry.covers(Point(lon, lat))]
    assert hit.code == (min(covering) if covering else None)
    if radius is None:
        assert hit.is_ambiguous
        return
    others = [c.geometry for c in COUNTIES.counties if c.code != hit.code]
    near = [g for g in others if g.distance(Point(lon, lat)) < 0.1]
    away_m = min((geodesic_to(g, lon, lat) for g in near), default=np.inf)
    band_m = radius + 700.0
    if abs(away_m - band_m) > 0.002 * band_m + 25.0:
        assert hit.is_ambiguous == (away_m < band_m)


def test_arrays_answer_as_single_fixes_do_however_many_they_are():
    generator = np.random.default_rng(5)
    lon = generator.uniform(113.5, 117.0, 30_000)
    lat = generator.uniform(24.0, 27.5, 30_000)
    radius = generator.choice([np.nan, 5.0, 300.0, 4000.0], 30_000)
    fresh = CountyMap.from_geojson(counties_document())
    many = fresh.locate_many(lon, lat, radius)
    sample = generator.integers(0, 30_000, 300)
    for row in sample:
        known = None if np.isnan(radius[row]) else float(radius[row])
        assert many.at(row) == COUNTIES.locate(Fix(lon[row], lat[row], known))
    few = COUNTIES.locate_many(lon[sample], lat[sample], radius[sample])
    assert few.codes().tolist() == many.codes()[sample].tolist()
    assert few.is_ambiguous.tolist() == many.is_ambiguous[sample].tolist()


def test_labels_equal_covers_for_20000_positions():
    generator = np.random.default_rng(6)
    lon = generator.uniform(113.5, 117.0, 20_000)
    lat = generator.uniform(24.0, 27.5, 20_000)
    codes = COUNTIES.locate_many(lon, lat, 5.0).codes()
    positions = shapely.points(lon, lat)
    expected = np.full(20_000, None, object)
    for county in reversed(COUNTIES.counties):
        expected[shapely.covers(county.geometry, positions)] = county.code
    assert (codes == expected).all()


@pytest.mark.parametrize(
    ("spoil", "place"),
    [
        (lambda f: f["properties"].pop("adcode"), "features[0]"),
        (lambda f: f.update(geometry={"type": "Point", "coordinates": [1, 2]}),
         "features[0]"),
        (lambda f: f["geometry"]["coordinates"][0].reverse() or f["geometry"].update(
            coordinates=[[[0, 0], [2, 2], [2, 0], [0, 2], [0, 0]]]), "features[0]"),
    ],
)  # fmt: skip
def test_a_faulty_county_document_is_refused_with_the_feature(spoil, place):
    document = counties_document()
    spoil(document["features"][0])
    with pytest.raises(CountiesRefused) as refused:
        CountyMap.from_geojson(document)
    assert (refused.value.code, refused.value.place) == ("counties-document", place)


def test_a_code_that_occurs_twice_and_an_empty_map_are_refused():
    document = counties_document()
    document["features"].append(document["features"][0])
    with pytest.raises(CountiesRefused, match="twice"):
        CountyMap.from_geojson(document)
    with pytest.raises(CountiesRefused, match="no county"):
        CountyMap.from_geojson({"type": "FeatureCollection", "features": []})


@settings(max_examples=100, deadline=None)
@given(
    lon_deg=st.floats(113.8, 116.8),
    lat_deg=st.floats(24.3, 27.2),
    radius95_m=st.none() | st.floats(0.1, 5000),
)
def test_a_position_may_be_in_its_county_and_in_those_within_the_band(
    lon_deg, lat_deg, radius95_m
):
    fix = Fix(lon_deg, lat_deg, radius95_m)
    hit = COUNTIES.locate(fix)
    others = [code for code in COUNTIES.codes if code != hit.code]
    assert hit.code is None or COUNTIES.may_be_in(fix, [hit.code])
    assert COUNTIES.may_be_in(fix, others) == hit.is_ambiguous
    assert COUNTIES.may_be_in(fix, ["999999"]) == (radius95_m is None)
