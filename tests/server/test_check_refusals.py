"""Bulk check: what cannot be read is named by its place before a line is written."""

import io
from pathlib import Path

import pytest
from points import XUNWU, checked, collection, point, quiet, rows

from geo.datum import Datum
from geo.package_data import default_area, load_counties
from server.bulk_check.bulk import check_file
from server.bulk_check.checking import CheckTerms
from server.bulk_check.points import FileRefused


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "points"


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("25.0,115.0,,", "point-range"),
        ("north,25,,", "point-number"),
        ("nan,25,,", "point-number"),
        ("115,,,", "point-half"),
        ("115,25,0,", "point-radius"),
        ("115,25,-3,", "point-radius"),
        ("115,25,,WGS72", "datum-unknown"),
        ("115,25,,,one too many", "csv-cells"),
    ],
)
def test_a_faulty_line_is_named_and_nothing_is_written(
    file: Path, line: str, code: str
) -> None:
    file.write_text(f"lon,lat,radius_m,datum\n115,25,,\n{line}\n")
    stream = io.StringIO()
    terms = CheckTerms(default_area(), load_counties())
    with pytest.raises(FileRefused) as refused:
        check_file(file, terms, stream, quiet, datum=Datum.WGS84)
    assert refused.value.code == code
    assert "line 3" in refused.value.message.en
    assert stream.getvalue() == ""


def test_many_faults_are_counted_and_the_first_named(file: Path) -> None:
    file.write_text("lon,lat\n" + "x,y\n" * 100)
    with pytest.raises(FileRefused) as refused:
        checked(file, datum=Datum.WGS84)
    assert "100 in all" in refused.value.message.en
    assert refused.value.message.en.count("line ") == 20


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("x,y\n1,2\n", "csv-columns"),
        ("", "csv-columns"),
        ("lon,lat,lon\n1,2,3\n", "csv-columns"),
        ('lon,lat\n"115"x,25\n', "csv-malformed"),
        ('{"type": "FeatureCollection", "features": [', "geojson-malformed"),
        ('{"type": "FeatureCollection", "features": [1,]}', "geojson-malformed"),
        ('{"type": "Topology"}', "geojson-malformed"),
        ("[]", "geojson-malformed"),
        ('{"type": "FeatureCollection", "features": []} x', "geojson-malformed"),
        (collection(point((float("nan"), 25))), "geojson-malformed"),
        (collection({"type": "Point"}), "geojson-feature"),
        (collection(point(("115", "25"))), "geojson-point"),  # type: ignore[arg-type]
        (collection(point((25, 115))), "point-range"),
        (collection(point(XUNWU), crs={"name": "EPSG:3857"}), "geojson-crs"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused(
    file: Path, text: str, code: str
) -> None:
    file.write_text(text)
    with pytest.raises(FileRefused) as refused:
        checked(file, datum=Datum.WGS84)
    assert refused.value.code == code


def test_a_file_that_is_not_there_is_refused(file: Path) -> None:
    with pytest.raises(FileRefused) as refused:
        checked(file)
    assert refused.value.code == "file-unreadable"


def test_a_file_saved_by_a_chinese_spreadsheet_is_read(file: Path) -> None:
    """Lesson 31: Excel garbles Chinese."""
    file.write_bytes("lon,lat,名称\n115.6512,24.9633,寻乌仓库\n".encode("gb18030"))
    assert rows(checked(file, datum=Datum.WGS84))[0]["名称"] == "寻乌仓库"


def test_a_file_in_no_known_encoding_is_refused(file: Path) -> None:
    file.write_bytes(b"lon,lat,x\n115,25,\xff\xff\n")
    with pytest.raises(FileRefused) as refused:
        checked(file, datum=Datum.WGS84)
    assert refused.value.code == "csv-encoding"
