"""What officials decided, told apart so that a restore can say what it forgets."""

from typing import NamedTuple

import sqlalchemy as sa

from server.tables import area, ruling


class Decision(NamedTuple):
    """A ruling (`what` is the record) or an area's import (`what` is the area)."""

    id: str
    at: str
    kind: str
    what: str
    reason: str


def decisions(connection: sa.Connection) -> list[Decision]:
    """Return every ruling and every import of an area, the oldest first."""
    rulings = sa.select(
        ruling.c.id,
        ruling.c.made_at,
        ruling.c.kind,
        ruling.c.record_id,
        ruling.c.reason,
    )
    areas = sa.select(area.c.sha256, area.c.imported_at, area.c.right, area.c.version)
    made = [Decision(*row) for row in connection.execute(rulings)]
    imported = [
        Decision(sha256, at, "area import", f"{right}/{version}", "")
        for sha256, at, right, version in connection.execute(areas)
    ]
    return sorted(made + imported, key=lambda each: (each.at, each.id))
