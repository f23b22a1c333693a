"""Positions with their answers, for clients in other languages.

``python -m app.geo.vectors`` in ``tests/`` writes them to ``geo/vectors``; a test
holds the file to this.
"""

import json
from pathlib import Path

from app.geo.field_points import field_points
from app.geo.same_bits import answers

from geo.package_data import default_area, load_counties
from geo.plane import FORMULA_VERSION

FILE = Path(__file__).parents[3] / "geo" / "vectors" / "origin.json"
COUNT = 280


def document() -> str:
    """Return the vector file's text: a row a line, every number to its last digit."""
    area = default_area()
    points = field_points(COUNT)
    found = answers(area, load_counties(), points)
    rows = [
        json.dumps(point._asdict() | {"answers": answer}, ensure_ascii=False)
        for point, answer in zip(points, found, strict=True)
    ]
    head = {
        "about": "the origin check and the county of positions of every awkward kind, "
        "on the shipped area and counties; numbers are to be equal to the last bit; "
        "metres is the distance to the border before rounding",
        "formula_version": FORMULA_VERSION,
        "area_sha256": area.sha256,
    }
    lines = [f" {json.dumps(key)}: {json.dumps(text)},\n" for key, text in head.items()]
    return "{\n" + "".join(lines) + ' "rows": [\n  ' + ",\n  ".join(rows) + "\n ]\n}\n"


if __name__ == "__main__":
    FILE.write_text(document(), encoding="utf-8")
