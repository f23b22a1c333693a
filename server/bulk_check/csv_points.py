"""Points from CSV: ``lon, lat[, radius_m][, datum]`` and any other columns."""

import csv
from collections.abc import Iterator
from pathlib import Path

from geo.datum import Datum
from geo.errors import Message
from server.bulk_check.points import FileRefused, PointFault, Reading, point_at

_ENCODINGS = ("utf-8-sig", "gb18030")
_PART_BYTES = 1 << 20
_TOO_MANY_CELLS = Message(zh="单元格多于表头", en="more cells than the header has")


def read_csv(path: Path, encoding: str, datum: Datum | None) -> Reading:
    """Yield the points of a CSV file, or the fault of each that has one.

    Raises
    ------
    FileRefused
        ``csv-columns``: no ``lon`` and ``lat``, or a name twice;
        ``csv-malformed``: the quoting is broken.
    """
    with path.open(encoding=encoding, newline="") as text:
        reader = csv.reader(text, strict=True)
        try:
            yield from _points(reader, datum)
        except csv.Error as fault:
            raise FileRefused(
                "csv-malformed",
                Message(
                    zh=f"第 {reader.line_num} 行不是有效的 CSV（{fault}）：请检查引号",
                    en=f"line {reader.line_num} is not CSV ({fault}): check its quotes",
                ),
            ) from fault


def encoding_of(path: Path) -> str:
    """Return the encoding that the whole file can be read in: UTF-8 or GB 18030.

    Raises
    ------
    FileRefused
        ``csv-encoding`` if it is neither.
    """
    for encoding in _ENCODINGS:
        try:
            with path.open(encoding=encoding) as text:
                while text.read(_PART_BYTES):
                    pass
        except UnicodeDecodeError:
            continue
        return encoding
    raise FileRefused(
        "csv-encoding",
        Message(zh="文件编码既不是 UTF-8 也不是 GB18030", en="not UTF-8, nor GB 18030"),
    )


def _points(reader: Iterator[list[str]], datum: Datum | None) -> Reading:
    header = [name.strip() for name in next(reader, [])]
    known = {name.lower(): name for name in header}
    if len(set(header)) != len(header) or not {"lon", "lat"} <= set(known):
        raise FileRefused(
            "csv-columns",
            Message(
                zh="表头须有 lon、lat 两列，且列名不重复",
                en="the header needs lon and lat, and no name twice",
            ),
        )
    for cells in reader:
        if not cells:
            continue
        place = f"line {reader.line_num}"  # type: ignore[attr-defined]
        if len(cells) > len(header):
            yield PointFault(place, "csv-cells", _TOO_MANY_CELLS)
            continue
        columns = dict(
            zip(header, cells + [""] * (len(header) - len(cells)), strict=True)
        )
        cell = {low: columns[name] for low, name in known.items()}
        position = cell["lon"], cell["lat"]
        terms = cell.get("radius_m"), cell.get("datum", "").strip()
        yield point_at(place, columns, position, terms, datum)
