"""The one formula of distance, against the documents and against a geodesic."""

import math

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from pyproj import Geod
from shapely import Point
from zoo import AREAS, GEOMETRIES

from geo.border import Border
from geo.datum import Datum
from geo.edges import edges_of
from geo.fix import Fix
from geo.origin import check_origin
from geo.package_data import default_area, load_counties
from geo.plane import rounded_m, rounded_many_m

WGS84 = Geod(ellps="WGS84")
NAMES = st.sampled_from(sorted(GEOMETRIES))


def documented_metres(geometry, lon, lat):
    """``examples/origin.py``, word for word but for the constants' names."""
    phi = math.radians(lat)
    flattening = 1.0 - 6.694_379_990_14e-3 * math.sin(phi) ** 2
    prime_vertical_m = 6_378_137.0 / math.sqrt(flattening)
    meridional_m = prime_vertical_m * (1.0 - 6.694_379_990_14e-3) / flattening
    scale = (
        math.radians(1.0) * prime_vertical_m * math.cos(phi),
        math.radians(1.0) * meridional_m,
    )
    border = shapely.transform(geometry.boundary, lambda at: (at - (lon, lat)) * scale)
    return shapely.distance(Point(0.0, 0.0), border)


def positions_near(geometry, reach=0.5):
    west, south, east, north = geometry.bounds
    return st.tuples(
        st.floats(west - reach, east + reach), st.floats(south - reach, north + reach)
    )


@given(NAMES.flatmap(lambda n: st.tuples(st.just(n), positions_near(GEOMETRIES[n]))))
def test_the_distance_is_that_of_the_documented_formula(case):
    name, (lon, lat) = case
    metres = AREAS[name].border.metres_from(lon, lat)
    expected = documented_metres(GEOMETRIES[name], lon, lat)
    assert metres == pytest.approx(expected, rel=1e-9, abs=1e-6)


def test_the_shipped_border_is_measured_as_documented_too():
    area = default_area()
    west, south, east, north = area.geometry.bounds
    generator = np.random.default_rng(7)
    for lon, lat in generator.uniform((west, south), (east, north), (200, 2)):
        expected = documented_metres(area.geometry, lon, lat)
        assert area.border.metres_from(lon, lat) == pytest.approx(expected, abs=1e-5)


@pytest.mark.parametrize("lat_deg", [3.5, 18.2, 25.8, 41.0, 53.5])
@given(
    azimuth_deg=st.floats(0.0, 360.0),
    away_m=st.floats(1.0, 10_000.0),
)
@settings(max_examples=40)
def test_up_to_10_km_the_distance_is_within_0_2_percent_of_the_geodesic(
    lat_deg, azimuth_deg, away_m
):
    """A far smaller polygon than the distance: a corner of it is the nearest point."""
    lon, lat, _ = WGS84.fwd(114.0, lat_deg, azimuth_deg, away_m)
    speck = shapely.Polygon(
        [(lon, lat), (lon + 1e-9, lat), (lon + 1e-9, lat + 1e-9), (lon, lat + 1e-9)]
    )
    metres = Border(edges_of(speck)).metres_from(114.0, lat_deg)
    assert metres == pytest.approx(away_m, rel=2e-3, abs=1e-3)


@pytest.mark.parametrize("name", sorted(GEOMETRIES))
@given(data=st.data())
@settings(max_examples=15, deadline=None)
def test_however_many_are_asked_the_bits_are_those_of_one_position(name, data):
    geometry = GEOMETRIES[name]
    near = data.draw(st.lists(positions_near(geometry), min_size=1, max_size=30))
    far = data.draw(
        st.lists(st.tuples(st.floats(-180, 180), st.floats(-90, 90)), max_size=5)
    )
    vertices = shapely.get_coordinates(geometry)[:20].tolist()
    lon, lat = np.array([*near, *far, *vertices]).T.copy()
    expected = [
        AREAS[name].border.metres_from(*at) for at in zip(lon, lat, strict=True)
    ]
    assert Border(edges_of(geometry)).metres_from_many(lon, lat).tolist() == expected
    assert busy_border(name).metres_from_many(lon, lat).tolist() == expected


_BUSY: dict[str, Border] = {}


def busy_border(name):
    """A border that was asked for so many positions that its grid is laid out."""
    if name not in _BUSY:
        geometry = GEOMETRIES[name]
        _BUSY[name] = Border(edges_of(geometry))
        middle = (
            np.full(25_000, geometry.centroid.x),
            np.full(25_000, geometry.centroid.y),
        )
        _BUSY[name].metres_from_many(*middle)
    return _BUSY[name]


def test_a_border_of_15000_edges_answers_alike_one_by_one_and_all_at_once():
    edges = load_counties().border.edges
    lon, lat = (
        np.random.default_rng(3).uniform((110, 22), (120, 30), (30_000, 2)).T.copy()
    )
    few, many = Border(edges), Border(edges)
    found = many.metres_from_many(lon, lat)[::300].tolist()
    assert found == few.metres_from_many(lon[::300], lat[::300]).tolist()
    assert found == [
        few.metres_from(*at) for at in zip(lon[::300], lat[::300], strict=True)
    ]


def test_on_a_vertex_the_distance_is_nothing():
    for geometry in GEOMETRIES.values():
        border = Border(edges_of(geometry))
        for lon, lat in shapely.get_coordinates(geometry)[:10]:
            assert rounded_m(border.metres_from(lon, lat)) == 0.0


@given(st.floats(0.0, 2e7))
def test_rounding_is_to_the_nearest_decimetre_for_one_and_for_many(metres):
    assert rounded_m(metres) == pytest.approx(metres, abs=0.05 + 1e-8)
    assert rounded_many_m(np.array([metres]))[0] == rounded_m(metres)


def test_halves_are_rounded_upward_as_every_language_can():
    assert [rounded_m(m) for m in (0.25, 0.75, 1.25)] == [0.3, 0.8, 1.3]


def test_at_the_poles_a_distance_is_still_a_number():
    for lat in (-90.0, 90.0):
        check = check_origin(AREAS["square"], Fix(0.0, lat, 5.0, Datum.WGS84))
        assert check.distance_m < -6e6
