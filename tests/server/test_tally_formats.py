"""A tally as JSON, as CSV and as a table: what others rely on."""

import json
from collections.abc import Iterator
from datetime import date

import pytest
import sqlalchemy as sa
from counted import fill, visit

from server.database import open_engine
from server.tables import metadata
from server.tally.formats import as_csv, as_json, as_table
from server.tally.query import TallyQuery
from server.tally.tally import take_tally


@pytest.fixture
def engine(database_url: str) -> Iterator[sa.Engine]:
    engine = open_engine(database_url)
    metadata.create_all(engine)
    yield engine
    engine.dispose()


def test_json_has_key_columns_named_after_by_and_says_what_it_rests_on(
    engine: sa.Engine,
) -> None:
    with engine.begin() as connection:
        fill(connection, [visit(synthetic=True)])
        query = TallyQuery(by=("county", "month"), date_from=date(2023, 1, 1))
        document = json.loads(as_json(take_tally(connection, query)))
    assert list(document) == ["rows", "total", "overlap", "filter", "versions"]
    row = next(row for row in document["rows"] if row["acts"])
    assert row["county_code"] == "360734"
    assert row["county_name"] == "寻乌县"
    assert row["month"] == "2023-12"
    assert row["synthetic_acts"] == 1
    assert document["filter"]["from"] == "2023-01-01"
    assert document["filter"]["to"] is None
    assert document["versions"]["tally"] == "1"


def test_csv_opens_in_a_spreadsheet_as_written(engine: sa.Engine) -> None:
    """Lessons 31 to 33: garbled Chinese, formulas, columns that drift."""
    with engine.begin() as connection:
        fill(connection, [visit()])
        text = as_csv(take_tally(connection, TallyQuery()))
    lines = text.splitlines()
    assert text.startswith("\ufeffcounty_code,county_name,observations,premises,acts,")
    assert lines[0].endswith("unsure_lots_not_applicable,tally_version")
    assert any(line.startswith("360734,寻乌县,1,1,1,1,1,0,0,0,") for line in lines)
    assert lines[-1].startswith("total,,1,1,1,1,")
    assert len({line.count(",") for line in lines}) == 1


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_table_is_aligned_and_names_the_synthetic_part(
    engine: sa.Engine, language: str
) -> None:
    from rich.cells import cell_len

    with engine.begin() as connection:
        fill(connection, [visit(), visit(synthetic=True)])
        text = as_table(take_tally(connection, TallyQuery()), language)
    *table, acts, note = text.splitlines()
    assert len({cell_len(line) for line in table}) == 1
    assert "360734 寻乌县" in text
    assert ("合成" if language == "zh" else "synthetic") in note
    assert note.endswith("1")
    words = (
        "含尚未确认的行为" if language == "zh" else "includes acts not yet confirmed"
    )
    assert words in acts


def test_what_may_belong_to_another_county_is_said_in_every_format(
    engine: sa.Engine,
) -> None:
    with engine.begin() as connection:
        fill(connection, [visit(), visit(county_ambiguous=True, premises_key="p2")])
        tally = take_tally(connection, TallyQuery())
    chinese, english = as_table(tally, "zh"), as_table(tally, "en")
    assert "位置存疑" in chinese.splitlines()[0]
    assert "检查记录 2 条，其中 1 条距县界过近或位置不可靠" in chinese
    assert "2 observations, 1 of them too near a county border" in english
    assert json.loads(as_json(tally))["total"]["unsure_premises"] == 1
    header, *_, total = as_csv(tally).splitlines()
    assert total.split(",")[header.split(",").index("unsure_acts")] == "1"
