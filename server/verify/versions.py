"""Which version of each observation holds, worked out from all records at once."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import sqlalchemy as sa

from server.tables import observation, ruling
from server.verify.faults import Report
from sync.ledger_port import Held, RecordRuling
from sync.outcome import Standing
from sync.standing import Settled
from sync.versions import VersionStatus, current_version

_EXCLUDED = "excluded"
_ON_RECORDS = {kind.value for kind in RecordRuling}
_ON_OBSERVATIONS = ("duplicate_of", "withdraw", "accept")


class ObservationState(NamedTuple):
    """How an observation must stand in the read model."""

    root_id: str
    version_id: str
    version_hash: str
    version_position: int
    status: str
    counts: bool


class RulingsOnFile(NamedTuple):
    """Every ruling, by what it decides; the newest of a kind holds."""

    on_records: Mapping[tuple[str, str | None], str]
    on_observations: Mapping[str, str]
    resolutions: Mapping[str, str]


def read_rulings(connection: sa.Connection, report: Report) -> RulingsOnFile:
    """Return every ruling, oldest first overridden by newest."""
    on_records, on_observations, resolutions = {}, {}, {}
    for row in connection.execute(sa.select(ruling).order_by(ruling.c.position)):
        report.checked["rulings"] += 1
        if row.kind in _ON_RECORDS:
            on_records[row.record_id, row.hash] = row.kind
        if row.kind in _ON_OBSERVATIONS:
            on_observations[row.record_id] = row.kind
        if row.kind == "resolve":
            resolutions[row.record_id] = row.target_id
    return RulingsOnFile(on_records, on_observations, resolutions)


def check_rulings(
    held: Sequence[Held], rulings: RulingsOnFile, report: Report
) -> list[Held]:
    """Compare each record's ruling with those on file; return what they must be."""
    ruled = []
    for row in held:
        kind = rulings.on_records.get((row.id, row.hash))
        report.compare(
            "ruling-differs",
            "record",
            [("ruling", row.ruling and str(row.ruling), kind)],
            (row.id, row.position),
        )
        ruled.append(row._replace(ruling=RecordRuling(kind) if kind else None))
    return ruled


def observation_states(
    connection: sa.Connection,
    held: Sequence[Held],
    settled: Mapping[str, Settled],
    rulings: RulingsOnFile,
) -> list[ObservationState]:
    """Return how every observation must stand that counts, or ever did.

    One that has stopped counting keeps the version that the read model last
    had of it, as long as that is a record that is held.
    """
    trees: dict[str, list[Held]] = {}
    for row in held:
        stands = settled.get(row.hash)
        if stands and stands.standing is Standing.STORED and stands.root_id:
            trees.setdefault(stands.root_id, []).append(row)
    states = []
    for root_id, rows in trees.items():
        found = current_version(root_id, rows, rulings.resolutions)
        if found.status is not VersionStatus.UNCOUNTED:
            status = _status(str(found.status), found.counts, root_id, rulings)
            version = found.version_id, found.version_hash, found.version_position
            states.append(ObservationState(root_id, *version, *status))  # type: ignore[arg-type]
    counting = {state.root_id for state in states}
    return states + _stopped(connection, held, counting)


def _status(
    status: str, counts: bool, root_id: str, rulings: RulingsOnFile
) -> tuple[str, bool]:
    ruled = rulings.on_observations.get(root_id)
    if ruled == "duplicate_of":
        return _EXCLUDED, False
    if ruled == "withdraw":
        return str(VersionStatus.WITHDRAWN), False
    return status, counts


def _stopped(
    connection: sa.Connection, held: Sequence[Held], counting: set[str]
) -> list[ObservationState]:
    by_hash = {row.hash: row for row in held}
    columns = observation.c
    stopped = []
    for root_id, version_id, digest in connection.execute(
        sa.select(columns.id, columns.version_id, columns.version_hash)
    ):
        version = by_hash.get(digest)
        if root_id not in counting and version and version.id == version_id:
            stopped.append(
                ObservationState(
                    root_id, version_id, digest, version.position, _EXCLUDED, False
                )
            )
    return stopped
