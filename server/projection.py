"""The read model: what the counting records say, in rows that a tally can add up.

Written in the transaction that changed the ledger, so that figures and ledger
never differ. A version's verdicts are written once, when it first counts, and
stay as they are: a recheck is another matter.
"""

from collections.abc import Iterable, Mapping, Sequence
from importlib.metadata import version as package_version
from typing import Any, NamedTuple

import orjson
import sqlalchemy as sa

from schemas.assessment import Assessment, Reference, assess_many
from schemas.premises import premises_key
from server.rows import Row, Rows, rows_of
from server.tables import lot, lot_verdict, observation, violation
from sync.clock import acted_on
from sync.record import OpenedRecord, open_record
from sync.versions import Current, VersionStatus

SOFTWARE_VERSION = package_version("gi-fieldkit")
EXCLUDED = "excluded"
Payload = Mapping[str, Any]


class Assessed(NamedTuple):
    """A version's payload and what was derived from it."""

    device_id: str
    payload: Payload
    assessment: Assessment


class _Known(NamedTuple):
    """What the read model holds of an observation."""

    version_id: str
    version_hash: str


def assess_records(
    records: Iterable[OpenedRecord], reference: Reference
) -> dict[str, Assessed]:
    """Return the assessment of each record that has a body, by the record's hash.

    The records must be accepted by the schema.
    """
    versions = [
        (record, record.payload)
        for record in records
        if record.payload is not None and record.kind != "withdrawal"
    ]
    cases = [(payload["body"], acted_on(payload)) for _, payload in versions]
    return {
        record.hash: Assessed(record.device_id, payload, assessment)
        for (record, payload), assessment in zip(
            versions, assess_many(cases, reference), strict=True
        )
    }


def project(
    connection: sa.Connection,
    currents: Sequence[Current],
    assessed: Mapping[str, Assessed],
    reference: Reference,
) -> None:
    """Make the read model of these observations say what the ledger says.

    Parameters
    ----------
    connection : sqlalchemy.Connection
        The write transaction that changed the ledger.
    currents : sequence of Current
        The observations that were touched, as they stand afterwards.
    assessed : Mapping
        Assessments under `reference`, by record hash; what is missing is read
        from the ledger and assessed here.
    """
    rows = rows_of(connection)
    root_ids = [current.root_id for current in currents]
    known = _known(rows, root_ids)
    rulings = _observation_rulings(rows, root_ids)
    moved = [
        current
        for current in currents
        if current.version_id is not None
        and known.get(current.root_id) != (current.version_id, current.version_hash)
    ]
    ready = {**assessed, **_read_missing(rows, moved, assessed, reference)}
    replaced = [current.root_id for current in moved if current.root_id in known]
    rows.update("DELETE FROM observation WHERE id = ?", [(id_,) for id_ in replaced])
    rows.insert(
        observation,
        [
            _observation(current, ready[current.version_hash or ""], rulings)
            for current in moved
        ],
    )
    _write_findings(rows, _without_findings(rows, moved), ready)
    moved_ids = {current.root_id for current in moved}
    _restate(rows, [c for c in currents if c.root_id not in moved_ids], rulings)


def restate(connection: sa.Connection, currents: Sequence[Current]) -> None:
    """Make rulings on observations show in their status; nothing else changes."""
    rows = rows_of(connection)
    rulings = _observation_rulings(rows, [current.root_id for current in currents])
    _restate(rows, currents, rulings)


def _known(rows: Rows, root_ids: Sequence[str]) -> dict[str, _Known]:
    found = rows.pick(
        "SELECT id, version_id, version_hash FROM observation WHERE id IN {any}",
        root_ids,
    )
    return {root_id: _Known(*version) for root_id, *version in found}


def _observation_rulings(rows: Rows, root_ids: Sequence[str]) -> dict[str, str]:
    """Return what officials said of whole observations; the newest ruling holds."""
    if not root_ids:
        return {}
    return dict(
        rows.pick(
            "SELECT record_id, kind FROM ruling WHERE"
            " kind IN ('duplicate_of', 'withdraw', 'accept')"
            " AND record_id IN {any} ORDER BY position",
            root_ids,
        )
    )


