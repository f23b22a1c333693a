"""Rows of CSV files become drafts; a file with a fault is not taken at all."""

import json
from pathlib import Path
from typing import Any

import pytest

from fieldkit.importing.csv_rows import COLUMNS, MOST_BYTES, MOST_ROWS
from fieldkit.outbox import SqliteOutbox

HEAD = ",".join(COLUMNS)
ROW = (
    "2023-12-02T10:20:00+08:00,115.6512,24.9633,12,WGS84,warehouse,"
    "某仓库,澄江镇,TM-202,二号库"
)


@pytest.fixture
def imported(fieldkit: Any, tmp_path: Path) -> Any:
    """Write a CSV file, import it and return the report of ``--json``."""

    def run(*lines: str, code: int = 0, options: Any = (), **more: Any) -> Any:
        file = tmp_path / "rows.csv"
        content = "\n".join(lines).encode(more.get("encoding", "utf-8"))
        file.write_bytes(more.get("content", content))
        told = fieldkit("import", str(file), "--json", *options)
        assert told.returncode == code, told.stderr
        return json.loads(told.stdout) if told.stdout else told.stderr

    return run


def faults(report: Any) -> list[tuple[int, str]]:
    for one in report["not_taken"]:
        assert one["reasons"]["zh"]
        assert one["reasons"]["en"]
    return [(one["line"], one["field"]) for one in report["not_taken"]]


def test_a_row_becomes_a_draft_with_all_that_it_says(
    imported: Any, outbox: SqliteOutbox
) -> None:
    (taken,) = imported(HEAD, ROW)["taken"]
    assert (taken["file"], taken["line"], taken["kind"]) == ("rows.csv", 2, "row")
    (draft,) = outbox.drafts()
    said = draft.body["form"]
    assert said["observed_at"] == "2023-12-02T10:20:00+08:00"
    assert said["site"] == {
        "premises_type": "warehouse",
        "name": "某仓库",
        "address": "澄江镇",
    }
    fix = said["position"]["fix"]
    assert (fix["lon_deg"], fix["lat_deg"]) == (115.6512, 24.9633)
    assert (fix["radius95_m"], fix["datum"]) == (12.0, "WGS84")
    assert (fix["source"], fix["is_mock"]) == ("imported", None)
    assert fix["basis"] == "CSV rows.csv, not measured by this device"
    assert said["violations"] == [{"id": "v1", "code": "TM-202"}]
    assert said["note"].startswith("二号库；")


def test_a_visit_without_a_finding_has_no_goods(
    imported: Any, outbox: SqliteOutbox
) -> None:
    imported("observed_at,code", "2023-12-02 10:20,nv-000")
    (draft,) = outbox.drafts()
    said = draft.body["form"]
    assert (said["lots"], said["violations"]) == ([], [{"id": "v1", "code": "NV-000"}])
    assert said["position"] == {
        "fix": None,
        "measured_fix": None,
        "no_fix_reason": "What was imported has no position",
    }


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030"])
def test_what_spreadsheets_write_is_read(
    imported: Any, outbox: SqliteOutbox, encoding: str
) -> None:
    imported(HEAD, ROW, "", ",,,", encoding=encoding)
    (draft,) = outbox.drafts()
    assert draft.body["form"]["site"]["name"] == "某仓库"


def test_a_datum_is_required_unless_the_command_names_it(
    imported: Any, outbox: SqliteOutbox
) -> None:
    row = ("lon,lat", "115.6512,24.9633")
    report = imported(*row, code=3)
    assert faults(report) == [(2, "datum")]
    assert "--datum" in report["not_taken"][0]["reason"]
    (taken,) = imported(*row, options=("--datum", "gcj-02"))["taken"]
    assert taken["fix"]["datum"] == "GCJ02"
    assert taken["fix"]["radius95_m"] is None


def test_a_datum_that_the_command_does_not_know_takes_nothing(
    imported: Any, outbox: SqliteOutbox
) -> None:
    imported(HEAD, ROW, options=("--datum", "TOKYO"), code=3)
    assert outbox.drafts() == []


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("observed_at", "yesterday"),
        ("observed_at", "2023-12-02"),
        ("lon", "115°39'"),
        ("lon", "nan"),
        ("lon", "1e999"),
        ("lat", ""),
        ("lat", "115.6"),
        ("radius_m", "0"),
        ("radius_m", "-3"),
        ("radius_m", "2000000"),
        ("datum", "TOKYO"),
        ("premises_type", "palace"),
        ("premises_name", "长" * 201),
        ("code", "TM-999"),
        ("note", "bell\a"),
    ],
)
def test_a_cell_that_cannot_be_is_named_by_its_line_and_column(
    imported: Any, outbox: SqliteOutbox, column: str, value: str
) -> None:
    cells = ROW.split(",")
    cells[COLUMNS.index(column)] = value
    ((line, field),) = faults(imported(HEAD, ROW, ",".join(cells), code=3))
    assert line == 3
    assert field in (column, "lon" if column == "lat" else column)
    assert outbox.drafts() == []


def test_every_fault_of_a_file_is_told_at_once(imported: Any) -> None:
    rows = (ROW.replace("115.6512", "x"), ROW, ROW.replace("TM-202", "x"))
    assert faults(imported(HEAD, *rows, code=3)) == [(2, "lon"), (4, "code")]


@pytest.mark.parametrize(
    ("lines", "field"),
    [
        (("lon,lat,height",), "height"),
        (("lon,lon",), "lon"),
        (("",), None),
        ((HEAD,), None),
        (("note", '"open'), None),
        (("note", "a,b"), None),
    ],
)
def test_a_table_that_cannot_be_read_says_why(
    imported: Any, outbox: SqliteOutbox, lines: tuple[str, ...], field: str | None
) -> None:
    report = imported(*lines, code=3)
    assert report["not_taken"][0]["field"] == field
    assert outbox.drafts() == []


@pytest.mark.parametrize(
    "content", [b"", b"\0\0\0", b"note\n\xff\xff", b"x" * (MOST_BYTES + 1)]
)
def test_what_is_no_text_or_too_much_is_refused(
    imported: Any, outbox: SqliteOutbox, content: bytes
) -> None:
    assert imported(content=content, code=3)["not_taken"]
    assert outbox.drafts() == []


def test_more_rows_than_one_file_may_hold_are_refused(
    imported: Any, outbox: SqliteOutbox
) -> None:
    rows = [f"row {n}" for n in range(MOST_ROWS + 1)]
    assert imported("note", *rows, code=3)["not_taken"][0]["code"] == "file-too-large"
    assert len(imported("note", *rows[:-1])["taken"]) == MOST_ROWS


def test_a_row_is_not_taken_twice_though_the_file_grew(
    imported: Any, outbox: SqliteOutbox
) -> None:
    draft = imported(HEAD, ROW)["taken"][0]["draft"]
    second = ROW.replace("TM-202", "OR-301")
    report = imported(HEAD, second, ROW, second)
    assert [one["line"] for one in report["taken"]] == [2]
    new = report["taken"][0]["draft"]
    known = [(one["line"], one["draft"]) for one in report["known"]]
    assert known == [(3, draft), (4, new)]
    assert len(outbox.drafts()) == 2


def test_a_row_whose_draft_was_removed_may_come_again(
    imported: Any, outbox: SqliteOutbox
) -> None:
    outbox.remove_draft(imported(HEAD, ROW)["taken"][0]["draft"])
    assert len(imported(HEAD, ROW)["taken"]) == 1
