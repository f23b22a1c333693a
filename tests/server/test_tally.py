"""Tallies: what is counted, in which rows, and that a recount agrees."""

import json
from collections.abc import Callable, Iterator
from datetime import date
from itertools import combinations
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from server.database import open_engine
from server.tables import lot, metadata, observation, violation
from server.tally.counting import figures_by_key
from server.tally.formats import as_csv, as_json, as_table
from server.tally.measures import FIGURE_NAMES
from server.tally.query import DIMENSIONS, TallyQuery, TallyRefused, split_by
from server.tally.recount import (
    CountedLot,
    CountedObservation,
    CountedViolation,
    recount,
)
from server.tally.tally import take_tally

ALL_BY = [by for n in range(4) for by in combinations(DIMENSIONS, n)]

violations = st.builds(
    CountedViolation,
    code=st.sampled_from(["TM-202", "GI-101", "NV-000"]),
    is_primary=st.booleans(),
    counts_as_act=st.booleans(),
    support=st.sampled_from(["supports", "contradicts", "open", "not_applicable"]),
)
lots = st.builds(
    CountedLot,
    product=st.sampled_from([None, "gannan-navel-orange", "packaging"]),
    verdict=st.sampled_from(["inside", "outside", "undetermined", "not_applicable"]),
)
places = st.sampled_from(
    [
        ("member", "360734"),
        ("member", "360702"),
        ("other", "440282"),
        ("none", None),
        ("no_position", None),
    ]
)
statuses = st.sampled_from(["current", "disputed", "withdrawn", "excluded"])


@st.composite
def observations(draw: st.DrawFn) -> CountedObservation:
    kind, code = draw(places)
    status = draw(statuses)
    return CountedObservation(
        unit_code=draw(st.sampled_from(["360734", "3607-RJ"])),
        acted_on=draw(st.sampled_from(["2023-11-30", "2023-12-01", "2024-01-05"])),
        county_kind=kind,
        county_code=code,
        premises_key=draw(st.sampled_from(["p1", "p2"])),
        synthetic=draw(st.booleans()),
        status=status,
        counts=status in ("current", "disputed"),
        violations=tuple(draw(st.lists(violations, max_size=3))),
        lots=tuple(draw(st.lists(lots, max_size=3))),
    )


queries = st.builds(
    TallyQuery,
    date_from=st.sampled_from([None, date(2023, 12, 1)]),
    date_to=st.sampled_from([None, date(2023, 12, 31)]),
    unit=st.sampled_from([None, "360734"]),
    county=st.sampled_from([None, "360734", "other", "none", "no_position"]),
    product=st.sampled_from([None, "packaging"]),
    code=st.sampled_from([None, "TM-202", "none"]),
    verdict=st.sampled_from([None, "outside", "not_applicable"]),
    status=st.sampled_from(["counted", "withdrawn"]),
    by=st.sampled_from([by for by in ALL_BY if by]),
)


@pytest.fixture
def engine(database_url: str) -> Iterator[sa.Engine]:
    engine = open_engine(database_url)
    metadata.create_all(engine)
    yield engine
    engine.dispose()


Fill = Callable[[sa.Connection, list[CountedObservation]], None]


def fill(connection: sa.Connection, found: list[CountedObservation]) -> None:
    for table in (observation, violation, lot):
        connection.execute(table.delete())
    for n, each in enumerate(found):
        connection.execute(observation.insert().values(_row(f"o{n}", each)))
        ids = {"version_id": f"v{n}", "root_id": f"o{n}"}
        for m, act in enumerate(each.violations):
            values = _fields(act) | ids | {"violation_id": f"a{m}"}
            connection.execute(violation.insert().values(values))
        for m, goods in enumerate(each.lots):
            values = _fields(goods) | ids | {"lot_id": f"g{m}"}
            connection.execute(lot.insert().values(values))


def _fields(thing: Any) -> dict[str, Any]:
    return {name: getattr(thing, name) for name in thing.__dataclass_fields__}


