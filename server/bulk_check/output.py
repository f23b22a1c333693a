"""Points with their answers, written as CSV or GeoJSON a part at a time."""

import csv
import json
from collections.abc import Sequence
from typing import IO, Any, Protocol

from geo.datum import to_wgs84
from server.bulk_check.checking import Checked
from server.bulk_check.points import ADDED_COLUMNS, Point
from server.csv_text import BYTE_ORDER_MARK, safe_cell

_POSITION_COLUMNS = ("lon", "lat")
_INPUT_SUFFIX = "_input"


class Output(Protocol):
    """Where answers go; `close` completes the document."""

    def write(self, points: Sequence[Point], answers: Sequence[Checked]) -> None:
        """Write some points and their answers."""

    def close(self) -> None:
        """Complete the document; the stream stays open."""


class CsvOutput:
    """CSV that a spreadsheet opens: every input column, then those added.

    An input column that has the name of an added one is kept under that name
    with ``_input`` behind it. Points that came as GeoJSON get ``lon, lat``
    first, unless they have such properties.
    """

    def __init__(self, stream: IO[str], columns: Sequence[str]) -> None:
        self._columns = tuple(columns)
        self._positions = [n for n in _POSITION_COLUMNS if n not in columns]
        self._writer = csv.writer(stream)
        stream.write(BYTE_ORDER_MARK)
        kept = _kept_names(columns).values()
        self._writer.writerow(map(safe_cell, [*self._positions, *kept, *ADDED_COLUMNS]))

    def write(self, points: Sequence[Point], answers: Sequence[Checked]) -> None:
        """Write one line for each point."""
        self._writer.writerows(map(self._row, points, answers))

    def close(self) -> None:
        """Do nothing: a CSV has no end of its own."""

    def _row(self, point: Point, answer: Checked) -> list[Any]:
        given = {"lon": point.lon_deg, "lat": point.lat_deg}
        columns = point.columns
        return [
            *(given[name] for name in self._positions),
            *[_cell(columns.get(name)) for name in self._columns],
            *map(_cell, answer),
        ]


class GeojsonOutput:
    """A FeatureCollection: input columns and answers as each point's properties.

    A point that came as GeoJSON keeps its geometry as it was; one that came
    as CSV is put where it is in WGS 84, as the standard wants it.
    """

    def __init__(self, stream: IO[str], columns: Sequence[str]) -> None:
        self._stream = stream
        self._names = _kept_names(columns)
        self._before = "\n"
        stream.write('{"type": "FeatureCollection", "features": [')

    def write(self, points: Sequence[Point], answers: Sequence[Checked]) -> None:
        """Write one feature for each point, one to a line."""
        for point, answer in zip(points, answers, strict=True):
            self._stream.write(self._before + self._feature(point, answer))
            self._before = ",\n"

    def close(self) -> None:
        """Close the collection."""
        self._stream.write("\n]}\n")

    def _feature(self, point: Point, answer: Checked) -> str:
        properties = {self._names[name]: value for name, value in point.columns.items()}
        properties |= dict(zip(ADDED_COLUMNS, answer, strict=True))
        feature = {
            "type": "Feature",
            "geometry": point.geometry or _geometry(point),
            "properties": properties,
        }
        return json.dumps(feature, ensure_ascii=False)


def _geometry(point: Point) -> dict[str, Any] | None:
    if point.lon_deg is None or point.lat_deg is None:
        return None
    ground = to_wgs84(point.lon_deg, point.lat_deg, point.datum)
    position = [round(ground.lon_deg, 8), round(ground.lat_deg, 8)]
    return {"type": "Point", "coordinates": position}


def _kept_names(columns: Sequence[str]) -> dict[str, str]:
    """Return each input column's name in the output, no two alike."""
    taken = {*columns, *ADDED_COLUMNS}
    names = {}
    for name in columns:
        kept = name
        while kept in ADDED_COLUMNS or (kept != name and kept in taken):
            kept += _INPUT_SUFFIX
        taken.add(kept)
        names[name] = kept
    return names


def _cell(value: Any) -> Any:
    if isinstance(value, str):
        return safe_cell(value)
    if value is None or type(value) in (int, float):
        return value
    return json.dumps(value, ensure_ascii=False)
