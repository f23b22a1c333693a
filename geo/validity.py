"""Whether polygons can be a protected origin, and if not, where and why.

Nothing is repaired: ``buffer(0)`` loses holes (lesson 26). A repair is for a person
to make and to approve.
"""

import re

import shapely
from shapely import MultiPolygon, Polygon
from shapely.geometry.base import BaseGeometry

from geo.errors import AreaRefused, Message

_REASONS: dict[str, tuple[str, Message]] = {
    "Self-intersection": (
        "area-self-intersection",
        Message("边界自相交。", "The border crosses itself."),
    ),
    "Ring Self-intersection": (
        "area-self-intersection",
        Message("边界环自相接触。", "A ring touches itself."),
    ),
    "Hole lies outside shell": (
        "area-hole-outside",
        Message("内环（孔洞）在外环之外。", "A hole lies outside its polygon."),
    ),
    "Holes are nested": (
        "area-holes-nested",
        Message("孔洞互相嵌套。", "A hole lies within another hole."),
    ),
    "Nested shells": (
        "area-shells-nested",
        Message("一个多边形位于另一个之内。", "A polygon lies within another one."),
    ),
    "Interior is disconnected": (
        "area-interior-disconnected",
        Message("孔洞把内部切断。", "Holes cut the interior apart."),
    ),
    "Duplicate Rings": (
        "area-rings-duplicate",
        Message("有重复的边界环。", "A ring occurs twice."),
    ),
    "Too few points in geometry component": (
        "area-ring-too-short",
        Message("边界环的不同顶点少于 3 个。", "A ring has fewer than 3 vertices."),
    ),
    "Invalid Coordinate": (
        "area-not-finite",
        Message("坐标不是有限的数。", "A coordinate is not a finite number."),
    ),
}


def require_valid(geometry: BaseGeometry, *, place: str = "") -> Polygon | MultiPolygon:
    """Return the geometry if it is a valid, not empty (Multi)Polygon in degrees.

    Raises
    ------
    AreaRefused
        ``area-not-polygon``, ``area-empty``, ``area-out-of-range``, or the fault of
        validity (OGC simple features) with its position as the place.

    Examples
    --------
    >>> require_valid(Polygon([(0, 0), (2, 2), (2, 0), (0, 2)]), place="bow tie")
    Traceback (most recent call last):
    geo.errors.AreaRefused: The border crosses itself. [bow tie (1, 1)]
    """
    if not isinstance(geometry, Polygon | MultiPolygon):
        raise AreaRefused(
            "area-not-polygon",
            Message(
                f"应为多边形，得到的是 {geometry.geom_type}。",
                f"Expected polygons, got {geometry.geom_type}.",
            ),
            place,
        )
    if geometry.is_empty:
        raise AreaRefused(
            "area-empty", Message("没有任何多边形。", "There is no polygon."), place
        )
    _require_valid_rings(geometry, place)
    west, south, east, north = geometry.bounds
    if west < -180.0 or east > 180.0 or south < -90.0 or north > 90.0:
        raise AreaRefused(
            "area-out-of-range",
            Message("坐标超出经纬度范围。", "Coordinates are not degrees."),
            f"{place} ({west}, {south}) – ({east}, {north})".strip(),
        )
    return geometry


def _require_valid_rings(geometry: Polygon | MultiPolygon, place: str) -> None:
    reason = shapely.is_valid_reason(geometry)
    if reason == "Valid Geometry":
        return
    fault, _, position = reason.partition("[")
    code, message = _REASONS.get(
        fault.strip(),
        ("area-invalid", Message(f"几何无效：{fault}", f"Invalid geometry: {fault}")),
    )
    figures = re.findall(r"[-+.\deE]+", position)
    where = f"({', '.join(figures)})" if figures else ""
    raise AreaRefused(code, message, f"{place} {where}".strip())