def _row(root_id: str, found: CountedObservation) -> dict[str, Any]:
    values = _fields(found)
    del values["violations"], values["lots"]
    return values | {
        "id": root_id,
        "version_id": root_id.replace("o", "v"),
        "version_hash": "00",
        "version_position": 1,
        "device_id": "d1",
        "county_name": "南雄市" if found.county_code == "440282" else None,
        "county_ambiguous": False,
        "county_unit_mismatch": False,
        "photos_named": 0,
    }


def visit(**changes: Any) -> CountedObservation:
    values: dict[str, Any] = {
        "unit_code": "360734",
        "acted_on": "2023-12-02",
        "county_kind": "member",
        "county_code": "360734",
        "premises_key": "warehouse",
        "synthetic": False,
        "status": "current",
        "counts": True,
        "violations": (CountedViolation("TM-202", True, True, "supports"),),
        "lots": (CountedLot("gannan-navel-orange", "outside"),),
    }
    return CountedObservation(**values | changes)


@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(found=st.lists(observations(), max_size=8), query=queries)
def test_the_sql_and_a_plain_recount_find_the_same_figures(
    engine: sa.Engine, found: list[CountedObservation], query: TallyQuery
) -> None:
    """Lesson 29: counts that do not match the list."""
    with engine.begin() as connection:
        fill(connection, found)
        for by in (query.by, ()):
            assert figures_by_key(connection, query, by) == recount(query, by, found)


@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(found=st.lists(observations(), max_size=8), query=queries)
def test_a_row_shows_what_the_query_narrowed_to_it_shows(
    engine: sa.Engine, found: list[CountedObservation], query: TallyQuery
) -> None:
    """Lesson 29: one query object feeds map, table, tally and export."""
    with engine.begin() as connection:
        fill(connection, found)
        for row in take_tally(connection, query).rows:
            assert take_tally(connection, query.only(row.key)).total == row.figures


@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(found=st.lists(observations(), max_size=8), query=queries)
def test_the_rows_add_up_to_the_total_and_the_named_overlap(
    engine: sa.Engine, found: list[CountedObservation], query: TallyQuery
) -> None:
    """Counties + "no county" = total, always; no act ever stands in two rows."""
    with engine.begin() as connection:
        fill(connection, found)
        tally = take_tally(connection, query)
    for name in FIGURE_NAMES:
        added = sum(row.figures[name] for row in tally.rows)
        assert added == tally.total[name] + tally.overlap.get(name, 0)
        if "acts" in name or query.by == ("county",):
            assert name not in tally.overlap


def test_every_county_and_the_three_buckets_have_a_row_when_nothing_was_counted(
    engine: sa.Engine,
) -> None:
    with engine.connect() as connection:
        tally = take_tally(connection, TallyQuery())
    keys = [row.key[0] for row in tally.rows]
    assert len(keys) == 21
    assert keys[:2] == ["360702", "360703"]
    assert keys[18:] == ["other", "none", "no_position"]
    assert not any(tally.total.values())


def test_all_20_units_have_a_row_and_the_two_zones_are_among_them(
    engine: sa.Engine,
) -> None:
    with engine.connect() as connection:
        tally = take_tally(connection, TallyQuery(by=("unit",)))
    keys = [row.key[0] for row in tally.rows]
    assert len(keys) == len(set(keys)) == 20
    assert keys[0] == "360702"
    assert keys[-2:] == ["3607-JK", "3607-RJ"]


def test_a_county_of_another_city_stands_by_name_and_replaces_the_empty_row(
    engine: sa.Engine,
) -> None:
    with engine.begin() as connection:
        fill(connection, [visit(county_kind="other", county_code="440282")])
        rows = take_tally(connection, TallyQuery()).rows
        names = {row.key[0]: row.labels[0].zh for row in rows}
        assert names["440282"] == "南雄市"
        assert "other" not in names
        assert len(rows) == 21
        narrowed = take_tally(connection, TallyQuery(county="other"))
    assert narrowed.total["observations"] == 1


def test_every_county_has_its_zeros_in_every_month_that_occurs(
    engine: sa.Engine,
) -> None:
    with engine.begin() as connection:
        fill(connection, [visit(), visit(acted_on="2024-01-05")])
        tally = take_tally(connection, TallyQuery(by=("month", "county")))
    assert len(tally.rows) == 2 * 21
    assert tally.rows[0].key == ("2023-12", "360702")


