"""The line of positions: every number from 1 to the head used once, by one thing."""

from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from server.rulings import RULED
from server.tables import ledger_head, record, ruling, status_event
from server.verify.faults import Report
from sync.ledger_port import Held

_STANDINGS = {"stored", "parked", "quarantined", "conflict", "fork", "released"}
_ROWS_AT_ONCE = 1_000


def check_positions(connection: sa.Connection, report: Report) -> None:
    """Name every position that nothing or more than one thing stands at.

    A ruling on a record shares the position of the event that tells of it
    (`told_rulings`); one on a device has its own.
    """
    head = int(connection.scalar(sa.select(ledger_head.c.position)) or 0)
    used = bytearray(head + 1)
    told = sa.select(status_event.c.position).where(status_event.c.status == RULED)
    for found in (
        sa.select(record.c.position),
        sa.select(status_event.c.position),
        sa.select(ruling.c.position).where(ruling.c.position.not_in(told)),
    ):
        for position in connection.scalars(found):
            report.checked["positions"] += 1
            if not 1 <= position <= head:
                report.add(
                    "position-beyond-head",
                    f"位置 {position} 超出账本末尾 {head}",
                    f"position {position} is beyond the head, {head}",
                    position=position,
                )
            elif used[position]:
                _report_doubled(report, position)
            else:
                used[position] = 1
    for position in range(1, head + 1):
        if not used[position]:
            report.add(
                "position-missing",
                f"位置 {position} 处没有任何内容",
                f"nothing stands at position {position}",
                position=position,
            )


def check_events(
    connection: sa.Connection, held: Sequence[Held], report: Report
) -> None:
    """Compare each record's standing with the last event that changed it."""
    last = _last_standings(connection, {row.position: row for row in held}, report)
    for row in held:
        told = last.get(row.position, str(row.outcome))
        stands = str(row.standing)
        if ("stored" if told == "released" else told) != stands:
            report.add(
                "event-missing",
                f"状态为 {stands}，但最后一次通知设备的是 {told}",
                f"stands as {stands}, but the device was last told {told}",
                row.id,
                row.position,
            )


def _last_standings(
    connection: sa.Connection, held: Mapping[int, Held], report: Report
) -> dict[int, str]:
    columns = status_event.c
    found = connection.execution_options(yield_per=_ROWS_AT_ONCE).execute(
        sa.select(
            columns.position,
            columns.record_position,
            columns.record_id,
            columns.hash,
            columns.device_id,
            columns.status,
        ).order_by(columns.position)
    )
    last: dict[int, str] = {}
    for event in found:
        report.checked["events"] += 1
        row = held.get(event.record_position)
        if event.record_position is not None and row is None:
            report.add(
                "event-without-record",
                "状态事件所指的记录不存在",
                "the record of a status event is not held",
                event.record_id,
                event.position,
            )
            continue
        if row is not None:
            _compare(event, row, report)
            if event.status in _STANDINGS:
                last[event.record_position] = event.status
    return last


def _compare(event: Any, row: Held, report: Report) -> None:
    report.compare(
        "event-differs",
        f"event {event.position}",
        (
            ("record_id", event.record_id, row.id),
            ("hash", event.hash, row.hash),
            ("device_id", event.device_id, row.device_id),
        ),
        (row.id, row.position),
    )


def _report_doubled(report: Report, position: int) -> None:
    report.add(
        "position-doubled",
        f"位置 {position} 被使用了两次",
        f"two things stand at position {position}",
        position=position,
    )
