"""Tallies: what is counted, in which rows, and that a recount agrees."""

from collections.abc import Iterator
from contextlib import ExitStack
from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa
from counted import ALL_BY, fill, observations, queries, visit
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from server.database import open_engine
from server.tables import metadata
from server.tally.counting import figures_by_key
from server.tally.measures import FIGURE_NAMES, no_figures
from server.tally.query import TallyQuery, TallyRefused, split_by
from server.tally.recount import CountedObservation, CountedViolation, recount
from server.tally.tally import take_tally


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def any_engine(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[sa.Engine]:
    with ExitStack() as stack:
        url = f"sqlite:///{tmp_path_factory.mktemp('tally') / 'gi.sqlite3'}"
        if request.param == "postgresql":
            copy = request.getfixturevalue("postgres_copy")
            url = stack.enter_context(copy("template0"))
        engine = open_engine(url)
        metadata.create_all(engine)
        yield engine
        engine.dispose()


@pytest.fixture
def engine(any_engine: sa.Engine) -> sa.Engine:
    """Each database in turn, with nothing to count yet."""
    with any_engine.begin() as connection:
        fill(connection, [])
    return any_engine


@settings(
    max_examples=50,
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
    max_examples=25,
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
    max_examples=25,
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


@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    found=st.lists(observations(), min_size=4, max_size=8),
    by=st.sampled_from([by for by in ALL_BY if "county" in by]),
)
def test_the_total_is_the_same_by_whatever_rows_it_is_asked(
    engine: sa.Engine, found: list[CountedObservation], by: tuple[str, ...]
) -> None:
    """Each thing once, also in months, units and verdicts of one county."""
    query = TallyQuery(by=by)
    with engine.begin() as connection:
        fill(connection, found)
        total = take_tally(connection, query).total
    assert total == recount(query, (), found).get((), no_figures())


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


@pytest.mark.parametrize(
    ("by", "other"),
    [
        ("month", {"acted_on": "2024-01-05"}),
        ("unit", {"unit_code": "3607-RJ"}),
        ("verdict", {"lots": ()}),
    ],
)
def test_a_shop_in_two_rows_of_one_county_is_one_shop_in_the_total(
    engine: sa.Engine, by: str, other: dict[str, Any]
) -> None:
    with engine.begin() as connection:
        fill(connection, [visit(), visit(**other)])
        tally = take_tally(connection, TallyQuery(by=("county", by)))
    assert tally.total["premises"] == 1
    assert tally.overlap == {"premises": 1}


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
    for n in (1, 30):
        with engine.begin() as connection:
            sa.event.listen(
                connection,
                "before_cursor_execute",
                lambda c, u, s, *rest: statements.append(s),
            )
            fill(connection, [visit(premises_key=f"p{m}") for m in range(n)])
            statements.clear()
            take_tally(connection, TallyQuery(by=("county", "code")))
            counts.append(len(statements))
    assert counts[0] == counts[1] <= 10


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
