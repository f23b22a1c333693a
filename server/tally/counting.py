"""The figures by SQL: three grouped statements, whatever the number of rows."""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import sqlalchemy as sa

from server.tables import lot, observation, violation
from server.tally.measures import (
    SUPPORTS,
    SYNTHETIC_PREFIX,
    UNSURE_PREFIX,
    VERDICT_WEIGHT,
    VERDICTS,
    Figures,
    no_figures,
)
from server.tally.query import (
    NO_COUNTY,
    NO_POSITION,
    NO_VIOLATION,
    OTHER_COUNTY,
    TallyQuery,
)

Key = tuple[str, ...]
_Where = list[sa.ColumnElement[bool]]
_KEPT_QUESTIONS = 64

_bucket = sa.case(
    (observation.c.county_kind.in_(("member", "other")), observation.c.county_code),
    (observation.c.county_kind == "none", NO_COUNTY),
    else_=NO_POSITION,
)
_parts = {
    SYNTHETIC_PREFIX: observation.c.synthetic,
    UNSURE_PREFIX: observation.c.county_ambiguous,
}
_month = sa.func.substr(observation.c.acted_on, 1, 7)


def figures_by_key(
    connection: sa.Connection, query: TallyQuery, by: Sequence[str]
) -> dict[Key, Figures]:
    """Count what `query` selects, in one row for each combination of `by`.

    Rows with nothing in them are absent; an empty `by` gives one row, keyed
    by the empty tuple, if anything was selected.
    """
    rows: dict[Key, Figures] = {}
    for statement in _statements(query, tuple(by)):
        for row in connection.execute(statement).mappings():
            key = tuple(row[f"key_{name}"] for name in by)
            figures = rows.setdefault(key, no_figures())
            figures |= {name: n for name, n in row.items() if name in figures}
    return {key: figures for key, figures in rows.items() if any(figures.values())}


@lru_cache(_KEPT_QUESTIONS)
def _statements(query: TallyQuery, by: tuple[str, ...]) -> Sequence[sa.Select[Any]]:
    """Return the three statements; the same few are asked again and again."""
    return (
        _count_observations(query, by),
        _count_violations(query, by),
        _count_lots(query, by),
    )


def _count_observations(query: TallyQuery, by: Sequence[str]) -> sa.Select[Any]:
    codes = _codes_of_versions()
    source: sa.FromClause = observation
    where = _selected(query)
    code = sa.func.coalesce(codes.c.code, NO_VIOLATION)
    if "code" in by:
        source = source.outerjoin(
            codes, codes.c.version_position == observation.c.version_position
        )
        if query.code is not None:
            where.append(code == query.code)
    # Premises first, then rows: one pass, where two distinct counts take three.
    premises = [_bucket.label("bucket"), observation.c.premises_key]
    visits = [
        sa.func.count().label("visits"),
        *(_times(is_part).label(prefix) for prefix, is_part in _parts.items()),
    ]
    keys = [*_keys(by, code), *premises]
    each = _grouped(source, keys, visits, where).subquery()
    figures = [
        _sum(each.c.visits).label("observations"),
        sa.func.count().label("premises"),
    ]
    for prefix in _parts:
        figures.append(_sum(each.c[prefix]).label(prefix + "observations"))
        figures.append(_times(each.c[prefix] > 0).label(prefix + "premises"))
    return _grouped(each, [each.c[f"key_{name}"] for name in by], figures, [])


def _count_violations(query: TallyQuery, by: Sequence[str]) -> sa.Select[Any]:
    acts = violation.c.counts_as_act
    counted = {
        "acts": acts,
        "primary_acts": acts & violation.c.is_primary,
        **{
            f"violations_{word}": acts & (violation.c.support == word)
            for word in SUPPORTS
        },
    }
    source = observation.join(
        violation, violation.c.version_position == observation.c.version_position
    )
    where = _selected(query)
    if query.code is not None:
        where.append(violation.c.code == query.code)
    return _grouped(source, _keys(by, violation.c.code), _with_parts(counted), where)


