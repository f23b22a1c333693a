"""What the read model must say of each observation, derived from its bytes.

A verdict is derived again with the area that it is pinned to, not with the
newest: a recheck is another matter.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import orjson
import sqlalchemy as sa

from schemas.assessment import assess_many
from schemas.record import accepts
from server.rows import chunks, rows_of
from server.tables import lot, lot_verdict, observation, record, violation
from server.verify.derived import Derived, derived_rows
from server.verify.faults import Report
from server.verify.pinned import Case, Pinned, PinnedAreas
from server.verify.versions import ObservationState
from sync.clock import acted_on
from sync.errors import MalformedJws
from sync.record import open_record

OBSERVATIONS_AT_ONCE = 400


class _Version(NamedTuple):
    """A version that stands as `state` says, with the bytes it is derived from."""

    state: ObservationState
    payload: dict[str, Any]
    case: Case


class _Stored(NamedTuple):
    """The same rows as they are; verdicts that are not adopted are left out."""

    observations: Mapping[str, dict[str, Any]]
    violations: Mapping[int, dict[tuple[Any, ...], dict[str, Any]]]
    lots: Mapping[int, dict[tuple[Any, ...], dict[str, Any]]]
    verdicts: Mapping[int, dict[tuple[Any, ...], dict[str, Any]]]


def check_read_model(
    connection: sa.Connection,
    states: Sequence[ObservationState],
    areas: PinnedAreas,
    report: Report,
) -> Iterator[list[Derived]]:
    """Compare every row of the read model; yield what it must be, part by part."""
    for part in chunks(states, OBSERVATIONS_AT_ONCE):
        stored = _stored(connection, part)
        versions = _versions(connection, part, report)
        derived = _derive(versions, stored, areas, report)
        for version, must in zip(versions, derived, strict=True):
            _compare(version.state, must, stored, report)
        yield derived
    _report_strays(connection, {state.root_id for state in states}, report)


def _derive(
    versions: Sequence[_Version], stored: _Stored, areas: PinnedAreas, report: Report
) -> list[Derived]:
    """Return what each version makes, under the setting that it was derived with.

    Where its verdicts do not tell whether shifted datums were converted, today's
    setting is tried first; the other one is taken if every row fits it.
    """
    pinned = [
        areas.pinned_by(case, stored.verdicts.get(state.version_position, {}).values())
        for state, _, case in versions
    ]
    derived = _derive_pinned(versions, pinned, areas)
    odd = [n for n, one in enumerate(versions) if not _fits(one, derived[n], stored)]
    others = [pinned[n]._replace(convert=not pinned[n].convert) for n in odd]
    again = _derive_pinned([versions[n] for n in odd], others, areas)
    for n, other, must in zip(odd, others, again, strict=True):
        if _fits(versions[n], must, stored):
            pinned[n], derived[n] = other, must
    changed = sum(each.convert != areas.convert for each in pinned)
    report.notes["other datum setting"] += changed
    return derived


def _fits(version: _Version, must: Derived, stored: _Stored) -> bool:
    found = Report()
    _compare(version.state, must, stored, found)
    return found.is_sound


def _derive_pinned(
    versions: Sequence[_Version], pinned: Sequence[Pinned], areas: PinnedAreas
) -> list[Derived]:
    groups: dict[Pinned, list[int]] = {}
    for n, each in enumerate(pinned):
        groups.setdefault(each, []).append(n)
    derived: dict[int, Derived] = {}
    for each, places in groups.items():
        chosen = [versions[n] for n in places]
        cases = [(case.body, case.acted_on) for _, _, case in chosen]
        assessments = assess_many(cases, areas.reference(each))
        for n, (state, payload, _), found in zip(
            places, chosen, assessments, strict=True
        ):
            derived[n] = derived_rows(state, payload, found)
    return [derived[n] for n in range(len(versions))]


def _compare(
    state: ObservationState, must: Derived, stored: _Stored, report: Report
) -> None:
    where = state.root_id, state.version_position
    row = stored.observations.get(state.root_id)
    if row is None:
        report.add(
            "observation-missing",
            "统计表中没有此检查记录",
            "the read model lacks the observation",
            *where,
        )
        return
    pairs = ((name, row[name], value) for name, value in must.observation.items())
    report.compare("observation-differs", "observation", pairs, where)
    for name, derived, found in (
        ("violation", must.violations, stored.violations),
        ("lot", must.lots, stored.lots),
        ("verdict", must.verdicts, stored.verdicts),
    ):
        rows = found.get(state.version_position, {})
        report.checked[f"{name}s"] += len(derived)
        for key in derived.keys() | rows.keys():
            _compare_part(name, key, rows.get(key), derived.get(key), where, report)


def _compare_part(
    name: str,
    key: tuple[Any, ...],
    stored: Mapping[str, Any] | None,
    derived: Mapping[str, Any] | None,
    where: tuple[str, int],
    report: Report,
) -> None:
    words = f"{name} {'/'.join(map(str, key))}"
    if stored is None or derived is None:
        is_missing = stored is None
        report.add(
            f"{name}-{'missing' if is_missing else 'extra'}",
            f"{words} {'缺失' if is_missing else '多余'}",
            f"{words} is {'missing' if is_missing else 'not in the record'}",
            *where,
        )
        return
    pairs = ((field, stored[field], value) for field, value in derived.items())
    report.compare(f"{name}-differs", words, pairs, where)


def _report_unfit(state: ObservationState, report: Report) -> None:
    report.add(
        "version-unfit",
        "计入统计的版本不符合格式，无法核算",
        "the version that counts does not fit the schema, nothing can be derived",
        state.version_id,
        state.version_position,
    )


def _stored(connection: sa.Connection, part: Sequence[ObservationState]) -> _Stored:
    roots = [state.root_id for state in part]
    versions = [state.version_position for state in part]
    observations = connection.execute(
        sa.select(observation).where(observation.c.id.in_(roots))
    )
    adopted = lot_verdict.c.adopted.is_(sa.true())
    verdict_key = ("lot_id", "origin_index", "right", "area_version")
    return _Stored(
        {row.id: dict(row._mapping) for row in observations},
        _by_version(connection, violation, versions, ("violation_id",)),
        _by_version(connection, lot, versions, ("lot_id",)),
        _by_version(connection, lot_verdict, versions, verdict_key, adopted),
    )


def _by_version(
    connection: sa.Connection,
    table: sa.Table,
    positions: Sequence[int],
    key: Sequence[str],
    *where: sa.ColumnElement[bool],
) -> dict[int, dict[tuple[Any, ...], dict[str, Any]]]:
    found: dict[int, dict[tuple[Any, ...], dict[str, Any]]] = {}
    statement = sa.select(table).where(table.c.version_position.in_(positions), *where)
    for row in connection.execute(statement).mappings():
        values = {str(name): value for name, value in row.items()}
        place = tuple(values[name] for name in key)
        found.setdefault(values["version_position"], {})[place] = values
    return found


def _versions(
    connection: sa.Connection, part: Sequence[ObservationState], report: Report
) -> list[_Version]:
    """Return the versions that fit the schema, and name the others."""
    rows = rows_of(connection).pick(
        "SELECT position, received_at, jws FROM record WHERE position IN {any}",
        [state.version_position for state in part],
    )
    held = {position: record for position, *record in rows}
    versions = []
    for state in part:
        report.checked["observations"] += 1
        received_at, jws = held.get(state.version_position, ("", ""))
        payload = _payload(jws)
        if payload is None or not accepts(payload):
            _report_unfit(state, report)
            continue
        case = Case(payload["body"], acted_on(payload), received_at)
        versions.append(_Version(state, payload, case))
    return versions


def _payload(jws: str) -> dict[str, Any] | None:
    try:
        return open_record(jws, loads=orjson.loads).payload
    except MalformedJws:
        return None


def _report_strays(
    connection: sa.Connection, root_ids: set[str], report: Report
) -> None:
    """Name the rows of the read model that no record stands behind."""
    for root_id in connection.scalars(sa.select(observation.c.id)):
        if root_id not in root_ids:
            _report_stray(observation, report, root_id, None)
    for table in (violation, lot, lot_verdict):
        place = table.c.version_position
        is_held = sa.exists().where(record.c.position == place)
        for position in connection.scalars(sa.select(place).where(~is_held).distinct()):
            _report_stray(table, report, None, position)


def _report_stray(
    table: sa.Table, report: Report, root_id: str | None, position: int | None
) -> None:
    report.add(
        f"{table.name}-extra",
        f"表 {table.name} 中有无记录支持的行",
        f"a row of {table.name} has no record behind it",
        root_id,
        position,
    )
