"""A browser's own arithmetic gives the verdicts of the server, to the last bit."""

import json
import os
from typing import Any

import pytest
from app.geo.field_points import Point, field_points
from app.geo.same_bits import answers
from app.geo.vectors import FILE
from playwright.sync_api import Page

from geo.area import area_document
from geo.package_data import counties_document, default_area, load_counties

COMPARE = """(question) => import("/tests/app/geo/answers.js").then(
    ({ compared }) => compared(JSON.parse(question)))"""
COUNT = {"short": 5_000}.get(os.environ.get("SOAK", ""), 50_000)


def compared(page: Page, rows: list[dict[str, Any]]) -> Any:
    area = default_area()
    question = {
        "area": area_document(area),
        "area_sha256": area.sha256,
        "counties": counties_document(),
        "rows": rows,
    }
    return page.evaluate(COMPARE, json.dumps(question))


def answered(points: list[Point]) -> list[dict[str, Any]]:
    found = answers(default_area(), load_counties(), points)
    return [
        point._asdict() | {"answers": answer}
        for point, answer in zip(points, found, strict=True)
    ]


def test_the_vectors_for_other_clients_hold_in_a_browser(module_page: Page) -> None:
    vectors = json.loads(FILE.read_text("utf-8"))
    assert vectors["area_sha256"] == default_area().sha256
    report = compared(module_page, vectors["rows"])
    assert report["shown"] == []
    assert report["compared"] == len(vectors["rows"]) > 250


@pytest.mark.soak
def test_fifty_thousand_positions_have_the_same_verdict_in_a_browser(
    module_page: Page,
) -> None:
    report = compared(module_page, answered(field_points(COUNT)))
    assert report["shown"] == []
    assert report["compared"] == COUNT
