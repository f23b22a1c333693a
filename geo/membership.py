"""Whether an administrative origin belongs to a protected origin.

"From Xunwu" is decided by what the law counts as the area, not by polygons; only an
area that was never defined by administrative units is asked by its polygons.
"""

from collections.abc import Callable

import numpy as np
import shapely
from shapely import MultiPolygon, Polygon
from shapely.geometry.base import BaseGeometry

from geo.area import Area
from geo.counties import COUNTY_TOLERANCE_M
from geo.errors import AdminCodeRefused, Message
from geo.origin import OriginCheck, Verdict
from geo.plane import Floats, metres_per_degree

ADMIN_CODE_PATH = "admin-code"
ADMIN_SHARE_PATH = "admin-share"

# Province, prefecture, county, township, village: digits of GB/T 2260 and 10114.
_LEVELS = (2, 4, 6, 9, 12)
_PROVINCE_RANGES = ((11, 15), (21, 23), (31, 37), (41, 46), (50, 54), (61, 65))
PROVINCES = frozenset(
    {71, 81, 82}.union(*(range(a, z + 1) for a, z in _PROVINCE_RANGES))
)
"""GB/T 2260. What begins otherwise names no place that is known: 100000 is China."""
# A sliver of this share is drawing noise, not a part of a county.
_SLIVER = 1e-6


def check_membership(area: Area, admin_code: str) -> OriginCheck:
    """Tell by its code whether an administrative unit belongs to a protected origin.

    Parameters
    ----------
    area : Area
        With ``member_codes``; each stands for all that begins with it.
    admin_code : str
        GB/T 2260, of 2, 4, 6, 9 or 12 digits; trailing zeros name a whole unit
        (``360700`` is the prefecture ``3607``).

    Returns
    -------
    OriginCheck
        Inside if the unit is a member or lies in one; undetermined if it contains
        a member (a province, a prefecture), if it is in no known province, or if
        the area has no member codes; outside otherwise. No distance and no band.

    Raises
    ------
    AdminCodeRefused
        ``admin-code-malformed``.

    Examples
    --------
    >>> from geo.package_data import default_area
    >>> [check_membership(default_area(), code).verdict.value
    ...  for code in ("360734", "360734103000", "350426", "360000")]
    ['inside', 'inside', 'outside', 'undetermined']
    """
    unit = _unit(admin_code)
    members = tuple(_unit(code) for code in area.member_codes)
    verdict = Verdict.OUTSIDE
    if unit.startswith(members):
        verdict = Verdict.INSIDE
    elif (
        not members
        or int(unit[:2]) not in PROVINCES
        or any(member.startswith(unit) for member in members)
    ):
        verdict = Verdict.UNDETERMINED
    return OriginCheck(verdict, None, None, ADMIN_CODE_PATH)


def check_admin_share(
    area: Area,
    unit_geometry: Polygon | MultiPolygon,
    *,
    unit_tolerance_m: float = COUNTY_TOLERANCE_M,
) -> OriginCheck:
    """Tell by its polygons how much of an administrative unit is in an area.

    For areas without member codes. Both borders are drawn with a tolerance; their
    sum is the band by which the area's border is widened to both sides.

    Returns
    -------
    OriginCheck
        Inside if no part of the unit is farther outside the border than the band
        and some part is farther inside; outside the other way round; undetermined
        else. ``band_m`` is the sum of the tolerances; there is no distance.

    Examples
    --------
    >>> from geo.package_data import default_area, load_counties
    >>> counties = load_counties()
    >>> [check_admin_share(default_area(), counties.geometry(code)).verdict.value
    ...  for code in ("360734", "350426")]
    ['inside', 'outside']
    """
    band_m = area.tolerance_m + unit_tolerance_m
    to_plane = _local_plane(area.geometry)
    origin, unit = (
        shapely.transform(polygons, to_plane)
        for polygons in (area.geometry, unit_geometry)
    )
    is_surely_in = _has_part_in(unit, origin.buffer(-band_m))
    is_surely_out = not _is_within(unit, origin.buffer(band_m))
    verdict = Verdict.UNDETERMINED
    if is_surely_in and not is_surely_out:
        verdict = Verdict.INSIDE
    if is_surely_out and not is_surely_in:
        verdict = Verdict.OUTSIDE
    return OriginCheck(verdict, None, band_m, ADMIN_SHARE_PATH)


def _has_part_in(unit: BaseGeometry, zone: BaseGeometry) -> bool:
    return bool(shapely.area(unit & zone) > _SLIVER * shapely.area(unit))


def _is_within(unit: BaseGeometry, zone: BaseGeometry) -> bool:
    return bool(shapely.area(unit - zone) <= _SLIVER * shapely.area(unit))


def _local_plane(geometry: BaseGeometry) -> Callable[[Floats], Floats]:
    """Return the way to metres on the plane that touches at the geometry's middle."""
    west, south, east, north = geometry.bounds
    middle = np.array([(west + east) / 2.0, (south + north) / 2.0])
    scale = np.array(metres_per_degree(float(middle[1])))

    def to_plane(lonlat: Floats) -> Floats:
        metres: Floats = (lonlat - middle) * scale
        return metres

    return to_plane


def _unit(admin_code: str) -> str:
    """Return a code without the zeros that stand for "the whole of it"."""
    is_digits = admin_code.isascii() and admin_code.isdigit()
    unit = admin_code if is_digits and len(admin_code) in _LEVELS else ""
    for whole, part in zip(_LEVELS[-2::-1], _LEVELS[:0:-1], strict=True):
        if len(unit) == part and set(unit[whole:]) == {"0"}:
            unit = unit[:whole]
    if not unit or unit == "00":
        raise AdminCodeRefused(
            "admin-code-malformed",
            Message(
                f"“{admin_code[:20]}”不是行政区划代码（2、4、6、9 或 12 位数字）。",
                f"{admin_code[:20]!r} is not a code of 2, 4, 6, 9 or 12 digits.",
            ),
        )
    return unit
