"""An area file is taken whole or refused with the place and the reason."""

import json
from contextlib import suppress
from datetime import date

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely.geometry import mapping
from zoo import GEOMETRIES, ISLAND_IN_HOLE, SQUARE

from geo.area_file import AreaLimits, import_area, read_area
from geo.datum import BD09_ERROR_M, GCJ02_ERROR_M, Datum, from_wgs84
from geo.errors import AreaRefused
from geo.fix import Fix
from geo.origin import Verdict, check_origin
from geo.package_data import default_area, load_counties

RING = [[114, 25], [115, 25], [115, 26], [114, 26], [114, 25]]
GANZHOU = default_area().geometry
TERMS = {
    "right": "r",
    "version": "2",
    "tolerance_m": 10.0,
    "in_force_from": date(2025, 1, 1),
}


def as_bytes(document) -> bytes:
    return json.dumps(document).encode()


def polygon(*rings) -> dict:
    return {"type": "Polygon", "coordinates": list(rings)}


def feature(geometry) -> dict:
    return {"type": "Feature", "properties": {}, "geometry": geometry}


def collection(*geometries) -> dict:
    return {"type": "FeatureCollection", "features": [feature(g) for g in geometries]}


def refusal(data: bytes, datum=Datum.CGCS2000, **terms) -> AreaRefused:
    with pytest.raises(AreaRefused) as refused:
        read_area(data, datum=datum, **terms)
    assert refused.value.message.zh
    assert refused.value.message.en
    return refused.value


def shifted(geometry, datum: Datum):
    """The geometry as a file in another datum has it."""
    return shapely.transform(
        geometry, lambda at: np.column_stack(from_wgs84(at[:, 0], at[:, 1], datum))
    )


@pytest.mark.parametrize("name", sorted(GEOMETRIES))
def test_what_is_valid_is_taken_to_the_last_digit(name):
    geometry = GEOMETRIES[name]
    taken = read_area(as_bytes(mapping(geometry)), datum=Datum.WGS84)
    assert shapely.equals_identical(taken.normalize(), geometry.normalize())


@pytest.mark.parametrize(
    "document",
    [
        polygon(RING),
        feature(polygon(RING)),
        collection(polygon(RING)),
        {"type": "MultiPolygon", "coordinates": [[RING]]},
        polygon([[x, y, 310.5] for x, y in RING]),
        polygon(RING[::-1]),
    ],
)
def test_each_form_of_polygons_is_taken_heights_dropped_rings_turned(document):
    taken = read_area(as_bytes(document), datum=Datum.CGCS2000)
    assert taken.equals(SQUARE)
    assert not taken.has_z
    assert taken.exterior.is_ccw


def test_eighteen_counties_in_a_file_are_one_area():
    counties = load_counties()
    document = collection(
        *(mapping(counties.geometry(c)) for c in counties.member_codes)
    )
    assert read_area(as_bytes(document), datum=Datum.CGCS2000).equals(GANZHOU)


def test_a_byte_order_mark_does_no_harm():
    data = b"\xef\xbb\xbf" + as_bytes(polygon(RING))
    assert read_area(data, datum=Datum.WGS84).equals(SQUARE)


BOW_TIE = [[114, 25], [115, 26], [115, 25], [114, 26], [114, 25]]


@pytest.mark.parametrize(
    ("document", "code", "place"),
    [
        (polygon(BOW_TIE), "area-self-intersection", "(114.5, 25.5)"),
        (
            collection(polygon(RING), polygon(BOW_TIE)),
            "area-self-intersection",
            "features[1] (114.5, 25.5)",
        ),
        (
            polygon(RING, [[116, 27], [117, 27], [117, 28], [116, 27]]),
            "area-hole-outside",
            "(116, 27)",
        ),
        (
            feature({"type": "MultiPolygon", "coordinates": [[RING], [RING[:-1]]]}),
            "area-ring-not-closed",
            "polygon 1 ring 0 (114.0, 25.0) – (114.0, 26.0)",
        ),
        (polygon(RING[:3]), "area-ring-too-short", "ring 0"),
        (
            polygon([[114, 25], [115, 25], [114, 25], [114, 25]]),
            "area-ring-too-short",
            "(114, 25)",
        ),
        (
            polygon([*RING[:2], [115], *RING[2:]]),
            "area-not-position",
            "ring 0 vertex 2",
        ),
        (
            polygon([*RING[:2], [115, "25"], *RING[2:]]),
            "area-not-position",
            "ring 0 vertex 2",
        ),
        (
            polygon([*RING[:2], [115, True], *RING[2:]]),
            "area-not-position",
            "ring 0 vertex 2",
        ),
        (polygon([*RING[:2], [1e999, 25], *RING[2:]]), "area-not-finite",
         "ring 0 vertex 2"),
        (polygon([*RING[:2], [10**400, 25], *RING[2:]]), "area-not-finite",
         "ring 0 vertex 2"),
        (polygon(), "area-empty", ""),
        (collection(), "area-empty", ""),
        (collection(None), "area-empty", "features[0]"),
        (
            collection(polygon(RING), {"type": "Point", "coordinates": [114, 25]}),
            "area-not-polygon",
            "features[1]",
        ),
        ({"type": "FeatureCollection", "features": {}}, "area-not-geojson", "features"),
        ({"type": "Polygon", "coordinates": 7}, "area-not-geojson", ""),
        ({"kind": "Polygon"}, "area-not-geojson", ""),
        ([], "area-not-geojson", ""),
        (
            polygon([[500_000 + x, 2_800_000 + y] for x, y in RING]),
            "area-out-of-range",
            "(500114.0, 2800025.0)",
        ),
    ],
)  # fmt: skip
def test_a_faulty_file_is_refused_with_the_place_of_the_fault(document, code, place):
    refused = refusal(as_bytes(document))
    assert (refused.code, refused.place) == (code, place)


