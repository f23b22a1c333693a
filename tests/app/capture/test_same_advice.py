"""The app advises on a record in the words and figures of the device's commands."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import shapely
from app.node import node_json
from app.reference_documents import reference_json
from assessment_cases import cases
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from shapely import MultiPolygon, Polygon

from fieldkit.advice import advise
from geo.area import Area
from geo.catalogue import AreaCatalogue
from geo.datum import Datum
from geo.package_data import default_area, load_counties
from schemas.assessment import Reference
from schemas.examples import example

SCRIPT = Path(__file__).with_name("assess_cases.js")
Case = tuple[dict[str, Any], date]


def by_polygons(
    right: str, version: str, geometry: Polygon | MultiPolygon, **terms: Any
) -> Area:
    """An area that was never defined by divisions."""
    return Area(
        right=right,
        version=version,
        geometry=geometry,
        tolerance_m=700.0,
        datum=Datum.CGCS2000,
        **terms,
    )


XINFENG = by_polygons(
    "xinfeng-navel-orange",
    "1",
    load_counties().geometry("360722"),
    in_force_from=date(2020, 1, 1),
)
REDRAWN = by_polygons(
    "gannan-navel-orange",
    "redrawn",
    shapely.box(114.9, 24.7, 115.8, 25.4),
    in_force_from=date(2025, 1, 1),
    supersedes="default-1",
)
AREAS = (default_area(), XINFENG, REDRAWN)
KNOWN = Reference(AreaCatalogue(AREAS), load_counties())


def said_by_python(body: dict[str, Any], acted_on: date) -> dict[str, Any]:
    advice = advise(body, acted_on, KNOWN)
    found = {
        "advice": advice.to_json(),
        "lot_verdicts": dict(advice.assessment.lot_verdicts),
    }
    plain: dict[str, Any] = json.loads(json.dumps(found))
    return plain


def said_by_the_app(file: Path, batch: list[Case]) -> list[dict[str, Any]]:
    question = {
        "reference": reference_json(AREAS),
        "cases": [{"body": body, "acted_on": day.isoformat()} for body, day in batch],
    }
    file.write_text(json.dumps(question), encoding="utf-8")
    answers: list[dict[str, Any]] = node_json(SCRIPT, str(file))
    return answers


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("cases")


@given(st.lists(cases(), min_size=20, max_size=50))
@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
def test_any_record_gets_the_same_verdicts_and_the_same_words(folder, batch):
    found = said_by_the_app(folder / "cases.json", batch)
    assert found == [said_by_python(*case) for case in batch]


def test_the_xunwu_case_is_advised_on_in_both_languages(folder):
    case = example("xunwu_observation"), date(2023, 12, 2)
    (found,) = said_by_the_app(folder / "xunwu.json", [case])
    assert found == said_by_python(*case)
    assert "位于寻乌县（360734）" in [line["zh"] for line in found["advice"]["lines"]]


def test_every_county_is_in_or_out_of_an_area_without_codes_as_python_says(folder):
    codes = load_counties().codes
    batch = []
    for code in codes:
        body = example("xunwu_observation")
        body["goods"][0]["evidenced_origins"] = [{"admin_code": code}]
        body["goods"][0]["rights"] = [XINFENG.right, REDRAWN.right]
        batch.append((body, date(2025, 6, 1)))
    found = said_by_the_app(folder / "share.json", batch)
    assert found == [said_by_python(*case) for case in batch]
    lots = [lot for answer in found for lot in answer["advice"]["lots"]]
    assert {lot["datum_path"] for lot in lots} == {"admin-share"}
    assert {lot["verdict"] for lot in lots} == {"inside", "outside", "undetermined"}
