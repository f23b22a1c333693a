"""What follows from decisions: standings, status events, versions that hold."""

from collections.abc import Collection
from datetime import datetime

from geo.errors import Message
from sync.clock import instant_text
from sync.decide import Decisions
from sync.ledger_port import Held, LedgerTransaction, StandingChange, StatusEvent
from sync.outcome import Standing
from sync.reasons import REASONS
from sync.standing import Settled
from sync.versions import Current, VersionStatus, current_versions


def write_decisions(
    ledger: LedgerTransaction, decisions: Decisions, now: datetime
) -> None:
    """Write forks, new standings and an event for each of them."""
    for device_id, from_seq in decisions.forks.items():
        ledger.set_fork(device_id, from_seq)
    changed = decisions.changed
    if not changed:
        return
    ledger.set_standing(
        [StandingChange(row.position, *settled) for row, settled in changed]
    )
    first = ledger.next_positions(len(changed))
    at = instant_text(now)
    ledger.add_events(
        [
            _event(first + offset, row, settled, at)
            for offset, (row, settled) in enumerate(changed)
        ]
    )


def _event(position: int, row: Held, settled: Settled, at: str) -> StatusEvent:
    is_released = settled.standing is Standing.STORED
    return StatusEvent(
        position=position,
        record_position=row.position,
        id=row.id,
        hash=row.hash,
        device_id=row.device_id,
        status="released" if is_released else str(settled.standing),
        code=settled.code,
        reason=reason_of(settled.code, row),
        at=at,
    )


def reason_of(code: str | None, row: Held) -> Message | None:
    """Return a code in words: the record's own fault in detail, else in general."""
    if code is None:
        return None
    return row.reason if code == row.fault and row.reason else REASONS[code]


def touched_versions(
    ledger: LedgerTransaction, arrived: Collection[Held], decisions: Decisions
) -> list[Current]:
    """Tell how the touched observations stand; of a new and lone one, unasked."""
    touches: dict[str, int] = {}
    for row in arrived:
        if row.standing is Standing.STORED and row.root_id is not None:
            touches[row.root_id] = touches.get(row.root_id, 0) + 1
    for row, settled in decisions.changed:
        for root_id in {row.root_id, settled.root_id}:
            if root_id is not None:
                touches[root_id] = touches.get(root_id, 0) + 1
    lone = [
        Current(row.id, row.id, row.hash, row.position, VersionStatus.CURRENT, True)
        for row in arrived
        if row.root_id == row.id
        and row.standing is Standing.STORED
        and touches[row.id] == 1
    ]
    lone_ids = {current.root_id for current in lone}
    rest = [root_id for root_id in touches if root_id not in lone_ids]
    return lone + current_versions(ledger, rest)