@pytest.mark.parametrize(
    ("data", "place"),
    [
        (b'{"type": "Polygon", }', "line 1 column 21"),
        (b'{"type":\n "Poly', "line 2 column 2"),
        (b'{"type": "\xff"}', "byte 10"),
        (b"", "line 1 column 1"),
        (b"[" * 100_000, ""),
    ],
)
def test_what_is_not_json_is_refused_with_its_line(data, place):
    refused = refusal(data)
    assert (refused.code, refused.place) == ("area-not-json", place)


@pytest.mark.parametrize("datum", list(Datum))
def test_ganzhou_with_its_axes_exchanged_is_refused(datum):
    """Ganzhou at lon 25, lat 115."""
    document = mapping(shapely.transform(GANZHOU, lambda at: at[:, ::-1]))
    refused = refusal(as_bytes(document), datum)
    assert refused.code == "area-axis-order"
    assert refused.place.startswith("(2")


def test_exchanged_axes_are_seen_even_where_both_orders_are_degrees():
    """Kashgar, (76, 39.5): the other way round it would be in the Arctic Ocean."""
    kashgar = shapely.transform(
        shapely.box(75.9, 39.4, 76.1, 39.6), lambda at: at[:, ::-1]
    )
    assert refusal(as_bytes(mapping(kashgar))).code == "area-axis-order"


def test_a_file_without_a_datum_is_refused():
    """Lesson 25: a polygon without a stated datum says nothing."""
    assert refusal(as_bytes(polygon(RING)), None).code == "area-datum-missing"


@pytest.mark.parametrize(
    ("crs", "code"),
    [
        ("urn:ogc:def:crs:EPSG::2383", "area-datum-unknown"),
        ("Xian 1980", "area-datum-unknown"),
    ],
)
def test_a_crs_that_is_not_understood_is_refused(crs, code):
    document = polygon(RING) | {"crs": {"type": "name", "properties": {"name": crs}}}
    assert refusal(as_bytes(document)).code == code


@pytest.mark.parametrize(
    "crs",
    ["urn:ogc:def:crs:OGC:1.3:CRS84", "urn:ogc:def:crs:EPSG::4490", "EPSG:4326"],
)
def test_a_crs_in_the_file_states_the_datum(crs):
    document = polygon(RING) | {"crs": {"type": "name", "properties": {"name": crs}}}
    assert read_area(as_bytes(document), datum=None).equals(SQUARE)
    assert refusal(as_bytes(document), Datum.GCJ02).code == "area-datum-contradicted"


@pytest.mark.parametrize("code", ["", "360734", "360722", "360781"])
@pytest.mark.parametrize("true", [Datum.WGS84, Datum.GCJ02, Datum.BD09])
@pytest.mark.parametrize("stated", list(Datum))
def test_control_points_contradict_a_wrong_datum(code, true, stated):
    """Lesson 25: a polygon file in the wrong datum (ChinaAdminDivisonSHP#10)."""
    geometry = load_counties().geometry(code) or GANZHOU
    data = as_bytes(mapping(shifted(geometry, true)))
    if true == stated or (true.is_ground and stated.is_ground):
        assert read_area(data, datum=stated).is_valid
    else:
        refused = refusal(data, stated)
        assert refused.code == "area-datum-contradicted"
        assert f"as {true}" in refused.message.en


