"""A point of a file to check, and what is refused about files and points."""

import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from geo.datum import Datum, require_datum
from geo.errors import DatumRequired, Message
from server.errors import ServerError

ADDED_COLUMNS = (
    "verdict",
    "distance_m",
    "band_m",
    "county_code",
    "county_name",
    "county_ambiguous",
    "area_version",
)
MAX_FAULTS_NAMED = 20


@dataclass(frozen=True, slots=True)
class Point:
    """One point: its input columns untouched, and what is read from them.

    ``lon_deg`` and ``lat_deg`` are both None for a point without a position;
    ``radius_m`` is None where the file says nothing.
    """

    columns: Mapping[str, Any]
    lon_deg: float | None
    lat_deg: float | None
    radius_m: float | None
    datum: Datum
    geometry: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class PointFault:
    """Why one point cannot be read: where it stands, and the reason."""

    place: str
    code: str
    message: Message


Reading = Iterator[Point | PointFault]


@dataclass(frozen=True, slots=True)
class Survey:
    """What the first reading of a file found: it can be read to its end."""

    n_points: int
    columns: tuple[str, ...]


class FileRefused(ServerError):
    """A file of points cannot be read; nothing of it was checked."""


def survey(read: Callable[[], Reading]) -> Survey:
    """Read a file once and return its columns in the order of appearance.

    Raises
    ------
    FileRefused
        ``points-faulty``, naming the first faults by place and reason.
    """
    columns: dict[str, None] = {}
    faults: list[PointFault] = []
    n_points = n_faults = 0
    for found in read():
        if isinstance(found, Point):
            n_points += 1
            columns.update(dict.fromkeys(found.columns))
        else:
            n_faults += 1
            faults += [found] if len(faults) < MAX_FAULTS_NAMED else []
    if n_faults:
        raise _faulty(faults, n_faults)
    return Survey(n_points, tuple(columns))


def number(text: Any) -> float | None:
    """Return a cell's number; None for an empty cell.

    Raises
    ------
    ValueError
        If it is anything else, or not finite.
    """
    if text is None or (isinstance(text, str) and not text.strip()):
        return None
    if isinstance(text, bool):
        raise ValueError("not a number")
    value = float(text)
    if not math.isfinite(value):
        raise ValueError("not finite")
    return value


def point_at(
    place: str,
    columns: Mapping[str, Any],
    position: tuple[Any, Any],
    terms: tuple[Any, Any],
    datum: Datum | None,
    geometry: Mapping[str, Any] | None = None,
) -> Point | PointFault:
    """Return the point of a position and its terms (radius, datum), or the fault.

    `datum` is for a point that names none of its own.
    """
    try:
        lon_deg, lat_deg = map(number, position)
        radius_m = number(terms[0])
    except (TypeError, ValueError):
        return PointFault(place, "point-number", _NOT_A_NUMBER)
    if (lon_deg is None) != (lat_deg is None):
        return PointFault(place, "point-half", _HALF)
    if lon_deg is None or lat_deg is None:
        return Point(columns, None, None, radius_m, datum or Datum.WGS84, geometry)
    if not (-180 <= lon_deg <= 180 and -90 <= lat_deg <= 90):
        return PointFault(place, "point-range", _RANGE)
    if radius_m is not None and radius_m <= 0:
        return PointFault(place, "point-radius", _RADIUS)
    try:
        own = _datum(str(terms[1])) if terms[1] else datum
    except DatumRequired as fault:
        return PointFault(place, fault.code, fault.message)
    if own is None:
        return PointFault(place, "datum-required", _DATUM_REQUIRED)
    return Point(columns, lon_deg, lat_deg, radius_m, own, geometry)


@lru_cache(maxsize=64)
def _datum(text: str) -> Datum:
    return require_datum(text)


def _faulty(faults: list[PointFault], n_faults: int) -> FileRefused:
    zh = [f"{fault.place}:{fault.message.zh}" for fault in faults]
    en = [f"{fault.place}: {fault.message.en}" for fault in faults]
    if n_faults > len(faults):
        zh.append(f"……共 {n_faults} 处")
        en.append(f"… {n_faults} in all")
    return FileRefused(
        faults[0].code if len({f.code for f in faults}) == 1 else "points-faulty",
        Message(
            zh="未检查任何点；请先改正：\n  " + "\n  ".join(zh),
            en="nothing was checked; correct this first:\n  " + "\n  ".join(en),
        ),
    )


_NOT_A_NUMBER = Message(
    zh="经度、纬度或半径不是数字", en="lon, lat or radius_m is no number"
)
_HALF = Message(zh="只有经度或只有纬度", en="only one of lon and lat is given")
_RANGE = Message(
    zh="位置超出范围（经纬度是否颠倒？）",
    en="out of range (are lon and lat swapped?)",
)
_RADIUS = Message(zh="半径必须大于 0 米", en="radius_m must be above 0")
_DATUM_REQUIRED = Message(
    zh="未说明坐标基准：加 datum 列或用 --datum",
    en="no datum: add a datum column or say --datum",
)
