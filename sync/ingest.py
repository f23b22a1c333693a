"""Take a batch into the ledger: each record once, an outcome for each item."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from schemas.errors import Fault
from sync.clock import instant_text
from sync.consequences import reason_of, touched_versions, write_decisions
from sync.decide import decide
from sync.ledger_port import (
    DeviceStanding,
    DeviceState,
    Entry,
    Held,
    LedgerTransaction,
)
from sync.outcome import ItemOutcome, Outcome, Standing
from sync.reasons import REASONS
from sync.record import OpenedRecord
from sync.standing import Settled
from sync.versions import Current


class Candidate(NamedTuple):
    """One pushed item after the checks that need no ledger.

    `opened` is None if it could not be read at all. `refusal` is a code of
    ``sync.reasons`` if nothing of it may be kept (then the rest is not looked
    at); `fault` is what the record's schema has against it.
    """

    opened: OpenedRecord | None
    refusal: str | None = None
    fault: Fault | None = None


class Kept(NamedTuple):
    """A record that was new: which candidate it was (from 0), and its row."""

    nth: int
    row: Held


class IngestResult(NamedTuple):
    """What one transaction did.

    `items` answer the candidates, in their order. `currents` are the
    observations that this touched, as they stand afterwards: whatever counts
    is to be projected from exactly these.
    """

    items: list[ItemOutcome]
    kept: list[Kept]
    changed: list[tuple[Held, Settled]]
    currents: list[Current]
    forks: Mapping[str, int | None]


def ingest(
    candidates: Sequence[Candidate],
    ledger: LedgerTransaction,
    *,
    now: datetime,
    receipt_id: str,
) -> IngestResult:
    """Keep what is new, and say of every candidate what became of it.

    The ledger afterwards depends on the set of records that ever came, not
    on their order, cut or repetition (positions, times and receipts aside).

    Parameters
    ----------
    candidates : Sequence of Candidate
        Signatures already checked with the keys of their devices.
    now : datetime
        The server's time of receipt.
    receipt_id : str
        The receipt that will attest what is new.
    """
    first_index = _first_of_each(candidates)
    opened = [candidates[index].opened for index in first_index.values()]
    ids = {record.id for record in opened if record is not None}
    targets = {record.amends for record in opened if record and record.amends}
    known = list(ledger.held_by_ids(ids | targets)) if ids else []
    held = {row.hash: row for row in known}
    devices = ledger.devices({record.device_id for record in opened if record})
    new = [
        (index, candidates[index])
        for digest, index in first_index.items()
        if digest not in held and _device_of(candidates[index]) in devices
    ]
    rows = _new_rows(new, ledger, devices, instant_text(now), receipt_id)
    if not rows:
        return IngestResult(_items(candidates, held, {}), [], [], [], {})
    decisions = decide(ledger, devices, rows, known)
    rows = {
        digest: _as_settled(row, decisions.arrived[digest])
        for digest, row in rows.items()
    }
    kept = [
        Kept(index, row) for (index, _), row in zip(new, rows.values(), strict=True)
    ]
    ledger.append([Entry(row, _compact(candidates[index])) for index, row in kept])
    write_decisions(ledger, decisions, now)
    currents = touched_versions(ledger, list(rows.values()), decisions)
    held.update(
        (row.hash, _restood(row, settled)) for row, settled in decisions.changed
    )
    items = _items(candidates, held, rows)
    return IngestResult(items, kept, decisions.changed, currents, decisions.forks)


def reconsider(
    ledger: LedgerTransaction,
    *,
    now: datetime,
    record_ids: Collection[str] = (),
    device_ids: Collection[str] = (),
) -> IngestResult:
    """Let records stand as they now must, after a ruling or a change of a device.

    To be called in the same transaction, after the ruling (on `record_ids`)
    or the device's new state (of `device_ids`) was written.
    """
    rows = list(ledger.held_by_ids(record_ids)) if record_ids else []
    whole = {*device_ids, *(row.device_id for row in rows)}
    devices = ledger.devices(whole)
    decisions = decide(ledger, devices, {}, (), again=rows, whole_devices=whole)
    write_decisions(ledger, decisions, now)
    currents = touched_versions(ledger, (), decisions)
    return IngestResult([], [], decisions.changed, currents, decisions.forks)


def _first_of_each(candidates: Sequence[Candidate]) -> dict[str, int]:
    """Index the first acceptable candidate of each hash."""
    first: dict[str, int] = {}
    for index, candidate in enumerate(candidates):
        if candidate.refusal is None and candidate.opened is not None:
            first.setdefault(candidate.opened.hash, index)
    return first


def _device_of(candidate: Candidate) -> str:
    return candidate.opened.device_id if candidate.opened else ""


def _compact(candidate: Candidate) -> str:
    return candidate.opened.compact if candidate.opened else ""


def _new_rows(
    new: Sequence[tuple[int, Candidate]],
    ledger: LedgerTransaction,
    devices: Mapping[str, DeviceStanding],
    received_at: str,
    receipt_id: str,
) -> dict[str, Held]:
    """Make the rows as for the straight case; few have to be settled otherwise."""
    rows: dict[str, Held] = {}
    position = ledger.next_positions(len(new)) if new else 0
    for _, (opened, _refusal, schema_fault) in new:
        if opened is None:
            continue
        device = devices[opened.device_id]
        code, fault = _fault_of(opened, schema_fault, device)
        rows[opened.hash] = Held(
            position,
            opened.id,
            opened.hash,
            opened.device_id,
            opened.seq,
            opened.prev,
            opened.kind,
            opened.amends,
            opened.id if opened.kind == "observation" else None,
            device.unit_code,
            received_at,
            receipt_id,
            Outcome.STORED,
            Standing.STORED,
            None,
            code,
            fault.field if fault else None,
            fault.message if fault else None,
            device.state is DeviceState.REVOKED,
            None,
        )
        position += 1
    return rows


def _fault_of(
    opened: OpenedRecord, schema_fault: Fault | None, device: DeviceStanding
) -> tuple[str | None, Fault | None]:
    """Return what keeps a record from counting, and where it is, if anything does."""
    fault = opened.envelope_fault or schema_fault
    if fault is not None:
        return "schema-fault", fault
    if is_foreign(opened, device.unit_code):
        return "foreign-unit", _FOREIGN_UNIT
    return None, None


_FOREIGN_UNIT = Fault("unit_code", "foreign-unit", REASONS["foreign-unit"])


def is_foreign(opened: OpenedRecord, unit_code: str) -> bool:
    """Tell whether the body names another unit; a withdrawal's names none."""
    if opened.payload is None or opened.kind == "withdrawal":
        return False
    body = opened.payload.get("body")
    return isinstance(body, dict) and body.get("unit_code") != unit_code


