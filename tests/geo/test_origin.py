"""Inside, outside or undetermined, in metres (lesson 21: a fence ignored accuracy)."""

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import Point
from zoo import AREAS, GEOMETRIES, SQUARE, area_of

from geo.area import Area
from geo.datum import BD09_ERROR_M, GCJ02_ERROR_M, Datum, from_wgs84
from geo.errors import PositionRefused
from geo.fix import Fix
from geo.origin import (
    OriginCheck,
    Verdict,
    check_origin,
    check_origin_many,
    covers_many,
)
from geo.package_data import default_area

RADII = st.one_of(st.none(), st.floats(0.1, 5_000.0), st.sampled_from([5.0, 700.0]))
DATUMS = st.sampled_from(list(Datum))
XUNWU = Fix(115.6512, 24.9633, radius95_m=12.0)
YOUXI = Fix(118.1904, 26.1701, radius95_m=12.0)


def positions_of_note(geometry):
    """Anywhere, near, on vertices, on edges, and a hair's breadth beside them."""
    vertices = shapely.get_coordinates(geometry)
    vertex = st.integers(0, len(vertices) - 1).map(lambda n: tuple(vertices[n]))
    on_edge = st.tuples(
        st.integers(0, len(vertices) - 2), st.sampled_from([0.5, 0.25, 1 / 3])
    ).map(lambda at: tuple(vertices[at[0]] * (1 - at[1]) + vertices[at[0] + 1] * at[1]))
    hair = st.sampled_from([0.0, 1e-13, -1e-13, 1e-9, -1e-9, 1e-6, -1e-4])
    beside = st.tuples(st.one_of(vertex, on_edge), hair, hair).map(
        lambda at: (at[0][0] + at[1], at[0][1] + at[2])
    )
    west, south, east, north = geometry.bounds
    near = st.tuples(
        st.floats(west - 0.3, east + 0.3), st.floats(south - 0.3, north + 0.3)
    )
    anywhere = st.tuples(st.floats(-180.0, 180.0), st.floats(-90.0, 90.0))
    return st.one_of(vertex, on_edge, beside, near, near, anywhere)


def as_one_by_one(area: Area, rows, datum: Datum, convert: bool) -> list[OriginCheck]:
    return [
        check_origin(area, Fix(lon, lat, radius, datum), convert=convert)
        for (lon, lat), radius in rows
    ]


def as_arrays(area: Area, rows, datum: Datum, convert: bool) -> list[OriginCheck]:
    positions = np.array([position for position, _ in rows], dtype=float)
    radii = np.array([np.nan if r is None else r for _, r in rows], dtype=float)
    checks = check_origin_many(
        area, positions[:, 0], positions[:, 1], radii, datum, convert=convert
    )
    return [checks.at(row) for row in range(len(checks))]


@pytest.mark.parametrize("name", sorted(GEOMETRIES))
@given(data=st.data())
@settings(max_examples=40, deadline=None)
def test_arrays_answer_as_single_fixes_do(name, data):
    row = st.tuples(positions_of_note(GEOMETRIES[name]), RADII)
    rows = data.draw(st.lists(row, min_size=1, max_size=20))
    datum, convert = data.draw(DATUMS), data.draw(st.booleans())
    for area in (AREAS[name], busy_area(name)):
        assert as_arrays(area, rows, datum, convert) == as_one_by_one(
            area, rows, datum, convert
        )


@given(data=st.data())
@settings(max_examples=30, deadline=None)
def test_arrays_answer_as_single_fixes_do_on_the_shipped_origin(data):
    row = st.tuples(positions_of_note(default_area().geometry), RADII)
    rows = data.draw(st.lists(row, min_size=1, max_size=20))
    datum = data.draw(DATUMS)
    assert as_arrays(default_area(), rows, datum, True) == as_one_by_one(
        default_area(), rows, datum, True
    )


_BUSY: dict[str, Area] = {}


def busy_area(name: str) -> Area:
    """An area asked so often that its grids of cells and edges are laid out."""
    if name not in _BUSY:
        _BUSY[name] = area = area_of(GEOMETRIES[name])
        middle = GEOMETRIES[name].centroid
        many = np.full(25_000, middle.x), np.full(25_000, middle.y)
        check_origin_many(area, *many, 5.0)
    return _BUSY[name]


@pytest.mark.parametrize("name", sorted(GEOMETRIES))
@given(data=st.data())
@settings(max_examples=60, deadline=None)
def test_labels_equal_covers(name, data):
    """Lesson 26: the border belongs to the area: ``covers``, not ``contains``."""
    geometry = GEOMETRIES[name]
    positions = data.draw(
        st.lists(positions_of_note(geometry), min_size=1, max_size=30)
    )
    lon, lat = np.array(positions, dtype=float).T.copy()
    expected = [bool(geometry.covers(Point(at))) for at in positions]
    assert covers_many(AREAS[name], lon, lat).tolist() == expected
    assert covers_many(busy_area(name), lon, lat).tolist() == expected
    assert [
        check_origin(AREAS[name], Fix(*at, None)).distance_m >= 0.0 or not covers
        for at, covers in zip(positions, expected, strict=True)
    ] == [True] * len(positions)


def test_labels_equal_covers_for_100000_positions_in_and_around_ganzhou():
    area = default_area()
    west, south, east, north = area.geometry.bounds
    generator = np.random.default_rng(11)
    lon = generator.uniform(west - 0.1, east + 0.1, 100_000)
    lat = generator.uniform(south - 0.1, north + 0.1, 100_000)
    expected = shapely.covers(area.geometry, shapely.points(lon, lat))
    assert (covers_many(area, lon, lat) == expected).all()


