"""A ledger that already holds a million records, by copying rows and not by pushing."""

from typing import Any

import sqlalchemy as sa

from bench.ingest_limits import TABLES
from server.database import open_engine, reading, writing
from server.rows import Row, rows_of
from server.tables import ledger_head

_RENAMED = {
    *("id", "version_id", "root_id", "record_id", "receipt_id", "device_id"),
    *("hash", "prev", "version_hash"),
}
# A photograph's hash is indexed, and as scattered as hashes are.
_SCATTERED = "sha256"
_MOVED = {"position", "version_position", "record_position"}
_PREFIX_CHARS = 8


def prefill(source_url: str, target_url: str, held: int) -> None:
    """Fill `target` with at least `held` records, copies of those of `source`.

    Each copy has ids, hashes, devices and positions of its own, the ids older
    than those that come after: as large, as deep and as ordered as a ledger
    that grew by pushes. Signatures and chains of the copies are not valid.
    The first copy is carried over, the rest are made of it by the database.
    """
    source, target = open_engine(source_url), open_engine(target_url)
    with reading(source) as connection:
        tables = [list(map(tuple, connection.execute(sa.select(t)))) for t in TABLES]
    count = len(tables[0])
    for nth in range(-(-held // count)):
        with writing(target) as connection:
            for table, rows in zip(TABLES, tables, strict=True):
                if nth == 0:
                    copies = [_copy(table, row) for row in rows]
                    rows_of(connection).insert(table, copies)
                else:
                    connection.exec_driver_sql(_copying(table, nth, count))
            connection.execute(ledger_head.update().values(position=(nth + 1) * count))
    _settle(target)
    source.dispose()
    target.dispose()


def _prefix(nth: int) -> str:
    return f"{0x01000000 + nth:0{_PREFIX_CHARS}x}"


def _copy(table: sa.Table, row: Row) -> Row:
    return tuple(
        _renamed(column.name, value) if value is not None else None
        for column, value in zip(table.columns, row, strict=True)
    )


def _renamed(name: str, value: Any) -> Any:
    if name in _RENAMED:
        return _prefix(0) + value[_PREFIX_CHARS:]
    return value[:-_PREFIX_CHARS] + _prefix(0) if name == _SCATTERED else value


def _copying(table: sa.Table, nth: int, count: int) -> str:
    """Return the statement that makes the nth copy out of the first."""
    values = ", ".join(_value(column, nth, count) for column in table.columns)
    (key, *_) = table.primary_key.columns
    if key.name in _MOVED:
        first = f"{key.name} <= {count}"
    else:
        first = f"{key.name} >= '{_prefix(0)}' AND {key.name} < '{_prefix(1)}'"
    name = table.name
    return f"INSERT INTO {name} SELECT {values} FROM {name} WHERE {first} ORDER BY 1"


def _value(column: sa.Column[object], nth: int, count: int) -> str:
    name = f'"{column.name}"'
    if column.name in _MOVED:
        return f"{name} + {nth * count}"
    if column.name in _RENAMED:
        return f"'{_prefix(nth)}' || substr({name}, {_PREFIX_CHARS + 1})"
    if column.name == _SCATTERED:
        return f"substr({name}, 1, {64 - _PREFIX_CHARS}) || '{_prefix(nth)}'"
    return name


def _settle(target: sa.Engine) -> None:
    """Leave no work of the copying to the measurement."""
    autocommit = target.execution_options(isolation_level="AUTOCOMMIT")
    with autocommit.connect() as connection:
        if target.dialect.name == "postgresql":
            connection.exec_driver_sql("VACUUM ANALYZE")
            connection.exec_driver_sql("CHECKPOINT")
        else:
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
