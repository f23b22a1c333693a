"""What Python says of positions, in the shape that clients are compared by."""

from typing import Any

import numpy as np
from app.geo.field_points import Point

from geo.area import Area
from geo.counties import CountyMap
from geo.datum import Datum, to_wgs84
from geo.origin import check_origin_many


def answers(
    area: Area, counties: CountyMap | None, points: list[Point]
) -> list[dict[str, Any]]:
    """What Python says of each position, in the order of the app's answers."""
    lon, lat, radius, datum = zip(*points, strict=True)
    radii = [np.nan if metres is None else metres for metres in radius]
    datums = [Datum(name) for name in datum]
    checks = check_origin_many(area, lon, lat, radii, datums)
    hits = counties and counties.locate_many(lon, lat, radii, datums)
    ground = [to_wgs84(p.lon_deg, p.lat_deg, Datum(p.datum)) for p in points]
    metres = area.border.metres_from_many(
        np.array([at.lon_deg for at in ground]), np.array([at.lat_deg for at in ground])
    )
    return [
        {
            "ground_lon_deg": ground[row].lon_deg,
            "ground_lat_deg": ground[row].lat_deg,
            "metres": float(metres[row]),
            "verdict": checks.at(row).verdict.value,
            "distance_m": checks.at(row).distance_m,
            "band_m": checks.at(row).band_m,
            "datum_path": checks.at(row).datum_path,
            "county": hits and county_json(hits.at(row)),
        }
        for row in range(len(points))
    ]


def county_json(hit: Any) -> dict[str, Any]:
    names = ("code", "name", "is_ambiguous", "kind")
    return {name: getattr(hit, name) for name in names}
