"""A ledger that already holds a million records, by copying rows and not by pushing."""

from collections.abc import Callable

import sqlalchemy as sa

from bench.ingest_limits import TABLES
from server.database import open_engine, reading, writing
from server.rows import Row, rows_of
from server.tables import ledger_head, record

_IDS = {"id", "version_id", "root_id", "record_id", "receipt_id", "device_id"}
_HASHES = {"hash", "prev", "version_hash", "sha256"}
_POSITIONS = {"position", "version_position", "record_position"}


def prefill(source_url: str, target_url: str, held: int) -> None:
    """Fill `target` with at least `held` records, copies of those of `source`.

    Each copy has ids, hashes, devices and positions of its own, the ids older
    than those that come after: as large, as deep and as ordered as a ledger
    that grew by pushes. Signatures and chains of the copies are not valid.
    """
    source, target = open_engine(source_url), open_engine(target_url)
    with reading(source) as connection:
        tables = [list(map(tuple, connection.execute(sa.select(t)))) for t in TABLES]
    count = len(tables[0])
    copies = -(-held // count)
    for nth in range(copies):
        with writing(target) as connection:
            bulk = rows_of(connection)
            for table, rows in zip(TABLES, tables, strict=True):
                changes = _changes(table, nth, count)
                bulk.insert(table, [_copy(row, changes) for row in rows])
            connection.execute(ledger_head.update().values(position=(nth + 1) * count))
    if target.dialect.name == "postgresql":
        autocommit = target.execution_options(isolation_level="AUTOCOMMIT")
        with autocommit.connect() as connection:
            connection.exec_driver_sql("ANALYZE")
            connection.exec_driver_sql("CHECKPOINT")
    source.dispose()
    target.dispose()


def _changes(
    table: sa.Table, nth: int, count: int
) -> list[Callable[[object], object] | None]:
    prefix = f"{0x01000000 + nth:08x}"

    def renamed(value: object) -> object:
        return prefix + str(value)[8:] if value is not None else None

    def moved(value: object) -> object:
        return int(str(value)) + nth * count

    found: list[Callable[[object], object] | None] = []
    for column in table.columns:
        if column.name in _POSITIONS:
            found.append(moved)
        elif column.name in _IDS | _HASHES:
            found.append(renamed)
        else:
            found.append(None)
    return found


def _copy(row: Row, changes: list[Callable[[object], object] | None]) -> Row:
    return tuple(
        value if change is None else change(value)
        for value, change in zip(row, changes, strict=True)
    )


def held_records(url: str) -> int:
    """Return how many records a database holds."""
    engine = open_engine(url)
    with reading(engine) as connection:
        count = connection.scalar(sa.select(sa.func.count()).select_from(record))
    engine.dispose()
    return int(count or 0)
