"""The rings of a GeoJSON file, each vertex looked at before any geometry is made."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from math import isfinite
from typing import Any, NoReturn, TypeAlias

from geo.datum import Datum, require_datum
from geo.errors import AreaRefused, DatumRequired, Message

Json: TypeAlias = Any
Position: TypeAlias = tuple[float, float]

# Where China is. With the axes exchanged none of it can be on the map of China.
_WEST, _SOUTH, _EAST, _NORTH = 73.0, 3.0, 136.0, 54.0


@dataclass(frozen=True, slots=True)
class AreaLimits:
    """How much of a file is read before it is refused."""

    max_bytes: int = 32 * 1024 * 1024
    max_vertices: int = 200_000


@dataclass(frozen=True, slots=True)
class PolygonRings:
    """A polygon's closed rings of finite positions, the outer one first."""

    place: str
    rings: tuple[tuple[Position, ...], ...]


def read_polygons(data: bytes, limits: AreaLimits) -> tuple[Json, list[PolygonRings]]:
    """Return the document and its polygons, in degrees; refusals as `read_area`."""
    if len(data) > limits.max_bytes:
        refuse(
            "area-too-many-bytes",
            f"文件超过 {limits.max_bytes} 字节。",
            f"The file has more than {limits.max_bytes} bytes.",
            f"{len(data)} bytes",
        )
    document = _parsed(data)
    found = list(_polygons_of(document, ""))
    if not found:
        refuse("area-empty", "没有任何多边形。", "There is no polygon.")
    _require_few(found, limits)
    polygons = [
        PolygonRings(place, tuple(_rings_of(rings, place))) for place, rings in found
    ]
    _require_degrees(polygons)
    return document, polygons


def stated_datum(document: Json, datum: Datum | None) -> Datum:
    """Return the datum that the importer, or else the file's ``crs``, states.

    Raises
    ------
    AreaRefused
        ``area-datum-missing``, ``area-datum-unknown``, and
        ``area-datum-contradicted`` if the two differ in more than name.
    """
    crs = document.get("crs")
    if crs is None and datum is None:
        refuse(
            "area-datum-missing",
            "没有注明坐标系（WGS84、CGCS2000、GCJ02 或 BD09）。",
            "The datum is not stated: WGS84, CGCS2000, GCJ02 or BD09.",
        )
    if crs is None and datum is not None:
        return datum
    in_file = _datum_of_crs(crs)
    if datum is None or datum == in_file:
        return in_file
    if not (datum.is_ground and in_file.is_ground):
        refuse(
            "area-datum-contradicted",
            f"文件注明 {in_file}，导入时指定 {datum}。",
            f"The file says {in_file}, the import says {datum}.",
            "crs",
        )
    return datum


def refuse(code: str, zh: str, en: str, place: str = "") -> NoReturn:
    """Raise `AreaRefused` with a reason in both languages."""
    raise AreaRefused(code, Message(zh, en), place)


def _parsed(data: bytes) -> Json:
    try:
        document = json.loads(data.decode("utf-8-sig"))
    except json.JSONDecodeError as error:
        place = f"line {error.lineno} column {error.colno}"
        refuse("area-not-json", "不是有效的 JSON。", "This is not JSON.", place)
    except UnicodeDecodeError as error:
        place = f"byte {error.start}"
        refuse("area-not-json", "不是 UTF-8 编码。", "This is not UTF-8.", place)
    except (ValueError, RecursionError):
        refuse(
            "area-not-json", "数字过长或嵌套过深。", "Too long a number or too deep."
        )
    if not isinstance(document, dict):
        refuse("area-not-geojson", "不是 GeoJSON 对象。", "This is no GeoJSON object.")
    return document


def _datum_of_crs(crs: Json) -> Datum:
    name = ""
    if isinstance(crs, dict) and isinstance(crs.get("properties"), dict):
        name = str(crs["properties"].get("name", ""))
    short = name.upper().replace("URN:OGC:DEF:CRS:", "").replace("::", ":")
    if short.rpartition(":")[2] in ("CRS84", "CRS84H"):
        return Datum.WGS84
    try:
        return require_datum(short, place="crs")
    except DatumRequired as error:
        raise AreaRefused("area-datum-unknown", error.message, "crs") from error