def _status(current: Current, rulings: Mapping[str, str]) -> tuple[str, bool]:
    ruled = rulings.get(current.root_id)
    if current.status is VersionStatus.UNCOUNTED or ruled == "duplicate_of":
        return EXCLUDED, False
    if ruled == "withdraw":
        return str(VersionStatus.WITHDRAWN), False
    return str(current.status), current.counts


def _restate(
    rows: Rows, currents: Sequence[Current], rulings: Mapping[str, str]
) -> None:
    rows.update(
        "UPDATE observation SET status = ?, counts = ? WHERE id = ?",
        [(*_status(current, rulings), current.root_id) for current in currents],
    )


def _read_missing(
    rows: Rows,
    moved: Sequence[Current],
    assessed: Mapping[str, Assessed],
    reference: Reference,
) -> dict[str, Assessed]:
    """Assess the versions that came with an earlier batch, from their bytes."""
    positions = [
        current.version_position
        for current in moved
        if current.version_hash not in assessed
    ]
    if not positions:
        return {}
    found = rows.pick("SELECT jws FROM record WHERE position IN {any}", positions)
    records = [open_record(jws, loads=orjson.loads) for (jws,) in found]
    return assess_records(records, reference)


def _without_findings(rows: Rows, moved: Sequence[Current]) -> list[Current]:
    """Return the versions whose findings are still to be written.

    One that counted before, in this observation or another, has its own.
    """
    positions = [current.version_position for current in moved]
    present = {
        position
        for table in (violation, lot)
        for (position,) in rows.pick(
            f"SELECT version_position FROM {table.name}"
            " WHERE version_position IN {any}",
            positions,
        )
    }
    return [current for current in moved if current.version_position not in present]


def _write_findings(
    rows: Rows, currents: Sequence[Current], ready: Mapping[str, Assessed]
) -> None:
    found = [(current, ready[current.version_hash or ""]) for current in currents]
    for table, of_version in (
        (violation, _violations),
        (lot, _lots),
        (lot_verdict, _lot_verdicts),
    ):
        rows.insert(table, [row for pair in found for row in of_version(*pair)])


def _violations(current: Current, found: Assessed) -> list[Row]:
    return [
        (
            current.version_position,
            one.violation_id,
            one.code,
            one.primary,
            one.counts_as_act,
            str(one.support),
        )
        for one in found.assessment.violations
    ]


def _lots(current: Current, found: Assessed) -> list[Row]:
    combined = found.assessment.lot_verdicts
    return [
        (
            current.version_position,
            one["id"],
            one.get("product"),
            str(combined[one["id"]]),
        )
        for one in found.payload["body"]["goods"]
    ]


def _lot_verdicts(current: Current, found: Assessed) -> list[Row]:
    return [
        (
            current.version_position,
            one.lot_id,
            one.origin_index,
            one.right,
            one.area_version,
            one.area_sha256,
            str(one.verdict),
            one.distance_m,
            one.band_m,
            one.datum_path,
            one.basis,
            one.formula_version,
            SOFTWARE_VERSION,
            True,
        )
        for one in found.assessment.lots
    ]


def _observation(current: Current, found: Assessed, rulings: Mapping[str, str]) -> Row:
    body = found.payload["body"]
    assessment = found.assessment
    county = assessment.county
    return (
        current.root_id,
        current.version_id,
        current.version_hash,
        current.version_position,
        found.device_id,
        body.get("record_no"),
        body["unit_code"],
        assessment.acted_on.isoformat(),
        county.code if county else None,
        county.name if county else None,
        assessment.county_kind,
        county.is_ambiguous if county else False,
        assessment.county_unit_mismatch,
        premises_key(body),
        body["site"]["premises_type"],
        body.get("campaign"),
        bool(body.get("synthetic")),
        *_status(current, rulings),
        len({file["sha256"] for file in found.payload["blobs"]}),
    )
