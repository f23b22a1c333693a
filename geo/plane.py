"""Distances on the plane that touches the ellipsoid at a position.

The one formula, for the device, the server and any later client. At a position
(lon, lat), with e² and a of WGS 84 and s = 1 - e² sin² lat::

    east  = π/180 · a / √s · cos lat              metres per degree of longitude
    north = π/180 · a / √s · (1 - e²) / s         metres per degree of latitude

A border's edge from A to B, straight in degrees (RFC 7946 3.1.1), is carried to
that plane, ``(x - lon) · east, (y - lat) · north``, where it stays straight; the
distance is that from the origin to the nearest point of the nearest edge, rounded
to 0.1 m as ``floor(10 d + 1/2) / 10``. It is within 0.2 % of the geodesic up to
10 km (in latitudes of China), indicative beyond.
"""

from math import floor
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from geo.angles import Real, cos_of_latitude

Floats: TypeAlias = NDArray[np.float64]

FORMULA_VERSION = "origin-1"
WGS84_SEMI_MAJOR_M = 6_378_137.0
WGS84_ECCENTRICITY_SQ = 6.694_379_990_14e-3

_EQUATOR_M_PER_DEGREE = 3.141592653589793 / 180.0 * WGS84_SEMI_MAJOR_M
_NEVER_ZERO = 1e-300


def metres_per_degree(lat_deg: Real) -> tuple[Real, Real]:
    """Metres per degree of longitude and of latitude at a latitude.

    Examples
    --------
    >>> east, north = metres_per_degree(25.83)
    >>> print(f"{east:.3f} {north:.3f}")
    100261.374 110785.394
    """
    cosine = cos_of_latitude(lat_deg)
    flattening = 1.0 - WGS84_ECCENTRICITY_SQ * (1.0 - cosine * cosine)
    degree_m = _EQUATOR_M_PER_DEGREE / np.sqrt(flattening)
    return degree_m * cosine, degree_m * (1.0 - WGS84_ECCENTRICITY_SQ) / flattening


def nearest_points(
    start_x: Floats, start_y: Floats, along_x: Floats, along_y: Floats
) -> tuple[Floats, Floats]:
    """Return the points of edges that are nearest to the origin, one by one.

    In metres on the plane: the edges by their start and their vector, the origin
    is the position. Written without a fused or reordered step, so that the bits do
    not depend on how many are asked at once.
    """
    length = np.maximum(along_x * along_x + along_y * along_y, _NEVER_ZERO)
    part = -(start_x * along_x + start_y * along_y) / length
    part = np.minimum(np.maximum(part, 0.0), 1.0)
    return start_x + part * along_x, start_y + part * along_y


def rounded_m(distance_m: float) -> float:
    """Round a distance as it is compared and kept: to 0.1 m, halves upward."""
    return floor(distance_m * 10.0 + 0.5) / 10.0


def rounded_many_m(distance_m: Floats) -> Floats:
    """`rounded_m` for arrays, with the same bits."""
    rounded: Floats = np.floor(distance_m * 10.0 + 0.5) / 10.0
    return rounded
