"""The app's answers about positions are those of the server, to the last bit."""

import json
import os
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import zoo
from app.geo.field_points import Point, field_points
from app.geo.same_bits import answers
from app.geo.vectors import FILE, document
from app.node import node_json

from geo.area import Area, area_document
from geo.counties import CountyMap
from geo.package_data import counties_document, default_area, load_counties

SOAK = {"short": 20_000}.get(os.environ.get("SOAK", ""), 50_000)
COMPARE = Path(__file__).with_name("compare.js")


def compared(
    file: Path, area: Area, counties: CountyMap | None, points: list[Point]
) -> dict[str, Any]:
    found = answers(area, counties, points)
    question = {
        "area": area_document(area),
        "area_sha256": area.sha256,
        "counties": counties and counties_document(),
        "rows": [
            point._asdict() | {"answers": answer}
            for point, answer in zip(points, found, strict=True)
        ],
    }
    file.write_text(json.dumps(question), encoding="utf-8")
    return node_json(COMPARE, str(file))


@pytest.mark.parametrize("count", [8_000, pytest.param(SOAK, marks=pytest.mark.soak)])
def test_positions_have_the_same_verdict_distance_and_county(tmp_path, count):
    points = field_points(count)
    report = compared(tmp_path / "points.json", default_area(), load_counties(), points)
    assert report["shown"] == []
    assert report["compared"] == count


def lattice(area: Area) -> list[Point]:
    """Positions on vertices, edges and their extensions, and between them."""
    west, south, east, north = area.geometry.bounds
    lons = np.linspace(west - 0.1, east + 0.1, 41)
    lats = np.linspace(south - 0.1, north + 0.1, 41)
    grid = [(float(lon), float(lat)) for lon in lons for lat in lats]
    corners = [(round(lon, 2), round(lat, 2)) for lon, lat in grid]
    return [Point(*at, 5.0, "WGS84") for at in (*grid, *corners)]


@pytest.mark.parametrize("name", zoo.AREAS)
def test_odd_areas_cover_the_same_positions(name, tmp_path):
    area = zoo.AREAS[name]
    report = compared(tmp_path / "zoo.json", area, None, lattice(area))
    assert report["shown"] == []
    assert report["compared"] > 3_000


def test_the_vectors_for_other_clients_are_current():
    assert FILE.read_text(encoding="utf-8") == document()
