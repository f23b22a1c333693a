"""Rulings: what an official said of a record, added to the ledger and never edited.

A later ruling overrides an earlier one of the same kind of effect; both stay.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

import sqlalchemy as sa
import uuid6

from geo.errors import Message
from schemas.assessment import Reference
from schemas.record import accepts
from server.epochs import timestamp
from server.errors import NotHeld, RulingRefused
from server.ledger import SqlLedger
from server.projection import project
from server.tables import observation, record, ruling
from sync.ingest import reconsider
from sync.ledger_port import Held, StatusEvent
from sync.outcome import Standing
from sync.record import open_record
from sync.versions import current_versions

MAX_REASON_CHARS = 2_000
RULED = "ruled"


class RulingKind(StrEnum):
    """What an official may say of a record."""

    ACCEPT = "accept"
    """These bytes count, whatever spoke against them; lifts the two below."""
    REJECT = "reject"
    """These bytes never count."""
    DUPLICATE_OF = "duplicate_of"
    """This observation is another one, seen twice; it does not count."""
    WITHDRAW = "withdraw"
    """This observation is taken back by the office; it does not count."""
    RESOLVE = "resolve"
    """Of the amendments of a disputed version, the target holds."""


@dataclass(frozen=True, slots=True)
class Ruling:
    """One ruling before it is made.

    Attributes
    ----------
    record_id : str
        The record ruled on; for RESOLVE the disputed version.
    hash : str or None
        Which bytes, where several records share the id.
    target_id : str or None
        The other observation (DUPLICATE_OF) or the amendment that holds
        (RESOLVE).
    """

    kind: RulingKind
    record_id: str
    reason: str
    made_by: str
    hash: str | None = None
    target_id: str | None = None


def rule(
    connection: sa.Connection, made: Ruling, reference: Reference, now: datetime
) -> str:
    """Add a ruling with all that follows from it; return its id.

    Standing, read model and status feed change in the same transaction.

    Raises
    ------
    NotHeld
        ``record-unknown``: no such record here.
    RulingRefused
        ``ruling-reason``, ``ruling-needs-hash``, ``ruling-body``,
        ``ruling-kind``, ``ruling-target``.
    """
    ledger = SqlLedger(connection)
    require_reason(made)
    held = _the_record(ledger, made)
    _CHECKS[made.kind](connection, ledger, made, held)
    position = ledger.next_positions(1)
    ruling_id = keep_ruling(connection, made, held.hash, position, now)
    ledger.add_events([_event(position, made, held, now)])
    if made.kind in (RulingKind.ACCEPT, RulingKind.REJECT):
        connection.execute(
            record.update()
            .where(record.c.position == held.position)
            .values(ruling=str(made.kind))
        )
        result = reconsider(ledger, now=now, record_ids=[held.id])
        project(connection, result.currents, {}, reference)
    roots = [held.root_id] if held.root_id else []
    project(connection, current_versions(ledger, roots), {}, reference)
    return ruling_id


def _the_record(ledger: SqlLedger, made: Ruling) -> Held:
    held = [
        row
        for row in ledger.held_by_ids([made.record_id])
        if made.hash is None or row.hash == made.hash
    ]
    if not held:
        raise NotHeld(
            "record-unknown",
            Message(
                zh=f"没有记录 {made.record_id}",
                en=f"there is no record {made.record_id}",
            ),
        )
    if len(held) > 1:
        hashes = ", ".join(row.hash for row in held)
        raise _refused(
            "ruling-needs-hash",
            f"该编号有多份内容，请指明哈希：{hashes}",
            f"several contents have this id; name the hash: {hashes}",
        )
    return held[0]


def require_reason(made: Ruling) -> None:
    """Refuse a ruling without a reason, or with one too long to be read."""
    reason = made.reason.strip()
    if not reason or len(reason) > MAX_REASON_CHARS or "\0" in reason:
        raise _refused(
            "ruling-reason",
            f"须写明理由（不超过 {MAX_REASON_CHARS} 字）",
            f"a reason is required, of at most {MAX_REASON_CHARS} characters",
        )


def _check_accept(
    connection: sa.Connection, _ledger: SqlLedger, _made: Ruling, held: Held
) -> None:
    jws = connection.scalar(
        sa.select(record.c.jws).where(record.c.position == held.position)
    )
    if not accepts(open_record(str(jws)).payload):
        raise _refused(
            "ruling-body",
            "内容不符合格式，无法计入；请由设备重新记录，本条保留备查",
            "its content does not fit the schema and cannot be counted; have it "
            "recorded anew, this one is kept",
        )


def _check_nothing(
    _connection: sa.Connection, _ledger: SqlLedger, _made: Ruling, _held: Held
) -> None:
    """Whatever is held may be rejected."""


def _check_observation(
    _connection: sa.Connection, _ledger: SqlLedger, _made: Ruling, held: Held
) -> None:
    if held.kind != "observation":
        raise _refused(
            "ruling-kind",
            "只能对检查记录作此裁定",
            "this ruling is on observations only",
        )


def _check_duplicate(
    connection: sa.Connection, ledger: SqlLedger, made: Ruling, held: Held
) -> None:
    _check_observation(connection, ledger, made, held)
    counts = sa.select(observation.c.counts).where(observation.c.id == made.target_id)
    if made.target_id == held.id or not connection.scalar(counts):
        # Else two observations could each be the duplicate of the other.
        raise _refused(
            "ruling-target",
            "须指明另一条计入统计的检查记录",
            "name another observation, one that counts",
        )


def _check_resolve(
    _connection: sa.Connection, ledger: SqlLedger, made: Ruling, held: Held
) -> None:
    children = [
        child.id
        for child in ledger.children_of([held.id])
        if child.standing is Standing.STORED
    ]
    if made.target_id not in children:
        raise _refused(
            "ruling-target",
            "须指明该版本的一条更正",
            "name one of the amendments of this version",
        )


_CHECKS = {
    RulingKind.ACCEPT: _check_accept,
    RulingKind.REJECT: _check_nothing,
    RulingKind.DUPLICATE_OF: _check_duplicate,
    RulingKind.WITHDRAW: _check_observation,
    RulingKind.RESOLVE: _check_resolve,
}


def keep_ruling(
    connection: sa.Connection,
    made: Ruling,
    digest: str | None,
    position: int,
    now: datetime,
) -> str:
    """Add the ruling itself, without what follows from it; return its id."""
    ruling_id = str(uuid6.uuid7())
    connection.execute(
        ruling.insert().values(
            id=ruling_id,
            record_id=made.record_id,
            hash=digest,
            kind=str(made.kind),
            target_id=made.target_id,
            reason=made.reason.strip(),
            made_by=made.made_by,
            made_at=timestamp(now),
            position=position,
        )
    )
    return ruling_id


def ruling_code(kind: str) -> str:
    """Return the code by which the status feed tells of a ruling of this kind."""
    return f"ruled-{kind.replace('_', '-')}"


def _event(position: int, made: Ruling, held: Held, now: datetime) -> StatusEvent:
    detail = {"ruling": str(made.kind), "target_id": made.target_id}
    words = made.reason.strip()
    return StatusEvent(
        position=position,
        record_position=held.position,
        id=held.id,
        hash=held.hash,
        device_id=held.device_id,
        status=RULED,
        code=ruling_code(made.kind),
        reason=Message(zh=words, en=words),
        at=timestamp(now),
        detail=json.dumps(detail),
    )


def rulings_on(connection: sa.Connection, record_ids: Sequence[str]) -> list[Ruling]:
    """Return every ruling on these records, the oldest first."""
    rows = connection.execute(
        sa.select(ruling)
        .where(ruling.c.record_id.in_(record_ids))
        .order_by(ruling.c.position)
    ).mappings()
    return [
        Ruling(
            RulingKind(row["kind"]),
            row["record_id"],
            row["reason"],
            row["made_by"],
            row["hash"],
            row["target_id"],
        )
        for row in rows
    ]


def _refused(code: str, zh: str, en: str) -> RulingRefused:
    return RulingRefused(code, Message(zh=zh, en=en))
