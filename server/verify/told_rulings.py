"""Rulings: each told of once where it stands, and nothing told that was not ruled."""

import json
from collections.abc import Collection
from typing import Any

import sqlalchemy as sa

from server.rulings import RULED, ruling_code
from server.tables import ruling, status_event
from server.verify.faults import Report


def check_told_rulings(
    connection: sa.Connection, device_ids: Collection[str], report: Report
) -> None:
    """Compare every ruling on a record with the event at its position.

    A ruling on a whole device is told to nobody, and stands alone.
    """
    columns = status_event.c
    events = connection.execute(sa.select(status_event).where(columns.status == RULED))
    told = {event.position: event for event in events}
    made = sa.select(ruling).order_by(ruling.c.position, ruling.c.id)
    for row in connection.execute(made):
        event = told.pop(row.position, None)
        if event is not None:
            _compare(row, event, report)
        elif row.record_id not in device_ids:
            report.add(
                "ruling-untold",
                "裁定在其位置上没有对应的通知",
                "no event at the ruling's position tells of it",
                row.record_id,
                row.position,
            )
    for event in told.values():
        report.add(
            "ruling-missing",
            f"已通知的裁定（{event.code}）不见了",
            f"the ruling that was told of ({event.code}) is not there",
            event.record_id,
            event.position,
        )


def _compare(row: Any, event: Any, report: Report) -> None:
    report.compare(
        "ruling-differs",
        "ruling",
        (
            ("record_id", row.record_id, event.record_id),
            ("hash", row.hash, event.hash),
            ("kind", ruling_code(row.kind), event.code),
            ("target_id", row.target_id, _target(event.detail)),
            ("reason", row.reason, event.reason_zh),
            ("made_at", row.made_at, event.at),
        ),
        (row.record_id, row.position),
    )


def _target(detail: str | None) -> Any:
    try:
        return json.loads(detail or "{}").get("target_id")
    except (AttributeError, ValueError):
        return None
