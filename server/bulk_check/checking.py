"""The verdict and the county of many points at once."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from geo.area import Area
from geo.counties import CountyMap
from geo.origin import Verdict, check_origin_many
from server.bulk_check.points import Point
from server.tally.query import NO_COUNTY, NO_POSITION

UNKNOWN_M = math.nan
# A radius must be above 0 (lesson 23); an exact position has this one.
EXACT_M = 1e-6


@dataclass(frozen=True, slots=True)
class CheckTerms:
    """What points are checked against, and how exact they are taken to be.

    ``radius_m`` is the 95 % radius of points that name none; by default nobody
    knows it, and they are undetermined. `EXACT_M` leaves only the area's own
    tolerance in the band.
    """

    area: Area
    counties: CountyMap
    radius_m: float = UNKNOWN_M
    convert_datum: bool = True


class Checked(NamedTuple):
    """What is added to a point, in the order of `points.ADDED_COLUMNS`.

    Distance and band are in metres, None where there is no such figure.
    """

    verdict: str
    distance_m: float | None
    band_m: float | None
    county_code: str
    county_name: str
    county_ambiguous: bool
    area_version: str


def check_points(points: Sequence[Point], terms: CheckTerms) -> list[Checked]:
    """Return the answer for each point, in order.

    A point without a position is undetermined. `county_code` is ``none``
    outside of every known county, ``no_position`` without a position;
    `county_ambiguous` if another one is within its band.
    """
    version = terms.area.version
    undetermined = str(Verdict.UNDETERMINED)
    nowhere = Checked(undetermined, None, None, NO_POSITION, "", True, version)
    placed = [point for point in points if point.lon_deg is not None]
    found = iter(_check_placed(placed, terms) if placed else ())
    return [nowhere if point.lon_deg is None else next(found) for point in points]


def _check_placed(points: Sequence[Point], terms: CheckTerms) -> list[Checked]:
    lon_deg = np.array([point.lon_deg for point in points], dtype=np.float64)
    lat_deg = np.array([point.lat_deg for point in points], dtype=np.float64)
    radius_m = np.array(
        [terms.radius_m if p.radius_m is None else p.radius_m for p in points],
        dtype=np.float64,
    )
    datums = [point.datum for point in points]
    convert = terms.convert_datum
    checks = check_origin_many(
        terms.area, lon_deg, lat_deg, radius_m, datums, convert=convert
    )
    hits = terms.counties.locate_many(
        lon_deg, lat_deg, radius_m, datums, convert=convert
    )
    names = {county.code: county.name for county in terms.counties.counties}
    return [
        Checked(
            str(label),
            _figure(distance_m),
            _figure(band_m),
            code or NO_COUNTY,
            names.get(code, ""),
            bool(is_ambiguous),
            terms.area.version,
        )
        for label, distance_m, band_m, code, is_ambiguous in zip(
            checks.labels(),
            checks.distance_m.tolist(),
            checks.band_m.tolist(),
            hits.codes().tolist(),
            hits.is_ambiguous.tolist(),
            strict=True,
        )
    ]


def _figure(value: float) -> float | None:
    return None if value != value else round(value, 3)
