"""Files of points, and what the bulk check makes of them."""

import csv
import io
import json
from pathlib import Path
from typing import Any

from geo.package_data import default_area, load_counties
from server.bulk_check.bulk import check_file
from server.bulk_check.checking import EXACT_M, CheckTerms

XUNWU = (115.6512, 24.9633)
YOUXI = (118.19, 26.17)
SEA = (125.0, 25.0)


def quiet(_step: str, _done: int, _total: int | None) -> None:
    pass


def checked(path: Path, radius_m: float = EXACT_M, **terms: Any) -> str:
    stream = io.StringIO()
    check_file(
        path,
        CheckTerms(default_area(), load_counties(), radius_m),
        stream,
        quiet,
        **terms,
    )
    return stream.getvalue()


def rows(text: str) -> list[dict[str, str]]:
    assert text.startswith("\ufeff")
    return list(csv.DictReader(io.StringIO(text[1:], newline="")))


def features(text: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(text)["features"]
    return found


def point(position: tuple[float, float] | None, **properties: Any) -> dict[str, Any]:
    geometry = position and {"type": "Point", "coordinates": list(position)}
    return {"type": "Feature", "geometry": geometry, "properties": properties}


def collection(*points: dict[str, Any], **members: Any) -> str:
    return json.dumps(members | {"type": "FeatureCollection", "features": points})
