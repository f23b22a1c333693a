"""Points from GeoJSON (RFC 7946), one feature in memory at a time."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any, NoReturn

from geo.datum import Datum
from geo.errors import Message
from server.bulk_check.points import FileRefused, PointFault, Reading, point_at

_PART_CHARACTERS = 1 << 16
_MOST_CHARACTERS = 1 << 24
_WGS84_NAMES = ("CRS84", "EPSG::4326", "EPSG:4326", "EPSG::4490", "EPSG:4490")
_NO_POINT = Message(zh="几何对象不是点", en="the geometry is not a Point")
_NO_FEATURE = Message(zh="不是 Feature 对象", en="not a Feature")


def read_geojson(path: Path, datum: Datum | None) -> Reading:
    """Yield the points of a FeatureCollection or Feature, or each one's fault.

    The properties ``radius_m`` and ``datum`` are read as CSV columns are;
    without a datum a file is in WGS 84, by its standard, or in `datum`.

    Raises
    ------
    FileRefused
        ``geojson-malformed``, or ``geojson-crs`` if an old-style ``crs``
        member names another system.
    """
    try:
        with path.open(encoding="utf-8-sig") as text:
            for n, feature in enumerate(_features(_Window(text))):
                yield _point(f"features[{n}]", feature, datum or Datum.WGS84)
    except (ValueError, RecursionError) as fault:
        raise FileRefused(
            "geojson-malformed",
            Message(
                zh=f"不是有效的 GeoJSON 文件（{fault}）：请重新导出",
                en=f"not GeoJSON ({fault}): export the file again",
            ),
        ) from fault


def _point(place: str, feature: Any, datum: Datum) -> Any:
    if not isinstance(feature, dict) or feature.get("type") != "Feature":
        return PointFault(place, "geojson-feature", _NO_FEATURE)
    columns = feature.get("properties") or {}
    geometry = feature.get("geometry")
    terms = columns.get("radius_m"), columns.get("datum")
    if geometry is None:
        return point_at(place, columns, (None, None), terms, datum)
    coordinates = geometry.get("coordinates") if isinstance(geometry, dict) else None
    if not isinstance(coordinates, list) or geometry.get("type") != "Point":
        return PointFault(place, "geojson-point", _NO_POINT)
    if len(coordinates) < 2 or any(isinstance(x, str) for x in coordinates):
        return PointFault(place, "geojson-point", _NO_POINT)
    position = coordinates[0], coordinates[1]
    return point_at(place, columns, position, terms, datum, geometry)


def _features(window: "_Window") -> Iterator[Any]:
    """Yield the features of the document, whatever stands before and after them."""
    alone: dict[str, Any] = {}
    found = False
    window.expect("{")
    while window.peek() != "}":
        name = window.value()
        window.expect(":")
        if name == "features":
            found = True
            yield from _array(window)
        else:
            alone[name] = window.value()
            _require_wgs84(name, alone[name])
        if window.peek() != "}":
            window.expect(",")
    window.expect("}")
    if window.peek():
        raise ValueError("text after the end")
    if not found and alone.get("type") == "Feature":
        yield alone
    elif not found:
        raise ValueError("neither a FeatureCollection nor a Feature")


def _array(window: "_Window") -> Iterator[Any]:
    window.expect("[")
    while window.peek() != "]":
        yield window.value()
        if window.peek() != "]":
            window.expect(",")
            if window.peek() == "]":
                raise ValueError("a comma too many")
    window.expect("]")


def _require_wgs84(name: str, value: Any) -> None:
    if name == "crs" and not any(known in json.dumps(value) for known in _WGS84_NAMES):
        raise FileRefused(
            "geojson-crs",
            Message(
                zh="crs 成员指定了其他坐标系；请先转换为 WGS 84",
                en="its crs member names another system; convert it to WGS 84 first",
            ),
        )


class _Window:
    """JSON text read a part at a time: values are decoded where they stand."""

    def __init__(self, text: IO[str]) -> None:
        self._text = text
        self._buffer = ""
        self._at = 0
        self._decode = json.JSONDecoder(parse_constant=_refuse_constant).raw_decode

    def peek(self) -> str:
        """Return the next character that is no blank; empty at the end."""
        while True:
            while self._at < len(self._buffer):
                if self._buffer[self._at] not in " \t\r\n":
                    return self._buffer[self._at]
                self._at += 1
            if not self._more():
                return ""

    def expect(self, character: str) -> None:
        """Step over `character`, which must be next."""
        found = self.peek()
        if found != character:
            raise ValueError(f"{character!r} expected, found {found!r}")
        self._at += 1

    def value(self) -> Any:
        """Return the next JSON value and step over it."""
        self.peek()
        while True:
            try:
                value, end = self._decode(self._buffer, self._at)
            except json.JSONDecodeError:
                if not self._more():
                    raise
                continue
            if end == len(self._buffer) and self._more():
                continue  # a number may go on in the next part
            self._at = end
            return value

    def _more(self) -> bool:
        rest = self._buffer[self._at :]
        if len(rest) > _MOST_CHARACTERS:
            raise ValueError("a value of more than 16 million characters")
        # As much again as is left over: a long value is not decoded too often.
        part = self._text.read(max(_PART_CHARACTERS, len(rest)))
        self._buffer, self._at = rest + part, 0
        return bool(part)


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is no JSON number")