@given(seed=st.integers(0, 10_000))
@settings(max_examples=8, deadline=None)
def test_a_finer_source_is_neither_taken_for_another_datum_nor_let_through(seed):
    """The shipped borders are off by a median of 176 m, 660 m for 90 %."""
    finer = _as_a_finer_source_draws(GANZHOU, np.random.default_rng(seed))
    assert read_area(as_bytes(mapping(finer)), datum=Datum.CGCS2000).is_valid
    wrong = as_bytes(mapping(shifted(finer, Datum.GCJ02)))
    assert refusal(wrong).code == "area-datum-contradicted"


def _as_a_finer_source_draws(geometry, generator):
    """Move the border to and fro, smoothly, by what was measured."""
    fine = shapely.segmentize(geometry, 0.003)
    at = shapely.get_coordinates(fine.exterior)
    count = len(at) // 8
    knots = np.arange(0, len(at), 8)
    wobble = generator.normal(0.0, 0.0028, (count + 2, 2))[: len(knots)]
    wobble[-1] = wobble[0]
    moves = [np.interp(np.arange(len(at)), knots, wobble[:, axis]) for axis in (0, 1)]
    drawn = at + np.column_stack(moves)
    return shapely.Polygon(drawn[:-1]).buffer(0)


def test_an_area_that_follows_no_county_border_has_no_control_points():
    orchard = shapely.box(115.0, 25.3, 115.02, 25.32)
    for datum in Datum:
        assert read_area(as_bytes(mapping(orchard)), datum=datum).is_valid
    abroad = shapely.box(-8.0, 39.0, -7.0, 40.0)
    assert read_area(as_bytes(mapping(abroad)), datum=Datum.WGS84).equals(abroad)


def test_more_vertices_than_allowed_are_refused():
    document = collection(polygon(RING), polygon(RING))
    refused = refusal(as_bytes(document), limits=AreaLimits(max_vertices=9))
    assert (refused.code, refused.place) == ("area-too-many-vertices", "features[1]")
    assert read_area(
        as_bytes(document), datum=Datum.WGS84, limits=AreaLimits(max_vertices=10)
    )


def test_more_bytes_than_allowed_are_refused_unread():
    refused = refusal(b"{" * 101, limits=AreaLimits(max_bytes=100))
    assert (refused.code, refused.place) == ("area-too-many-bytes", "101 bytes")


@pytest.mark.parametrize(
    ("datum", "error_m"),
    [
        (Datum.WGS84, 0.0),
        (Datum.CGCS2000, 0.0),
        (Datum.GCJ02, GCJ02_ERROR_M),
        (Datum.BD09, BD09_ERROR_M),
    ],
)
def test_an_imported_area_bears_the_error_of_its_conversion(datum, error_m):
    data = as_bytes(mapping(shifted(GANZHOU, datum)))
    area = import_area(data, datum=datum, **TERMS)
    assert area.tolerance_m == 10.0 + error_m
    assert area.datum.is_ground
    assert area.converted_from == (None if datum.is_ground else datum)
    off = shapely.hausdorff_distance(area.geometry, GANZHOU)
    assert off < 1e-9


def test_an_imported_area_decides_as_the_polygons_it_came_from():
    area = import_area(as_bytes(mapping(ISLAND_IN_HOLE)), datum=Datum.WGS84, **TERMS)
    verdicts = [check_origin(area, Fix(*at, 5.0)).verdict for at in
                ((114.2, 25.2), (114.45, 25.45), (114.5, 25.5))]  # fmt: skip
    assert verdicts == [Verdict.INSIDE, Verdict.OUTSIDE, Verdict.INSIDE]


JUNK = st.recursive(
    st.one_of(st.none(), st.booleans(), st.floats(), st.integers(), st.text()),
    lambda inner: st.one_of(
        st.lists(inner, max_size=4),
        st.dictionaries(
            st.sampled_from(["type", "coordinates", "features", "geometry", "crs"]),
            st.one_of(
                inner,
                st.sampled_from(["Polygon", "MultiPolygon", "Feature",
                                 "FeatureCollection"]),
            ),
            max_size=4,
        ),
    ),
    max_leaves=20,
)  # fmt: skip


@given(JUNK)
@settings(max_examples=300)
def test_whatever_comes_is_taken_or_refused_but_never_fails(junk):
    with suppress(AreaRefused):
        read_area(as_bytes(junk), datum=Datum.WGS84)


@given(st.binary(max_size=200))
def test_whatever_bytes_come_are_refused_with_a_reason(data):
    assert refusal(data).code.startswith("area-")
