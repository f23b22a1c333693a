"""Datums of positions in China, and what it costs to convert between them.

WGS 84 (GNSS) and CGCS2000 (state mapping, EPSG:4490) agree within centimetres and
count as one ground datum here. Consumer maps shift theirs by some 600 m: GCJ-02,
and on top of it Baidu's BD-09. The official shift is secret; the published formula
imitates it, so a converted position carries an error of its own.

Every constant below stands as published; the sums are done in a fixed order with
`geo.angles`, so that another language gets the same bits.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Generic, TypeAlias

import numpy as np
from numpy.typing import NDArray

from geo.angles import Real, cos_of_latitude, sin_half_turns
from geo.errors import DatumRequired, Message

Floats: TypeAlias = NDArray[np.float64]

#: Error that a conversion adds to a position's 95 % radius. Against a map service's
#: own conversion the formula was off by 3.4 ± 2.7 m in the mean over China (pygcj
#: 0.0.2, "accuracy test"), locally by tens of metres; Baidu's step adds its own.
GCJ02_ERROR_M = 30.0
BD09_ERROR_M = 40.0

#: sqrt(ln 0.05 / ln 0.32): a normal error in two dimensions, 68 % to 95 %.
RADIUS_95_PER_68 = 1.62

_KRASOVSKY_SEMI_MAJOR_M = 6_378_245.0
_KRASOVSKY_ECCENTRICITY_SQ = 0.00669342162296594323
_PI = 3.141592653589793
_INVERSE_STEPS = 8


class Datum(StrEnum):
    """What a longitude and a latitude refer to."""

    WGS84 = "WGS84"
    CGCS2000 = "CGCS2000"
    GCJ02 = "GCJ02"
    BD09 = "BD09"

    @property
    def is_ground(self) -> bool:
        """Whether positions need no conversion before they are checked."""
        return self in (Datum.WGS84, Datum.CGCS2000)

    @property
    def conversion_error_m(self) -> float:
        """What a conversion to the ground datum adds to a 95 % radius."""
        return 0.0 if self.is_ground else _SHIFTS[self][1]


@dataclass(frozen=True, slots=True)
class Converted(Generic[Real]):
    """Positions on the ground datum: numbers or arrays, as they came.

    ``error_m`` is what the conversion adds to the 95 % radius; ``path`` names the
    datums it went through, e.g. ``"GCJ02>WGS84"``.
    """

    lon_deg: Real
    lat_deg: Real
    error_m: float
    path: str


def require_datum(text: str | None, *, place: str = "") -> Datum:
    """Return the datum that a text names.

    EPSG codes 4326 and 4490 and hyphens are understood (``"GCJ-02"``).

    Raises
    ------
    DatumRequired
        If it is missing (``datum-missing``) or not one of the four
        (``datum-unknown``). Nothing is ever assumed: a wrong datum is 600 m off.

    Examples
    --------
    >>> require_datum("gcj-02")
    <Datum.GCJ02: 'GCJ02'>
    """
    if text is None or not text.strip():
        raise DatumRequired(
            "datum-missing",
            Message("没有注明坐标系。", "The datum is not stated."),
            place,
        )
    plain = "".join(c for c in text.upper() if c.isalnum())
    known = {datum.value: datum for datum in Datum}
    known |= {"EPSG4326": Datum.WGS84, "EPSG4490": Datum.CGCS2000}
    if plain not in known:
        raise DatumRequired(
            "datum-unknown",
            Message(
                f"不认识的坐标系“{text[:40]}”，可用 WGS84、CGCS2000、GCJ02、BD09。",
                f"Unknown datum {text[:40]!r}; WGS84, CGCS2000, GCJ02 or BD09.",
            ),
            place,
        )
    return known[plain]


def radius95_from_68(radius68_m: float) -> float:
    """Radius that holds 95 % of the errors, from the one that holds 68 % (Android).

    Examples
    --------
    >>> radius95_from_68(100.0)
    162.0
    """
    return radius68_m * RADIUS_95_PER_68


def to_wgs84(lon_deg: Real, lat_deg: Real, datum: Datum) -> Converted[Real]:
    """Positions on the ground datum, with the error that getting there adds.

    Parameters
    ----------
    lon_deg, lat_deg : float or float64 array
        In degrees, in `datum`.
    datum : Datum
        WGS 84 and CGCS2000 come back as they are, with no error.

    Returns
    -------
    Converted
        The exact inverse (below a micrometre) of the published formula. Outside
        the formula's rectangle (72.004 to 137.8347 E, 0.8293 to 55.8271 N) there
        is no shift.

    References
    ----------
    The formula as published in `eviltransform`; inverse by fixed-point iteration,
    whose steps shrink by 100 or more.

    Examples
    --------
    The same numbers read as GCJ-02 are some 600 m elsewhere on the ground:

    >>> ground = to_wgs84(114.93, 25.83, Datum.GCJ02)
    >>> round(ground.lon_deg, 6), round(ground.lat_deg, 6), ground.error_m
    (114.925287, 25.833195, 30.0)
    >>> to_wgs84(114.93, 25.83, Datum.CGCS2000).path
    'CGCS2000'
    """
    if datum.is_ground:
        return Converted(lon_deg, lat_deg, 0.0, datum.value)
    shifted, error_m = _SHIFTS[datum]
    lon, lat = np.asarray(lon_deg, np.float64), np.asarray(lat_deg, np.float64)
    ground_lon, ground_lat = lon, lat
    for _ in range(_INVERSE_STEPS):
        back_lon, back_lat = shifted(ground_lon, ground_lat)
        ground_lon = ground_lon - (back_lon - lon)
        ground_lat = ground_lat - (back_lat - lat)
    path = f"{datum.value}>{Datum.WGS84.value}"
    if isinstance(lon_deg, np.ndarray):
        return Converted(ground_lon, ground_lat, error_m, path)
    return Converted(float(ground_lon), float(ground_lat), error_m, path)


def from_wgs84(lon_deg: Floats, lat_deg: Floats, datum: Datum) -> tuple[Floats, Floats]:
    """Longitudes and latitudes of ground positions as another datum writes them."""
    lon, lat = np.asarray(lon_deg, np.float64), np.asarray(lat_deg, np.float64)
    return (lon, lat) if datum.is_ground else _SHIFTS[datum][0](lon, lat)


def _gcj02_from_wgs84(lon: Floats, lat: Floats) -> tuple[Floats, Floats]:
    x, y = lon - 105.0, lat - 35.0
    fast = (20.0 * sin_half_turns(6.0 * x) + 20.0 * sin_half_turns(2.0 * x)) * 2.0 / 3.0
    root = np.sqrt(np.abs(x))
    north = -100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * root + fast
    north = north + _waves(y, (20.0, 1.0), (40.0, 3.0), (160.0, 12.0), (320.0, 30.0))
    east = 300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * root + fast
    east = east + _waves(x, (20.0, 1.0), (40.0, 3.0), (150.0, 12.0), (300.0, 30.0))
    cosine = cos_of_latitude(lat)
    flattening = 1.0 - _KRASOVSKY_ECCENTRICITY_SQ * (1.0 - cosine * cosine)
    prime_vertical_m = _KRASOVSKY_SEMI_MAJOR_M / np.sqrt(flattening)
    meridional_m = prime_vertical_m * (1.0 - _KRASOVSKY_ECCENTRICITY_SQ) / flattening
    within = _is_shifted(lon, lat)
    safe_cosine = np.where(within, cosine, 1.0)
    lon_shift = east * 180.0 / (prime_vertical_m * safe_cosine * _PI)
    lat_shift = north * 180.0 / (meridional_m * _PI)
    return np.where(within, lon + lon_shift, lon), np.where(
        within, lat + lat_shift, lat
    )


def _waves(along: Floats, *waves: tuple[float, float]) -> Floats:
    (first, a), (second, b), (third, c), (fourth, d) = waves
    short = first * sin_half_turns(along / a) + second * sin_half_turns(along / b)
    long = third * sin_half_turns(along / c) + fourth * sin_half_turns(along / d)
    return short * 2.0 / 3.0 + long * 2.0 / 3.0


def _bd09_from_wgs84(lon: Floats, lat: Floats) -> tuple[Floats, Floats]:
    x, y = _gcj02_from_wgs84(lon, lat)
    # Baidu's x_pi = pi * 3000 / 180, so its angles are x * 50 / 3 half-turns.
    within = _is_shifted(lon, lat)
    plain_radius = np.where(within, np.sqrt(x * x + y * y), 1.0)
    radius = plain_radius + 0.00002 * sin_half_turns(y * 50.0 / 3.0)
    turn = 0.000003 * sin_half_turns(x * 50.0 / 3.0 + 0.5)
    # cos and sin of a turn this small, to the last bit, without an arctangent.
    cosine, sine = 1.0 - turn * turn / 2.0, turn
    stretch = radius / plain_radius
    return (
        np.where(within, (x * cosine - y * sine) * stretch + 0.0065, lon),
        np.where(within, (y * cosine + x * sine) * stretch + 0.006, lat),
    )


def _is_shifted(lon: Floats, lat: Floats) -> NDArray[np.bool_]:
    return (lon >= 72.004) & (lon <= 137.8347) & (lat >= 0.8293) & (lat <= 55.8271)


_Shift: TypeAlias = Callable[[Floats, Floats], tuple[Floats, Floats]]
_SHIFTS: dict[Datum, tuple[_Shift, float]] = {
    Datum.GCJ02: (_gcj02_from_wgs84, GCJ02_ERROR_M),
    Datum.BD09: (_bd09_from_wgs84, BD09_ERROR_M),
}
