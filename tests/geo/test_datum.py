"""Datums: 600 m that nobody sees (lesson 25, domain fact 10)."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyproj import Geod

from geo.datum import (
    BD09_ERROR_M,
    GCJ02_ERROR_M,
    Datum,
    from_wgs84,
    radius95_from_68,
    require_datum,
    to_wgs84,
)
from geo.errors import DatumRequired
from geo.package_data import load_counties

WGS84 = Geod(ellps="WGS84")
IN_CHINA = st.tuples(st.floats(75.0, 134.0), st.floats(4.0, 53.0))


def published_gcj02(lon, lat):
    """The formula as published, with the library's sines: an independent witness."""
    x, y, pi = lon - 105.0, lat - 35.0, math.pi
    north = -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * abs(x) ** 0.5
    east = 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * abs(x) ** 0.5
    fast = (20 * math.sin(6 * x * pi) + 20 * math.sin(2 * x * pi)) * 2 / 3
    north += fast + (20 * math.sin(y * pi) + 40 * math.sin(y / 3 * pi)) * 2 / 3
    north += (160 * math.sin(y / 12 * pi) + 320 * math.sin(y * pi / 30)) * 2 / 3
    east += fast + (20 * math.sin(x * pi) + 40 * math.sin(x / 3 * pi)) * 2 / 3
    east += (150 * math.sin(x / 12 * pi) + 300 * math.sin(x / 30 * pi)) * 2 / 3
    a, ee = 6378245.0, 0.00669342162296594323
    magic = 1 - ee * math.sin(math.radians(lat)) ** 2
    north *= 180 / ((a * (1 - ee)) / (magic * math.sqrt(magic)) * pi)
    east *= 180 / (a / math.sqrt(magic) * math.cos(math.radians(lat)) * pi)
    return lon + east, lat + north


def published_bd09(lon, lat):
    """Baidu's step as published, with arctangent and all."""
    x, y = published_gcj02(lon, lat)
    x_pi = math.pi * 3000.0 / 180.0
    z = math.sqrt(x * x + y * y) + 0.00002 * math.sin(y * x_pi)
    theta = math.atan2(y, x) + 0.000003 * math.cos(x * x_pi)
    return z * math.cos(theta) + 0.0065, z * math.sin(theta) + 0.006


@pytest.mark.parametrize(
    ("datum", "published"),
    [(Datum.GCJ02, published_gcj02), (Datum.BD09, published_bd09)],
)
@given(IN_CHINA)
def test_shifts_are_those_of_the_published_formula(datum, published, position):
    lon, lat = from_wgs84(*(np.array([n]) for n in position), datum)
    assert (lon[0], lat[0]) == pytest.approx(published(*position), abs=1e-11)


@pytest.mark.parametrize("datum", [Datum.GCJ02, Datum.BD09])
@given(IN_CHINA)
def test_there_and_back_is_within_a_micrometre(datum, position):
    shifted = from_wgs84(*(np.array([n]) for n in position), datum)
    back = to_wgs84(float(shifted[0][0]), float(shifted[1][0]), datum)
    _, _, off_m = WGS84.inv(*position, back.lon_deg, back.lat_deg)
    assert off_m < 1e-6


def test_gcj02_is_some_600_metres_away_in_every_county_of_ganzhou():
    counties = load_counties()
    points = [
        counties.geometry(c).representative_point() for c in counties.member_codes
    ]
    lon, lat = np.array([(at.x, at.y) for at in points]).T.copy()
    _, _, off_m = WGS84.inv(lon, lat, *from_wgs84(lon, lat, Datum.GCJ02))
    assert 570 < off_m.min() < off_m.max() < 630
    _, _, off_m = WGS84.inv(lon, lat, *from_wgs84(lon, lat, Datum.BD09))
    assert off_m.min() > 900


def test_the_ground_datums_cost_nothing_and_the_others_say_what_they_cost():
    paths = {d: to_wgs84(114.93, 25.83, d) for d in Datum}
    assert {d: c.error_m for d, c in paths.items()} == {
        Datum.WGS84: 0.0,
        Datum.CGCS2000: 0.0,
        Datum.GCJ02: GCJ02_ERROR_M,
        Datum.BD09: BD09_ERROR_M,
    }
    assert [c.path for c in paths.values()] == [
        "WGS84",
        "CGCS2000",
        "GCJ02>WGS84",
        "BD09>WGS84",
    ]
    assert (paths[Datum.CGCS2000].lon_deg, paths[Datum.CGCS2000].lat_deg) == (
        114.93,
        25.83,
    )


@pytest.mark.parametrize("datum", list(Datum))
@pytest.mark.parametrize("position", [(-9.14, 38.72), (0.0, 0.0), (180.0, -90.0)])
def test_outside_the_formulas_rectangle_nothing_is_shifted(datum, position):
    ground = to_wgs84(*position, datum)
    assert (ground.lon_deg, ground.lat_deg) == position


@given(st.lists(IN_CHINA, min_size=1, max_size=40), st.sampled_from(list(Datum)))
@settings(max_examples=40)
def test_arrays_are_converted_to_the_bits_of_single_positions(positions, datum):
    lon, lat = np.array(positions).T.copy()
    many = to_wgs84(lon, lat, datum)
    single = [to_wgs84(*position, datum) for position in positions]
    assert many.lon_deg.tolist() == [one.lon_deg for one in single]
    assert many.lat_deg.tolist() == [one.lat_deg for one in single]


@pytest.mark.parametrize(
    ("text", "datum"),
    [
        ("WGS84", Datum.WGS84),
        ("wgs-84", Datum.WGS84),
        ("EPSG:4490", Datum.CGCS2000),
        ("EPSG:4326", Datum.WGS84),
        ("GCJ-02", Datum.GCJ02),
        ("bd09", Datum.BD09),
    ],
)
def test_a_datum_is_understood_by_its_usual_names(text, datum):
    assert require_datum(text) is datum


@pytest.mark.parametrize(
    ("text", "code"),
    [(None, "datum-missing"), (" ", "datum-missing"), ("Beijing54", "datum-unknown")],
)
def test_a_missing_or_unknown_datum_is_refused_in_both_languages(text, code):
    with pytest.raises(DatumRequired) as refused:
        require_datum(text, place="row 3")
    assert refused.value.code == code
    assert refused.value.place == "row 3"
    assert "坐标系" in refused.value.message.zh
    assert "datum" in refused.value.message.en


def test_android_radii_are_widened_from_68_to_95_percent():
    """Lesson 22: accuracy means 95 % in browsers and 68 % on Android."""
    factor = math.sqrt(math.log(0.05) / math.log(0.32))
    assert radius95_from_68(10.0) == pytest.approx(10.0 * factor, rel=1e-3)
