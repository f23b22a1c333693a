"""Origin check: on which side of a protected origin's border a position lies.

Pure: no clock, network, disk or configuration. The device's advice and the
server's verdict come from this one module, so they cannot drift apart.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import isnan

import numpy as np
from numpy.typing import ArrayLike, NDArray

from geo.area import Area
from geo.cells import NOWHERE
from geo.datum import Datum, to_wgs84
from geo.fix import Fix
from geo.plane import FORMULA_VERSION, Floats, rounded_m, rounded_many_m
from geo.positions import Texts, ground_positions

__all__ = [
    "FORMULA_VERSION",
    "OriginCheck",
    "OriginChecks",
    "Verdict",
    "check_origin",
    "check_origin_many",
    "covers_many",
]


class Verdict(StrEnum):
    """Outcome of an origin check."""

    INSIDE = "inside"
    OUTSIDE = "outside"
    UNDETERMINED = "undetermined"
    NOT_APPLICABLE = "not_applicable"


@dataclass(frozen=True, slots=True)
class OriginCheck:
    """A verdict and the figures that it rests on.

    ``distance_m`` and ``band_m`` are None where there is no such figure: a verdict
    by administrative code has no distance, an unknown radius gives no band.
    """

    verdict: Verdict
    distance_m: float | None
    band_m: float | None
    datum_path: str


def check_origin(area: Area, fix: Fix, *, convert: bool = True) -> OriginCheck:
    """Tell whether a fix lies inside a protected origin, or cannot be told.

    Parameters
    ----------
    area : Area
        Holes are outside. A position on the border belongs to the area
        (``covers``, not ``contains``).
    fix : Fix
        In GCJ-02 or BD-09 it is converted and the conversion's error added to
        the band. A 68 % radius (Android) is to be multiplied by 1.62 first.
    convert : bool
        False: a fix that needs a conversion is undetermined, without figures.

    Returns
    -------
    OriginCheck
        ``distance_m`` from the position to the border by the formula of
        `geo.plane`, rounded to 0.1 m, positive inside, negative outside; within
        0.2 % of the geodesic up to 10 km, indicative beyond. ``band_m`` is radius
        plus tolerance plus the conversion's error. The verdict is
        ``UNDETERMINED`` if the distance is within the band, or if the radius is
        unknown: a finding against a producer must not rest on a receiver's noise
        or a draughtsman's line.

    References
    ----------
    W3C Geolocation, ``accuracy`` (95 %). RFC 7946 3.1.6 (rings) and 3.1.1
    (edges are straight in degrees; the local plane keeps them straight).

    Examples
    --------
    A square of about 1.1 km on the equator, digitised to 5 m:

    >>> from datetime import date
    >>> import shapely
    >>> area = Area(right="r", version="1", geometry=shapely.box(
    ...     9.995, -0.005, 10.005, 0.005), tolerance_m=5, datum=Datum.WGS84,
    ...     in_force_from=date(2024, 1, 1))
    >>> check_origin(area, Fix(10.0, 0.0, radius95_m=8.0)) # doctest: +ELLIPSIS
    OriginCheck(verdict=<Verdict.INSIDE: 'inside'>, distance_m=552.9, band_m=13.0, ...
    >>> check_origin(area, Fix(10.0, 0.0051, radius95_m=8.0)).verdict.value
    'undetermined'
    >>> check_origin(area, Fix(10.0, 0.0, radius95_m=None)).verdict.value
    'undetermined'
    """
    if not (convert or fix.datum.is_ground):
        return OriginCheck(Verdict.UNDETERMINED, None, None, fix.datum.value)
    ground = to_wgs84(fix.lon_deg, fix.lat_deg, fix.datum)
    inside = area.cover.place_of(ground.lon_deg, ground.lat_deg) != NOWHERE
    to_border_m = rounded_m(area.border.metres_from(ground.lon_deg, ground.lat_deg))
    distance_m = to_border_m if inside else 0.0 - to_border_m
    if fix.radius95_m is None:
        return OriginCheck(Verdict.UNDETERMINED, distance_m, None, ground.path)
    band_m = fix.radius95_m + area.tolerance_m + ground.error_m
    verdict = Verdict.INSIDE if inside else Verdict.OUTSIDE
    if to_border_m <= band_m:
        verdict = Verdict.UNDETERMINED
    return OriginCheck(verdict, distance_m, band_m, ground.path)


@dataclass(frozen=True, slots=True, eq=False)
class OriginChecks:
    """`OriginCheck` for many positions, as arrays of one length.

    ``verdict`` holds places in ``tuple(Verdict)``; ``distance_m`` and ``band_m``
    are NaN where `OriginCheck` has None.
    """

    verdict: NDArray[np.int8]
    distance_m: Floats
    band_m: Floats
    datum_path: Texts

    def __len__(self) -> int:
        """Return the number of positions."""
        return len(self.verdict)

    def labels(self) -> NDArray[np.object_]:
        """Return the verdicts as `Verdict`."""
        return _VERDICTS[self.verdict]

    def at(self, row: int) -> OriginCheck:
        """Return what `check_origin` answers for one of the positions."""
        distance_m, band_m = float(self.distance_m[row]), float(self.band_m[row])
        return OriginCheck(
            _VERDICTS[self.verdict[row]],
            None if isnan(distance_m) else distance_m,
            None if isnan(band_m) else band_m,
            self.datum_path[row],
        )


_VERDICTS = np.array(list(Verdict), dtype=object)
_INSIDE, _OUTSIDE, _UNDETERMINED = np.arange(3, dtype=np.int8)


def check_origin_many(
    area: Area,
    lon_deg: ArrayLike,
    lat_deg: ArrayLike,
    radius95_m: ArrayLike | None,
    datum: Datum | Sequence[Datum] = Datum.WGS84,
    *,
    convert: bool = True,
) -> OriginChecks:
    """Check whole arrays of positions, with the very answers of `check_origin`.

    Parameters and refusals are those of `geo.positions.ground_positions`: a radius
    of NaN or None is unknown, one radius or datum may hold for all.

    Examples
    --------
    >>> from geo.package_data import default_area
    >>> checks = check_origin_many(default_area(), [115.65, 118.19], [24.96, 26.17], 12)
    >>> [verdict.value for verdict in checks.labels()], checks.distance_m.tolist()
    (['inside', 'outside'], [17375.6, -159278.0])
    """
    at = ground_positions(lon_deg, lat_deg, radius95_m, datum, convert=convert)
    distance_m = np.full(len(at.lon_deg), np.nan)
    known = at.is_on_ground
    lon, lat = at.lon_deg[known], at.lat_deg[known]
    to_border_m = rounded_many_m(area.border.metres_from_many(lon, lat))
    inside = covers_many(area, lon, lat)
    distance_m[known] = np.where(inside, to_border_m, 0.0 - to_border_m)
    band_m = at.radius95_m + area.tolerance_m + at.error_m
    verdict = np.full(len(distance_m), _UNDETERMINED)
    verdict[distance_m > band_m] = _INSIDE
    verdict[distance_m < -band_m] = _OUTSIDE
    return OriginChecks(verdict, distance_m, band_m, at.path)


def covers_many(area: Area, lon_deg: Floats, lat_deg: Floats) -> NDArray[np.bool_]:
    """Tell for each ground position whether the area covers it, as ``covers`` does.

    The border belongs to the area. Longitudes and latitudes are float64 arrays in
    degrees.
    """
    covered: NDArray[np.bool_] = area.cover.places_of(lon_deg, lat_deg) != NOWHERE
    return covered