def _polygons_of(item: Json, place: str) -> Iterator[tuple[str, Json]]:
    kind = item.get("type") if isinstance(item, dict) else None
    if kind == "FeatureCollection":
        for n, feature in enumerate(_list(item.get("features"), place or "features")):
            yield from _polygons_of(feature, f"features[{n}]")
    elif kind == "Feature":
        if item.get("geometry") is None:
            refuse(
                "area-empty", "要素没有几何。", "The feature has no geometry.", place
            )
        yield from _polygons_of(item["geometry"], place)
    elif kind == "Polygon":
        yield place, item.get("coordinates")
    elif kind == "MultiPolygon":
        for n, rings in enumerate(_list(item.get("coordinates"), place)):
            yield f"{place} polygon {n}".strip(), rings
    else:
        refuse(
            "area-not-polygon" if isinstance(kind, str) else "area-not-geojson",
            f"应为多边形，得到的是 {str(kind)[:40]}。",
            f"Expected polygons, got {str(kind)[:40]}.",
            place,
        )


def _list(value: Json, place: str) -> list[Json]:
    if not isinstance(value, list):
        refuse("area-not-geojson", "此处应为数组。", "A list is expected here.", place)
    return value


def _require_few(found: list[tuple[str, Json]], limits: AreaLimits) -> None:
    vertices = 0
    for place, rings in found:
        vertices += sum(len(_list(ring, place)) for ring in _list(rings, place))
        if vertices > limits.max_vertices:
            refuse(
                "area-too-many-vertices",
                f"顶点超过 {limits.max_vertices} 个。",
                f"There are more than {limits.max_vertices} vertices.",
                place,
            )


def _rings_of(rings: list[Json], place: str) -> Iterator[tuple[Position, ...]]:
    if not rings:
        refuse("area-empty", "多边形没有边界环。", "The polygon has no ring.", place)
    for n, ring in enumerate(rings):
        where = f"{place} ring {n}".strip()
        positions = tuple(
            _position(vertex, f"{where} vertex {v}") for v, vertex in enumerate(ring)
        )
        if len(positions) < 4:
            refuse(
                "area-ring-too-short",
                "边界环少于 4 个位置。",
                "The ring has fewer than 4 positions.",
                where,
            )
        if positions[0] != positions[-1]:
            refuse(
                "area-ring-not-closed",
                "边界环没有闭合：首尾位置不同。",
                "The ring is not closed: its first and last positions differ.",
                f"{where} {positions[0]} – {positions[-1]}",
            )
        yield positions


def _position(vertex: Json, place: str) -> Position:
    is_position = isinstance(vertex, list) and len(vertex) >= 2
    if not is_position or any(type(n) not in (int, float) for n in vertex):
        refuse(
            "area-not-position",
            "此处应为 [经度, 纬度]。",
            "[longitude, latitude] is expected here.",
            place,
        )
    try:
        lon, lat = float(vertex[0]), float(vertex[1])
    except OverflowError:
        lon = lat = float("inf")
    if not (isfinite(lon) and isfinite(lat)):
        refuse(
            "area-not-finite",
            "坐标不是有限的数。",
            "A coordinate is not a finite number.",
            place,
        )
    return lon, lat


def _require_degrees(polygons: list[PolygonRings]) -> None:
    flat = [(p.place, at) for p in polygons for ring in p.rings for at in ring]
    for place, (lon, lat) in flat:
        if abs(lon) > 180.0 or abs(lat) > 90.0:
            _refuse_out_of_range(place, lon, lat)
    in_china = any(_WEST <= x <= _EAST and _SOUTH <= y <= _NORTH for _, (x, y) in flat)
    exchanged = all(_WEST <= y <= _EAST and _SOUTH <= x <= _NORTH for _, (x, y) in flat)
    if exchanged and not in_china:
        _refuse_axis_order(*flat[0])


def _refuse_out_of_range(place: str, lon: float, lat: float) -> NoReturn:
    if abs(lon) <= 90.0 and abs(lat) <= 180.0:
        _refuse_axis_order(place, (lon, lat))
    refuse(
        "area-out-of-range",
        "坐标不是经纬度（可能是投影坐标）。",
        "These are not degrees (projected coordinates, perhaps).",
        f"{place} ({lon}, {lat})".strip(),
    )


def _refuse_axis_order(place: str, at: Position) -> NoReturn:
    refuse(
        "area-axis-order",
        "经纬度颠倒：GeoJSON 中经度在前。",
        "The axes are exchanged: GeoJSON has the longitude first.",
        f"{place} {at}".strip(),
    )