def _count_lots(query: TallyQuery, by: Sequence[str]) -> sa.Select[Any]:
    codes = _codes_of_versions()
    counted = {f"lots_{word}": lot.c.verdict == word for word in VERDICTS}
    source: sa.FromClause = observation.join(
        lot, lot.c.version_position == observation.c.version_position
    )
    code = sa.func.coalesce(codes.c.code, NO_VIOLATION)
    where = _selected(query)
    if "code" in by:
        source = source.outerjoin(
            codes, codes.c.version_position == observation.c.version_position
        )
        if query.code is not None:
            where.append(code == query.code)
    if query.product is not None:
        where.append(lot.c.product == query.product)
    return _grouped(source, _keys(by, code), _with_parts(counted), where)


def _grouped(
    source: sa.FromClause,
    keys: Sequence[sa.ColumnElement[Any]],
    figures: Sequence[sa.ColumnElement[Any]],
    where: _Where,
) -> sa.Select[Any]:
    statement = sa.select(*keys, *figures).select_from(source).where(*where)
    # By number: a key may hold bound values, which PostgreSQL would not know again.
    return statement.group_by(*(sa.text(str(n + 1)) for n in range(len(keys))))


def _with_parts(
    counted: dict[str, sa.ColumnElement[bool]],
) -> Sequence[sa.ColumnElement[Any]]:
    figures = [_times(which).label(name) for name, which in counted.items()]
    return figures + [
        _times(which & is_part).label(prefix + name)
        for prefix, is_part in _parts.items()
        for name, which in counted.items()
    ]


def _times(which: sa.ColumnElement[bool]) -> sa.ColumnElement[int]:
    return _sum(sa.case((which, 1), else_=0))


def _sum(values: sa.ColumnElement[int]) -> sa.ColumnElement[int]:
    return sa.cast(sa.func.coalesce(sa.func.sum(values), 0), sa.BigInteger)


def _codes_of_versions() -> sa.Subquery:
    """Each version's codes, each once: two acts by one code are one observation."""
    return (
        sa.select(violation.c.version_position, violation.c.code).distinct().subquery()
    )


def _verdict() -> sa.ColumnElement[str]:
    """Return the weightiest verdict of an observation's lots."""
    lots = lot.alias("weighed")
    heaviest = (
        sa.select(sa.func.max(sa.case(VERDICT_WEIGHT, value=lots.c.verdict, else_=0)))
        .where(lots.c.version_position == observation.c.version_position)
        .correlate(observation)
        .scalar_subquery()
    )
    words = {weight: word for word, weight in VERDICT_WEIGHT.items()}
    return sa.case(words, value=heaviest, else_="not_applicable")


def _keys(
    by: Sequence[str], code: sa.ColumnElement[Any]
) -> list[sa.ColumnElement[Any]]:
    expressions: dict[str, sa.ColumnElement[Any]] = {
        "county": _bucket,
        "unit": observation.c.unit_code,
        "code": code,
        "month": _month,
        "verdict": _verdict(),
    }
    return [expressions[name].label(f"key_{name}") for name in by]


def _selected(query: TallyQuery) -> _Where:
    """Return the conditions on the observation that `query` makes."""
    where = [_status(query.status), *_period(query)]
    if query.unit is not None:
        where.append(observation.c.unit_code == query.unit)
    if query.county == OTHER_COUNTY:
        where.append(observation.c.county_kind == "other")
    elif query.county is not None:
        where.append(_bucket == query.county)
    if query.verdict is not None:
        where.append(_verdict() == query.verdict)
    if query.product is not None:
        where.append(_has(lot, lot.c.product == query.product))
    if query.code == NO_VIOLATION:
        where.append(~_has(violation, sa.true()))
    elif query.code is not None:
        where.append(_has(violation, violation.c.code == query.code))
    return where


def _status(status: str) -> sa.ColumnElement[bool]:
    if status == "counted":
        return observation.c.counts.is_(sa.true())
    return observation.c.status == status


def _period(query: TallyQuery) -> _Where:
    where = []
    if query.date_from is not None:
        where.append(observation.c.acted_on >= query.date_from.isoformat())
    if query.date_to is not None:
        where.append(observation.c.acted_on <= query.date_to.isoformat())
    if query.month is not None:
        where.append(_month == query.month)
    return where


def _has(part: sa.Table, which: sa.ColumnElement[bool]) -> sa.ColumnElement[bool]:
    return (
        sa.select(sa.literal(1))
        .select_from(part)
        .where(part.c.version_position == observation.c.version_position, which)
        .correlate(observation)
        .exists()
    )
