"""Rows in and out of a transaction by the hundred, past the SQL compiler.

One statement for a table and batch, whatever its size: the interpreter lock is
given up once, not once a row, so that the next batch is worked on meanwhile.
"""

from collections.abc import Collection, Iterator, Sequence
from functools import lru_cache
from typing import Any, Protocol

import orjson
import sqlalchemy as sa

Row = tuple[Any, ...]

# SQLite's own limit since 3.32 is 32,766 parameters in a statement.
_SQLITE_PARAMETERS = 30_000


class Rows(Protocol):
    """Bulk access to one open transaction."""

    def insert(self, table: sa.Table, rows: Sequence[Row]) -> None:
        """Insert rows, their values in the order of the table's columns."""

    def pick(self, sql: str, values: Collection[Any], *others: Any) -> list[Row]:
        """Return the rows of a query.

        ``{any}`` in `sql` stands for the right side of an IN over `values`,
        and must come last; ``?`` for one of `others` each.
        """

    def update(self, sql: str, rows: Sequence[Row]) -> None:
        """Run a statement with ``?`` parameters once for each row."""


def rows_of(connection: sa.Connection) -> Rows:
    """Return bulk access to the transaction that `connection` is in."""
    raw = connection.connection.driver_connection
    if connection.dialect.name == "sqlite":
        return SqliteRows(raw)
    return PostgresRows(raw)


class SqliteRows:
    """Bulk access by the standard library's driver."""

    def __init__(self, raw: Any) -> None:
        self._raw = raw

    def insert(self, table: sa.Table, rows: Sequence[Row]) -> None:
        """Insert rows by statements of many VALUES."""
        most = _SQLITE_PARAMETERS // max(1, len(table.columns))
        for start in range(0, len(rows), most):
            part = rows[start : start + most]
            values = [value for row in part for value in row]
            self._raw.execute(_sqlite_insert(table, len(part)), values)

    def pick(self, sql: str, values: Collection[Any], *others: Any) -> list[Row]:
        """Return the rows of a query over a JSON list of values."""
        statement = sql.replace("{any}", "(SELECT value FROM json_each(?))")
        listed = orjson.dumps(list(values)).decode()
        found: list[Row] = self._raw.execute(statement, (*others, listed)).fetchall()
        return found

    def update(self, sql: str, rows: Sequence[Row]) -> None:
        """Run a statement once for each row."""
        self._raw.executemany(sql, rows)


class PostgresRows:
    """Bulk access by psycopg: COPY in, arrays in queries."""

    def __init__(self, raw: Any) -> None:
        self._raw = raw

    def insert(self, table: sa.Table, rows: Sequence[Row]) -> None:
        """Copy rows in."""
        if not rows:
            return
        with (
            self._raw.cursor() as cursor,
            cursor.copy(_postgres_copy(table)) as copy,
        ):
            for row in rows:
                copy.write_row(row)

    def pick(self, sql: str, values: Collection[Any], *others: Any) -> list[Row]:
        """Return the rows of a query over an array of values."""
        listed = list(values)
        if not listed:
            return []
        cast = "bigint" if isinstance(listed[0], int) else "text"
        statement = sql.replace(" IN {any}", f" = ANY(%s::{cast}[])")
        with self._raw.cursor() as cursor:
            cursor.execute(statement.replace("?", "%s"), (*others, listed))
            found: list[Row] = cursor.fetchall()
        return found

    def update(self, sql: str, rows: Sequence[Row]) -> None:
        """Run a statement once for each row, in one round trip."""
        with self._raw.cursor() as cursor:
            cursor.executemany(sql.replace("?", "%s"), rows)


def chunks(values: Sequence[Any], size: int) -> Iterator[Sequence[Any]]:
    """Cut a sequence into parts of at most `size`."""
    for start in range(0, len(values), size):
        yield values[start : start + size]


@lru_cache(maxsize=64)
def _columns(table: sa.Table) -> str:
    return ", ".join(f'"{column.name}"' for column in table.columns)


@lru_cache(maxsize=256)
def _sqlite_insert(table: sa.Table, count: int) -> str:
    one = f"({','.join('?' * len(table.columns))})"
    return f'INSERT INTO "{table.name}" ({_columns(table)}) VALUES ' + ",".join(
        [one] * count
    )


@lru_cache(maxsize=64)
def _postgres_copy(table: sa.Table) -> str:
    return f'COPY "{table.name}" ({_columns(table)}) FROM STDIN'