def test_county_and_unit_together_pair_a_unit_with_its_host(engine: sa.Engine) -> None:
    with engine.connect() as connection:
        tally = take_tally(connection, TallyQuery(by=("county", "unit")))
    keys = [row.key for row in tally.rows]
    assert len(keys) == 20
    assert ("360702", "3607-RJ") in keys


def test_a_filter_leaves_only_the_rows_that_it_allows(engine: sa.Engine) -> None:
    with engine.begin() as connection:
        fill(connection, [visit()])
        tally = take_tally(connection, TallyQuery(county="360734"))
    assert [row.key for row in tally.rows] == [("360734",)]


def test_two_codes_of_one_visit_stand_in_two_rows_and_once_in_the_total(
    engine: sa.Engine,
) -> None:
    acts = (
        CountedViolation("TM-202", True, True, "supports"),
        CountedViolation("GI-101", False, True, "supports"),
        CountedViolation("GI-101", False, True, "open"),
    )
    with engine.begin() as connection:
        fill(connection, [visit(violations=acts)])
        tally = take_tally(connection, TallyQuery(by=("code",)))
    assert [row.figures["acts"] for row in tally.rows] == [2, 1]
    assert [row.figures["observations"] for row in tally.rows] == [1, 1]
    assert tally.total["observations"] == 1
    assert tally.total["acts"] == 3
    assert tally.total["primary_acts"] == 1
    assert tally.overlap == {"observations": 1, "premises": 1, "lots_outside": 1}


def test_a_visit_without_a_finding_counts_as_a_visit_and_as_no_act(
    engine: sa.Engine,
) -> None:
    """蓉江新区, season 2023: 20 premises visited, 0 acts."""
    nothing = (CountedViolation("NV-000", False, False, "not_applicable"),)
    visits = [
        visit(
            unit_code="3607-RJ",
            county_kind="no_position",
            county_code=None,
            premises_key=f"shop {n}",
            violations=nothing,
            lots=(),
        )
        for n in range(20)
    ]
    with engine.begin() as connection:
        fill(connection, visits)
        tally = take_tally(connection, TallyQuery(by=("unit",)))
    row = next(row for row in tally.rows if row.key == ("3607-RJ",))
    assert row.figures["observations"] == row.figures["premises"] == 20
    assert row.figures["acts"] == row.figures["violations_not_applicable"] == 0


def test_the_number_of_statements_does_not_grow_with_the_rows(
    engine: sa.Engine,
) -> None:
    """Lesson 35: N+1 queries (Mergin server#617)."""
    counts = []
    statements: list[str] = []
    sa.event.listen(
        engine, "before_cursor_execute", lambda c, u, s, *rest: statements.append(s)
    )
    for n in (1, 30):
        with engine.begin() as connection:
            fill(connection, [visit(premises_key=f"p{m}") for m in range(n)])
            statements.clear()
            take_tally(connection, TallyQuery(by=("county", "code")))
            counts.append(len(statements))
    assert counts[0] == counts[1] <= 10


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
    assert lines[0].endswith("synthetic_lots_not_applicable,tally_version")
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
    table, note = text.splitlines()[:-1], text.splitlines()[-1]
    assert len({cell_len(line) for line in table}) == 1
    assert "360734 寻乌县" in text
    assert ("合成" if language == "zh" else "synthetic") in note
    assert note.endswith("1")


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"by": ("province",)}, "tally-by"),
        ({"by": ("county", "county")}, "tally-by"),
        ({"by": ()}, "tally-by"),
        ({"status": "deleted"}, "tally-status"),
        ({"verdict": "maybe"}, "tally-verdict"),
        ({"month": "2023-13"}, "tally-month"),
        (
            {"date_from": date(2024, 1, 2), "date_to": date(2024, 1, 1)},
            "tally-period",
        ),
    ],
)
def test_a_question_without_meaning_is_refused_in_words(
    changes: dict[str, Any], code: str
) -> None:
    with pytest.raises(TallyRefused) as refused:
        TallyQuery(**changes)
    assert refused.value.code == code
    assert refused.value.message.zh


def test_by_is_split_at_commas() -> None:
    assert split_by("county, unit,") == ("county", "unit")
