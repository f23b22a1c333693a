"""What became of a device's records since it last asked."""

from typing import Any, NamedTuple

import sqlalchemy as sa

from server.tables import status_event

MAX_EVENTS = 500


class StatusPage(NamedTuple):
    """Events in the order they were committed, and the cursor to go on from."""

    events: list[dict[str, Any]]
    next: int
    more: bool


def status_page(
    connection: sa.Connection, device_id: str, after: int, limit: int
) -> StatusPage:
    """Return the events of a device with a position above `after`.

    Positions are assigned in commit order, so a cursor never skips an event
    that a slower worker commits later.
    """
    rows = (
        connection.execute(
            sa.select(status_event)
            .where(
                status_event.c.device_id == device_id,
                status_event.c.position > after,
            )
            .order_by(status_event.c.position)
            .limit(limit + 1)
        )
        .mappings()
        .all()
    )
    events = [_event(row) for row in rows[:limit]]
    cursor = events[-1]["position"] if events else after
    return StatusPage(events, cursor, len(rows) > limit)


def _event(row: sa.RowMapping) -> dict[str, Any]:
    has_reason = row["reason_en"] is not None
    return {
        "position": row["position"],
        "id": row["record_id"],
        "hash": row["hash"],
        "status": row["status"],
        "code": row["code"],
        "reason": {"zh": row["reason_zh"], "en": row["reason_en"]}
        if has_reason
        else None,
        "at": row["at"],
        "detail": row["detail"],
    }
