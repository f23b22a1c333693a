"""A whole file: read once to be sure, then checked and written part by part."""

from collections import Counter
from collections.abc import Callable
from functools import partial
from itertools import islice
from pathlib import Path
from typing import IO

from geo.datum import Datum
from geo.errors import Message
from server.bulk_check.checking import CheckTerms, check_points
from server.bulk_check.csv_points import encoding_of, read_csv
from server.bulk_check.geojson_points import read_geojson
from server.bulk_check.output import CsvOutput, GeojsonOutput, Output
from server.bulk_check.points import FileRefused, Point, Reading, survey

POINTS_AT_ONCE = 5_000
FORMATS = ("csv", "geojson")

Tell = Callable[[str, int, int | None], None]


def check_file(
    path: Path,
    terms: CheckTerms,
    stream: IO[str],
    tell: Tell,
    *,
    datum: Datum | None = None,
    form: str | None = None,
) -> Counter[str]:
    """Write every point of a file with its verdict; return how many of each.

    Parameters
    ----------
    path : Path
        CSV or GeoJSON, told apart by its first character; read twice.
    datum : Datum, optional
        For points that name none; CSV without it is refused, GeoJSON is in
        WGS 84 then.
    form : str, optional
        ``csv`` or ``geojson``; by default the form that the file has.

    Raises
    ------
    FileRefused
        Before anything is written: the file cannot be read, or some of its
        points cannot, each named by line or feature.
    """
    read, own_form = _reader(path, datum)
    tell("read", 0, None)
    found = survey(read)
    tell("read", found.n_points, found.n_points)
    kind = CsvOutput if (form or own_form) == "csv" else GeojsonOutput
    output: Output = kind(stream, found.columns)
    verdicts: Counter[str] = Counter()
    points = (point for point in read() if isinstance(point, Point))
    while part := list(islice(points, POINTS_AT_ONCE)):
        answers = check_points(part, terms)
        output.write(part, answers)
        verdicts.update(answer.verdict for answer in answers)
        tell("check", verdicts.total(), found.n_points)
    output.close()
    return verdicts


def _reader(path: Path, datum: Datum | None) -> tuple[Callable[[], Reading], str]:
    try:
        with path.open("rb") as file:
            start = file.read(64).lstrip(b"\xef\xbb\xbf \t\r\n")
    except OSError as fault:
        raise FileRefused(
            "file-unreadable",
            Message(
                zh=f"无法读取 {path}（{fault.strerror}）：请检查路径和权限",
                en=f"cannot read {path} ({fault.strerror}): check the path and who "
                "may read it",
            ),
        ) from fault
    if start.startswith((b"{", b"[")):
        return partial(read_geojson, path, datum), "geojson"
    return partial(read_csv, path, encoding_of(path), datum), "csv"
