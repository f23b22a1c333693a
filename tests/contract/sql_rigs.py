"""The ledger in SQL, as the contract suite wants it."""

from collections.abc import Iterator
from contextlib import contextmanager

import sqlalchemy as sa

from geo.errors import Message
from server.database import reading, writing
from server.ledger import SqlLedger
from server.tables import (
    device,
    ledger_head,
    metadata,
    record,
    ruling,
    status_event,
)
from sync.ledger_port import DeviceStanding, Held, RecordRuling, StatusEvent


def empty(engine: sa.Engine) -> None:
    """Forget everything but the schema."""
    with writing(engine) as connection:
        for table in reversed(metadata.sorted_tables):
            if table is not ledger_head:
                connection.execute(table.delete())
        connection.execute(ledger_head.update().values(position=0, epoch=0))


class SqlLedgerRig:
    """A `LedgerRig` over an empty database."""

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine
        empty(engine)

    @contextmanager
    def transaction(self) -> Iterator[SqlLedger]:
        with writing(self._engine) as connection:
            yield SqlLedger(connection)

    def set_device(self, standing: DeviceStanding) -> None:
        values = {
            "unit_code": standing.unit_code,
            "state": str(standing.state),
            "trusted_seq": standing.trusted_seq,
            "trusted_hash": standing.trusted_hash,
        }
        is_this = device.c.id == standing.device_id
        with writing(self._engine) as connection:
            if connection.execute(
                device.update().where(is_this).values(values)
            ).rowcount:
                return
            connection.execute(
                device.insert().values(
                    id=standing.device_id,
                    jwk="{}",
                    thumbprint="",
                    officers="[]",
                    certificate="",
                    enrolled_at="",
                    **values,
                )
            )

    def rule(self, position: int, kind: RecordRuling) -> None:
        with writing(self._engine) as connection:
            connection.execute(
                record.update()
                .where(record.c.position == position)
                .values(ruling=str(kind))
            )

    def resolve(self, version_id: str, child_id: str) -> None:
        with writing(self._engine) as connection:
            connection.execute(
                ruling.insert().values(
                    id=f"resolve {version_id}",
                    record_id=version_id,
                    kind="resolve",
                    target_id=child_id,
                    reason="",
                    made_by="",
                    made_at="",
                    position=0,
                )
            )

    def rows(self) -> list[Held]:
        with reading(self._engine) as connection:
            positions = connection.scalars(sa.select(record.c.position)).all()
            return sorted(SqlLedger(connection).held_by_positions(positions))

    def events(self) -> list[StatusEvent]:
        with reading(self._engine) as connection:
            rows = connection.execute(
                sa.select(status_event).order_by(status_event.c.position)
            ).mappings()
            return [_event(row) for row in rows]


def _event(row: sa.RowMapping) -> StatusEvent:
    zh, en = row["reason_zh"], row["reason_en"]
    return StatusEvent(
        position=row["position"],
        record_position=row["record_position"],
        id=row["record_id"],
        hash=row["hash"],
        device_id=row["device_id"],
        status=row["status"],
        code=row["code"],
        reason=None if zh is None else Message(zh, en),
        at=row["at"],
        detail=row["detail"],
    )
