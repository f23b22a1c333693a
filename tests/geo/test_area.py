"""A protected origin is valid by construction, and its document is its identity."""

import hashlib
import json
from datetime import date

import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from shapely import MultiPolygon, Point, Polygon
from zoo import GEOMETRIES, SQUARE, area_of

from geo.area import area_document, area_from_document
from geo.datum import Datum
from geo.errors import AreaRefused


def refusal(**terms) -> AreaRefused:
    with pytest.raises(AreaRefused) as refused:
        area_of(terms.pop("geometry", SQUARE), **terms)
    assert refused.value.message.zh
    assert refused.value.message.en
    return refused.value


@pytest.mark.parametrize("name", sorted(GEOMETRIES))
def test_a_document_brings_the_very_area_back(name):
    area = area_of(
        GEOMETRIES[name],
        in_force_to=date(2025, 12, 31),
        member_codes=("3607", "360721"),
        supersedes="0",
        converted_from=Datum.GCJ02,
        confirmed=True,
        source="a bureau's own",
        legal_act="第 80 号令",
    )
    again = area_from_document(json.loads(area.document_bytes))
    assert again == area
    assert again.sha256 == area.sha256


def test_the_sha256_is_that_of_the_bytes_that_are_sent():
    area = area_of(SQUARE)
    assert area.sha256 == hashlib.sha256(area.document_bytes).hexdigest()
    assert json.loads(area.document_bytes) == area_document(area)


@given(st.floats(113.0, 115.0), st.floats(24.0, 26.0))
def test_no_digit_of_a_coordinate_is_lost(lon, lat):
    """The geojson library would round to 6 decimals, 0.1 m, by default."""
    triangle = Polygon([(lon, lat), (lon + 1, lat), (lon, lat + 1)])
    again = area_from_document(json.loads(area_of(triangle).document_bytes))
    assert shapely.equals_identical(again.geometry, triangle)


@pytest.mark.parametrize(
    "change",
    [
        {"tolerance_m": 6.0},
        {"confirmed": True},
        {"member_codes": ("3607",)},
        {"in_force_from": date(2024, 1, 2)},
        {"geometry": shapely.box(114.0, 25.0, 115.0, 26.000001)},
    ],
)
def test_whatever_changes_the_answer_changes_the_sha256(change):
    geometry = change.pop("geometry", SQUARE)
    assert area_of(geometry, **change).sha256 != area_of(SQUARE).sha256


def test_a_document_is_a_geojson_feature_with_its_box():
    document = area_document(area_of(SQUARE))
    assert document["type"] == "Feature"
    assert document["bbox"] == [114.0, 25.0, 115.0, 26.0]
    assert document["geometry"]["type"] == "Polygon"


@pytest.mark.parametrize(
    ("terms", "code"),
    [
        ({"right": ""}, "area-name"),
        ({"datum": Datum.GCJ02}, "area-datum"),
        ({"tolerance_m": -1.0}, "area-tolerance"),
        ({"tolerance_m": float("nan")}, "area-tolerance"),
        ({"in_force_to": date(2023, 12, 31)}, "area-in-force"),
        ({"member_codes": ("36073",)}, "area-member-code"),
        ({"member_codes": ("赣州",)}, "area-member-code"),
        ({"member_codes": ("000000",)}, "area-member-code"),
        ({"geometry": Polygon()}, "area-empty"),
        ({"geometry": MultiPolygon()}, "area-empty"),
        ({"geometry": Point(1, 1)}, "area-not-polygon"),
        ({"geometry": shapely.box(500_000, 2_000_000, 600_000, 2_100_000)},
         "area-out-of-range"),
    ],
)  # fmt: skip
def test_terms_that_cannot_be_are_refused(terms, code):
    assert refusal(**terms).code == code


BOX = [(0, 0), (0, 4), (4, 4), (4, 0), (0, 0)]


@pytest.mark.parametrize(
    ("geometry", "code", "place"),
    [
        (Polygon([(0, 0), (2, 2), (2, 0), (0, 2)]), "area-self-intersection", "(1, 1)"),
        (
            Polygon([(0, 0), (4, 0), (2, 0), (2, 2)]),
            "area-self-intersection",
            "(4, 0)",
        ),
        (
            Polygon(BOX, [[(5, 5), (5, 6), (6, 6), (5, 5)]]),
            "area-hole-outside",
            "(5, 5)",
        ),
        (
            Polygon(
                BOX,
                [
                    [(1, 1), (1, 3), (3, 3), (3, 1), (1, 1)],
                    [(1.5, 1.5), (1.5, 2), (2, 2), (1.5, 1.5)],
                ],
            ),
            "area-holes-nested",
            "(1.5, 1.5)",
        ),
        (
            MultiPolygon([Polygon(BOX), shapely.box(1, 1, 2, 2)]),
            "area-shells-nested",
            "(2, 1)",
        ),
        (
            Polygon(BOX, [[(0, 0), (2, 4), (4, 0), (2, 1), (0, 0)]]),
            "area-interior-disconnected",
            "(2, 4)",
        ),
    ],
)
def test_an_invalid_polygon_is_refused_with_the_place_of_the_fault(
    geometry, code, place
):
    """Lesson 26: ``buffer(0)`` loses holes, so nothing is repaired in silence."""
    refused = refusal(geometry=geometry)
    assert (refused.code, refused.place) == (code, place)


@pytest.mark.parametrize(
    "spoil",
    [
        lambda d: d.pop("properties"),
        lambda d: d["properties"].pop("tolerance_m"),
        lambda d: d["properties"].update(format="gi-area/2"),
        lambda d: d["properties"].update(datum="Beijing54"),
        lambda d: d["properties"].update(in_force_from="tomorrow"),
        lambda d: d.update(geometry={"type": "Polygon", "coordinates": [[[1, 2]]]}),
    ],
)
def test_a_spoilt_document_is_refused(spoil):
    document = area_document(area_of(SQUARE))
    spoil(document)
    with pytest.raises(AreaRefused) as refused:
        area_from_document(document)
    assert refused.value.code == "area-document"


def test_the_last_day_in_force_is_still_in_force():
    area = area_of(
        SQUARE, in_force_from=date(2024, 2, 1), in_force_to=date(2024, 3, 31)
    )
    days = [date(2024, 1, 31), date(2024, 2, 1), date(2024, 3, 31), date(2024, 4, 1)]
    assert [area.is_in_force(day) for day in days] == [False, True, True, False]
