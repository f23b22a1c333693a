"""A zoo of protected origins, small enough to see and odd enough to bite."""

from datetime import date

import shapely
from shapely import MultiPolygon, Polygon
from shapely.affinity import translate

from geo.area import Area
from geo.datum import Datum

SQUARE = shapely.box(114.0, 25.0, 115.0, 26.0)
WITH_HOLE = Polygon(SQUARE.exterior, [shapely.box(114.4, 25.4, 114.6, 25.6).exterior])
ISLAND_IN_HOLE = MultiPolygon([WITH_HOLE, shapely.box(114.48, 25.48, 114.52, 25.52)])
ISLANDS = MultiPolygon([SQUARE, shapely.box(115.3, 25.2, 115.6, 25.5)])
STAR = Polygon(
    [
        (114.5, 26.0),
        (114.55, 25.6),
        (115.0, 25.5),
        (114.55, 25.4),
        (114.5, 25.0),
        (114.45, 25.4),
        (114.0, 25.5),
        (114.45, 25.6),
    ]
)
NEEDLE = Polygon([(114.0, 25.0), (115.0, 25.0000001), (115.0, 25.0)])
ON_THE_EQUATOR = translate(SQUARE, xoff=-104.5, yoff=-25.5)
FAR_NORTH = translate(STAR, yoff=57.0)
# Touching at one vertex is valid: a hole's corner on the outer ring.
PINCHED = Polygon(SQUARE.exterior, [[(114.0, 25.0), (114.5, 25.2), (114.2, 25.5)]])
# Hundreds of edges, all of them equally far from the middle.
COAST = shapely.Point(114.5, 25.5).buffer(0.4, quad_segs=100)

GEOMETRIES = {
    "square": SQUARE,
    "with hole": WITH_HOLE,
    "island in hole": ISLAND_IN_HOLE,
    "islands": ISLANDS,
    "star": STAR,
    "needle": NEEDLE,
    "on the equator": ON_THE_EQUATOR,
    "far north": FAR_NORTH,
    "pinched": PINCHED,
    "coast": COAST,
}


def area_of(geometry: Polygon | MultiPolygon, **terms: object) -> Area:
    """Return an area with these polygons, all else filled in."""
    filled = {
        "right": "r",
        "version": "1",
        "tolerance_m": 5.0,
        "datum": Datum.CGCS2000,
        "in_force_from": date(2024, 1, 1),
    }
    return Area(geometry=geometry, **{**filled, **terms})


AREAS = {name: area_of(geometry) for name, geometry in GEOMETRIES.items()}