@pytest.mark.parametrize(
    ("name", "lon", "lat", "verdict"),
    [
        ("with hole", 114.2, 25.2, "inside"),
        ("with hole", 114.5, 25.5, "outside"),
        ("island in hole", 114.5, 25.5, "inside"),
        ("island in hole", 114.45, 25.45, "outside"),
        ("islands", 115.45, 25.35, "inside"),
        ("islands", 115.15, 25.35, "outside"),
        ("square", 114.0, 25.5, "undetermined"),
        ("square", 114.0, 25.0, "undetermined"),
        ("on the equator", 10.0, 0.0, "inside"),
    ],
)
def test_holes_are_outside_islands_inside_and_the_border_in_between(
    name, lon, lat, verdict
):
    assert check_origin(AREAS[name], Fix(lon, lat, 8.0)).verdict == verdict


def test_the_band_decides_and_its_edge_is_undetermined():
    """1,000.0 m inside: a band of 1,000 m cannot tell, one of 999.9 m can."""
    probe = Fix(114.5, 25.5, 10.0)
    distance_m = check_origin(AREAS["square"], probe).distance_m
    for tolerance_m, verdict in (
        (distance_m - 10.0, Verdict.UNDETERMINED),
        (distance_m - 10.1, Verdict.INSIDE),
    ):
        check = check_origin(area_of(SQUARE, tolerance_m=tolerance_m), probe)
        assert check.verdict is verdict


def test_an_unknown_radius_is_undetermined_but_still_measured():
    check = check_origin(AREAS["square"], Fix(114.5, 25.5, None))
    assert (check.verdict, check.band_m) == (Verdict.UNDETERMINED, None)
    assert check.distance_m > 50_000


def test_the_xunwu_warehouse_is_inside_and_the_fruit_from_youxi_outside():
    """The published case: site and evidenced origin are two things (fact 1)."""
    site, fruit = (check_origin(default_area(), fix) for fix in (XUNWU, YOUXI))
    assert site.verdict is Verdict.INSIDE
    assert fruit.verdict is Verdict.OUTSIDE
    assert -170_000 < fruit.distance_m < -100_000
    assert site.band_m == fruit.band_m == 712.0


@pytest.mark.parametrize(
    ("datum", "error_m"), [(Datum.GCJ02, GCJ02_ERROR_M), (Datum.BD09, BD09_ERROR_M)]
)
def test_a_converted_fix_carries_the_conversions_error_in_its_band(datum, error_m):
    plain = check_origin(default_area(), XUNWU)
    shifted = from_wgs84(np.array([XUNWU.lon_deg]), np.array([XUNWU.lat_deg]), datum)
    fix = Fix(float(shifted[0][0]), float(shifted[1][0]), 12.0, datum)
    check = check_origin(default_area(), fix)
    assert check.distance_m == plain.distance_m
    assert check.band_m == plain.band_m + error_m
    assert check.datum_path == f"{datum}>WGS84"


def test_with_conversion_switched_off_nothing_is_said():
    fix = Fix(115.65, 24.96, 12.0, Datum.GCJ02)
    expected = OriginCheck(Verdict.UNDETERMINED, None, None, "GCJ02")
    assert check_origin(default_area(), fix, convert=False) == expected
    ground = Fix(115.65, 24.96, 12.0, Datum.CGCS2000)
    check = check_origin(default_area(), ground, convert=False)
    assert check.verdict is Verdict.INSIDE


def test_each_row_may_have_a_datum_of_its_own():
    datums = [Datum.WGS84, Datum.BD09, Datum.GCJ02, Datum.CGCS2000, Datum.BD09]
    checks = check_origin_many(
        default_area(), [115.65] * 5, [24.96] * 5, [12.0, 5.0, np.nan, 1.0, 9.0], datums
    )
    radii = [12.0, 5.0, None, 1.0, 9.0]
    assert [checks.at(row) for row in range(5)] == [
        check_origin(default_area(), Fix(115.65, 24.96, radius, datum))
        for radius, datum in zip(radii, datums, strict=True)
    ]


@pytest.mark.parametrize(
    ("lon", "lat", "radius", "code"),
    [
        (np.nan, 25.0, 5.0, "position-not-finite"),
        (25.0, 115.0, 5.0, "position-axis-order"),
        (200.0, 25.0, 5.0, "position-out-of-range"),
        (115.0, 25.0, 0.0, "radius-not-positive"),
        (115.0, 25.0, np.inf, "radius-not-positive"),
    ],
)
def test_one_bad_row_is_refused_by_its_number(lon, lat, radius, code):
    with pytest.raises(PositionRefused) as refused:
        check_origin_many(default_area(), [115.0, lon], [25.0, lat], [5.0, radius])
    assert (refused.value.code, refused.value.place) == (code, "row 1")


def test_columns_of_different_length_are_refused():
    with pytest.raises(PositionRefused) as refused:
        check_origin_many(default_area(), [115.0, 115.1], [25.0], 5.0)
    assert refused.value.code == "positions-shape"


def test_no_positions_have_no_verdicts():
    assert len(check_origin_many(default_area(), [], [], None)) == 0


def test_verdicts_read_as_words_in_a_whole_array():
    checks = check_origin_many(
        default_area(), [115.65, 118.19, 115.65], [24.96, 26.17, 24.96], [5, 5, np.nan]
    )
    assert checks.labels().tolist() == [
        Verdict.INSIDE,
        Verdict.OUTSIDE,
        Verdict.UNDETERMINED,
    ]
    assert np.isnan(checks.band_m[2])
    assert checks.distance_m[2] > 0