def _as_settled(row: Held, settled: Settled) -> Held:
    standing, code, root_id = settled
    if standing is Standing.STORED and root_id == row.root_id:
        return row
    return row._replace(
        outcome=Outcome(standing), standing=standing, code=code, root_id=root_id
    )


def _restood(row: Held, settled: Settled) -> Held:
    standing, code, root_id = settled
    return row._replace(standing=standing, code=code, root_id=root_id)


def _items(
    candidates: Sequence[Candidate],
    held: Mapping[str, Held],
    new: Mapping[str, Held],
) -> list[ItemOutcome]:
    answered: set[str] = set()
    items = []
    for candidate in candidates:
        opened, refusal, _ = candidate
        if opened is None or refusal is not None:
            items.append(_refused(opened, refusal or "malformed"))
            continue
        row = new.get(opened.hash)
        is_new = row is not None and opened.hash not in answered
        row = row or held.get(opened.hash)
        if row is None:
            items.append(_refused(opened, "unknown-device"))
            continue
        answered.add(opened.hash)
        items.append(_kept_item(row, row.outcome if is_new else Outcome.REPLAYED))
    return items


def _refused(opened: OpenedRecord | None, code: str) -> ItemOutcome:
    id_, digest = (opened.id, opened.hash) if opened else (None, None)
    return ItemOutcome(id_, digest, Outcome.REFUSED, code, None, REASONS[code])


def _kept_item(row: Held, outcome: Outcome) -> ItemOutcome:
    code = row.code
    return ItemOutcome(
        row.id,
        row.hash,
        outcome,
        code,
        row.field if code is not None and code == row.fault else None,
        reason_of(code, row),
        row.position,
        row.received_at,
        row.receipt_id,
        row.standing,
    )
