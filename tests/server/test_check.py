"""Bulk check: every column kept, every verdict that of the single check."""

import io
import json
import tracemalloc
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from points import SEA, XUNWU, YOUXI, checked, collection, features, point, quiet, rows

from geo.datum import Datum
from geo.fix import Fix
from geo.origin import check_origin
from geo.package_data import default_area, load_counties
from server.bulk_check.bulk import POINTS_AT_ONCE, check_file
from server.bulk_check.checking import EXACT_M, UNKNOWN_M, CheckTerms
from server.bulk_check.points import ADDED_COLUMNS, FileRefused
from server.csv_text import safe_cell


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "points"


def test_csv_keeps_every_column_and_adds_the_answers(file: Path) -> None:
    file.write_text("编号,lat,lon,datum\n一,24.9633,115.6512,WGS84\n", "utf-8")
    text = checked(file)
    header = text[1:].splitlines()[0].split(",")
    assert header == ["编号", "lat", "lon", "datum", *ADDED_COLUMNS]
    row = rows(text)[0]
    assert row["编号"] == "一"
    assert row["verdict"] == "inside"
    assert row["county_code"] == "360734"
    assert row["county_name"] == "寻乌县"
    assert row["area_version"] == default_area().version
    assert float(row["band_m"]) == 700


def test_the_answers_are_those_of_the_single_check(file: Path) -> None:
    positions = [XUNWU, YOUXI, SEA, (114.0, 25.3), (114.02, 25.31), (115.7, 24.56)]
    lines = [
        f"{lon},{lat},{radius},{datum}"
        for lon, lat in positions
        for radius in (5, 3000.5)
        for datum in Datum
    ]
    file.write_text("lon,lat,radius_m,datum\n" + "\n".join(lines), "utf-8")
    for row in rows(checked(file)):
        fix = Fix(
            float(row["lon"]),
            float(row["lat"]),
            float(row["radius_m"]),
            Datum(row["datum"]),
        )
        alone = check_origin(default_area(), fix)
        assert row["verdict"] == alone.verdict
        assert float(row["distance_m"]) == alone.distance_m
        assert float(row["band_m"]) == pytest.approx(alone.band_m)
        county = load_counties().locate(fix)
        assert row["county_code"] == (county.code or "none")


def test_a_point_without_a_radius_is_undetermined_unless_told_otherwise(
    file: Path,
) -> None:
    """Lesson 23: nobody knows how exact it is, so it decides nothing."""
    file.write_text("lon,lat\n115.6512,24.9633\n")
    (unknown,) = rows(checked(file, UNKNOWN_M, datum=Datum.WGS84))
    assert (unknown["verdict"], unknown["band_m"]) == ("undetermined", "")
    assert (unknown["county_code"], unknown["county_ambiguous"]) == ("360734", "true")
    (exact,) = rows(checked(file, radius_m=EXACT_M, datum=Datum.WGS84))
    assert (exact["verdict"], exact["band_m"]) == ("inside", "700.0")
    assert exact["county_ambiguous"] == "false"
    wide = rows(checked(file, radius_m=20_000, datum=Datum.WGS84))[0]
    assert (wide["band_m"], wide["verdict"]) == ("20700.0", "undetermined")


def test_a_point_without_a_position_stays_and_is_undetermined(file: Path) -> None:
    file.write_text("lon,lat,name\n,,不详\n115.6512,24.9633,仓库\n", "utf-8")
    nowhere, placed = rows(checked(file, datum=Datum.WGS84))
    assert (nowhere["verdict"], nowhere["county_code"]) == (
        "undetermined",
        "no_position",
    )
    assert nowhere["distance_m"] == ""
    assert placed["verdict"] == "inside"


def test_a_missing_datum_is_refused_with_the_line(file: Path) -> None:
    """Lesson 25: a polygon file in the wrong datum."""
    file.write_text("lon,lat,datum\n115,25,WGS84\n115,25,\n")
    with pytest.raises(FileRefused) as refused:
        checked(file)
    assert refused.value.code == "datum-required"
    assert "line 3" in refused.value.message.en
    assert "line 2" not in refused.value.message.en
    assert rows(checked(file, datum=Datum.GCJ02))[1]["band_m"] == "730.0"


def test_geojson_is_wgs_84_by_its_standard_and_keeps_every_property(
    file: Path,
) -> None:
    crs = {"type": "name", "properties": {"name": "urn:ogc:def:crs:OGC:1.3:CRS84"}}
    one = point(XUNWU, name="仓库", 税号=[1, {"a": None}])
    file.write_text(collection(one, point(None), crs=crs), "utf-8")
    placed, nowhere = features(checked(file))
    assert placed["geometry"] == one["geometry"]
    assert placed["properties"].items() >= one["properties"].items()
    assert placed["properties"]["verdict"] == "inside"
    assert nowhere["geometry"] is None
    assert nowhere["properties"]["county_code"] == "no_position"


