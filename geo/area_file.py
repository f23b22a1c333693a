"""Import of a protected origin from GeoJSON: taken whole, or refused with the place.

GeoJSON (RFC 7946) is WGS 84 by its standard, yet files in China come in four datums
and seldom say so (lesson 25). The datum must therefore be stated, and where the file
follows county borders it is held against them (`geo.control`).
"""

from collections.abc import Sequence
from datetime import date
from functools import partial

import numpy as np
import shapely
from shapely import MultiPolygon, Polygon

from geo.area import Area
from geo.area_rings import AreaLimits, PolygonRings, read_polygons, stated_datum
from geo.control import require_datum_fits
from geo.counties import CountyMap
from geo.datum import Datum, to_wgs84
from geo.package_data import load_counties
from geo.plane import Floats
from geo.validity import require_valid

__all__ = ["AreaLimits", "import_area", "read_area"]


def read_area(
    data: bytes,
    *,
    datum: Datum | None,
    limits: AreaLimits | None = None,
    control: CountyMap | None = None,
) -> Polygon | MultiPolygon:
    """Return the polygons of a GeoJSON file on the ground datum; they are valid.

    Several polygons, features or counties become one area by their union. Heights
    are dropped. A file in GCJ-02 or BD-09 is converted, vertex by vertex; the
    conversion's error is for the tolerance to bear: `import_area` sees to it.

    Parameters
    ----------
    data : bytes
        UTF-8. Polygon, MultiPolygon, Feature or FeatureCollection of these.
    datum : Datum, optional
        None is allowed only if the file states its datum in a ``crs`` member.
    limits : AreaLimits, optional
        How much is read before it is refused.
    control : CountyMap, optional
        Whose borders are the control points; the shipped counties by default.

    Raises
    ------
    AreaRefused
        With a code, the place and the reason in two languages; nothing is kept.
        Size: ``area-too-many-bytes``, ``area-too-many-vertices``. Form:
        ``area-not-json``, ``area-not-geojson``, ``area-not-polygon``,
        ``area-empty``, ``area-not-position``, ``area-not-finite``,
        ``area-ring-too-short``, ``area-ring-not-closed``. Degrees:
        ``area-axis-order``, ``area-out-of-range``. Datum: ``area-datum-missing``,
        ``area-datum-unknown``, ``area-datum-contradicted``. Validity: see
        `geo.validity`.

    Examples
    --------
    >>> square = b'{"type": "Polygon", "coordinates": [[[114, 25], [115, 25],'
    >>> square += b' [115, 26], [114, 26], [114, 25]]]}'
    >>> read_area(square, datum=Datum.CGCS2000).bounds
    (114.0, 25.0, 115.0, 26.0)
    >>> read_area(square, datum=None)
    Traceback (most recent call last):
    geo.errors.AreaRefused: The datum is not stated: WGS84, CGCS2000, GCJ02 or BD09.
    """
    document, rings = read_polygons(data, limits or AreaLimits())
    stated = stated_datum(document, datum)
    area = _one_area([_polygon(of_polygon) for of_polygon in rings])
    require_datum_fits(area, stated, control or load_counties())
    if stated.is_ground:
        return area
    converted = shapely.transform(area, partial(_to_ground, datum=stated))
    return require_valid(converted, place="converted")


def import_area(
    data: bytes,
    *,
    right: str,
    version: str,
    datum: Datum,
    tolerance_m: float,
    in_force_from: date,
    in_force_to: date | None = None,
    source: str = "",
    legal_act: str = "",
    member_codes: Sequence[str] = (),
    supersedes: str | None = None,
    confirmed: bool = False,
    limits: AreaLimits | None = None,
    control: CountyMap | None = None,
) -> Area:
    """Return the protected origin that a GeoJSON file and its terms make.

    Of a file in GCJ-02 or BD-09 the conversion's error is added to
    ``tolerance_m`` and the datum is kept in ``converted_from``.

    Raises
    ------
    AreaRefused
        As `read_area` and `Area` do.
    """
    geometry = read_area(data, datum=datum, limits=limits, control=control)
    return Area(
        right=right,
        version=version,
        geometry=geometry,
        tolerance_m=tolerance_m + datum.conversion_error_m,
        datum=datum if datum.is_ground else Datum.WGS84,
        in_force_from=in_force_from,
        in_force_to=in_force_to,
        source=source,
        legal_act=legal_act,
        member_codes=tuple(member_codes),
        supersedes=supersedes,
        converted_from=None if datum.is_ground else datum,
        confirmed=confirmed,
    )


def _polygon(of_polygon: PolygonRings) -> Polygon:
    outer, *holes = of_polygon.rings
    polygon = Polygon(outer, holes)
    require_valid(polygon, place=of_polygon.place)
    return polygon


def _one_area(polygons: Sequence[Polygon]) -> Polygon | MultiPolygon:
    """Return the union of polygons, with the right-hand rule of RFC 7946 3.1.6."""
    union = polygons[0] if len(polygons) == 1 else shapely.union_all(list(polygons))
    return require_valid(shapely.orient_polygons(union), place="union")


def _to_ground(lonlat: Floats, datum: Datum) -> Floats:
    ground = to_wgs84(lonlat[:, 0], lonlat[:, 1], datum)
    return np.column_stack((ground.lon_deg, ground.lat_deg))