def test_a_feature_alone_and_a_byte_order_mark_are_read(file: Path) -> None:
    file.write_bytes(b"\xef\xbb\xbf" + json.dumps(point(YOUXI)).encode())
    assert features(checked(file))[0]["properties"]["verdict"] == "outside"


def test_geojson_becomes_csv_with_all_columns_that_any_point_has(file: Path) -> None:
    file.write_text(collection(point(XUNWU, a=1), point(YOUXI, b="=1+1")), "utf-8")
    text = checked(file, form="csv")
    one, two = rows(text)
    assert list(one)[:4] == ["lon", "lat", "a", "b"]
    assert (one["lon"], one["a"], one["b"]) == ("115.6512", "1", "")
    assert two["b"] == "'=1+1"


def test_csv_becomes_geojson_where_it_is_in_wgs_84(file: Path) -> None:
    file.write_text("lon,lat,datum\n115.6512,24.9633,GCJ02\n")
    feature = features(checked(file, form="geojson"))[0]
    lon_deg, lat_deg = feature["geometry"]["coordinates"]
    assert lon_deg != pytest.approx(115.6512, abs=1e-4)
    assert lat_deg != pytest.approx(24.9633, abs=1e-4)
    assert feature["properties"]["lon"] == "115.6512"


def test_checking_the_output_again_keeps_the_first_answers(file: Path) -> None:
    file.write_text("lon,lat\n115.6512,24.9633\n")
    file.write_text(checked(file, datum=Datum.WGS84), "utf-8")
    again = rows(checked(file, datum=Datum.GCJ02))[0]
    assert again["band_m_input"] == "700.0"
    assert again["band_m"] == "730.0"
    file.write_text(checked(file, datum=Datum.WGS84), "utf-8")
    header = checked(file, datum=Datum.WGS84)[1:].splitlines()[0].split(",")
    assert len(header) == len(set(header))


@given(st.text(max_size=8))
def test_no_cell_begins_as_a_formula_and_numbers_are_left_alone(text: str) -> None:
    """Lesson 32: formula injection (onadata#3024)."""
    safe = safe_cell(text)
    if safe != text:
        assert safe == "'" + text
    elif text[:1] in ("=", "+", "-", "@", "\t", "\r"):
        float(text)


@pytest.mark.parametrize("number", ["-115.65", "+1", "-1e-05", "-.5"])
def test_a_western_longitude_is_a_number(number: str) -> None:
    assert safe_cell(number) == number


def many_lines(n_points: int) -> Iterator[str]:
    yield "lon,lat,name\n"
    for n in range(n_points):
        yield f"{114 + n % 100 / 50:.4f},{25 + n % 70 / 50:.4f},point {n}\n"


class Counting(io.TextIOBase):
    """A stream that keeps nothing but the number of lines."""

    lines = 0

    def write(self, text: str) -> int:
        self.lines += text.count("\n")
        return len(text)


def peak_bytes(path: Path, n_points: int) -> int:
    with path.open("w") as file:
        file.writelines(many_lines(n_points))
    stream = Counting()
    tracemalloc.start()
    check_file(
        path,
        CheckTerms(default_area(), load_counties()),
        stream,  # type: ignore[arg-type]
        quiet,
        datum=Datum.WGS84,
    )
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert stream.lines == n_points + 1
    return peak


def test_memory_does_not_grow_with_the_file(file: Path) -> None:
    """Lesson 30: exports time out or are cut."""
    peak_bytes(file, 2 * POINTS_AT_ONCE)  # what is made once, such as the cell grid
    small = peak_bytes(file, 2 * POINTS_AT_ONCE)
    assert peak_bytes(file, 8 * POINTS_AT_ONCE) < 1.3 * small


def test_a_long_geojson_is_read_piece_by_piece(file: Path) -> None:
    points = [point((114 + n / 9000, 25.5), n=n, text="字" * 50) for n in range(9000)]
    file.write_text(collection(*points, name="large"), "utf-8")
    told: list[tuple[object, ...]] = []
    stream = io.StringIO()
    verdicts = check_file(
        file,
        CheckTerms(default_area(), load_counties()),
        stream,
        lambda *step: told.append(step),
    )
    assert verdicts.total() == 9000
    found = features(stream.getvalue())
    assert [feature["properties"]["n"] for feature in found] == list(range(9000))
    assert told[-1] == ("check", 9000, 9000)
    assert ("check", POINTS_AT_ONCE, 9000) in told
