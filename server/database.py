"""The one place that opens the database and owns its transactions."""

import os
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from weakref import WeakKeyDictionary

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.engine import make_url
from sqlalchemy.pool import ConnectionPoolEntry

from geo.errors import Message
from server.durable_files import close_to_others
from server.errors import DatabaseFault, DatabaseNotReady, StorageFull

BUSY_TIMEOUT_MS = 30_000
WAL_CHECKPOINT_PAGES = 4_000
CACHE_KIB = 32_768
_BEGIN = "gi_begin"
_POOL: dict[str, Any] = {"pool_size": 8, "max_overflow": 32}


def open_engine(url: str) -> sa.Engine:
    """Return an engine whose every connection is durable at commit.

    SQLite is put in WAL mode with ``synchronous=FULL`` and foreign keys, and
    each is read back: a file system that cannot keep them is refused.
    PostgreSQL is refused with ``synchronous_commit`` or ``fsync`` off.

    Raises
    ------
    DatabaseFault
        On the first connection, if durability is not what was asked for.
    """
    parsed = make_url(url)
    if parsed.get_backend_name() == "sqlite":
        return _sqlite_engine(parsed)
    if parsed.get_backend_name() != "postgresql":
        raise DatabaseFault(
            "database-kind",
            Message(zh="只支持 SQLite 和 PostgreSQL", en="SQLite or PostgreSQL only"),
        )
    engine = sa.create_engine(
        parsed.set(drivername="postgresql+psycopg"), pool_pre_ping=True, **_POOL
    )
    event.listen(engine, "connect", _require_durable_postgres)
    return engine


def make_own_database(url: str) -> None:
    """Close SQLite's file, made here if need be, to the machine's other accounts.

    SQLite gives its log and its index the rights of the file.
    """
    parsed = make_url(url)
    if parsed.get_backend_name() != "sqlite" or not parsed.database:
        return
    path = Path(parsed.database)
    if not path.exists() and path.parent.is_dir():
        os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
    for one in (path, *(path.with_name(path.name + end) for end in ("-wal", "-shm"))):
        if one.exists():
            close_to_others(one)


@contextmanager
def writing(engine: sa.Engine) -> Iterator[sa.Connection]:
    """Own one write transaction: committed on leaving, rolled back on any error.

    One writer at a time holds it, over all threads and processes: what is
    read inside stays true until the commit, and positions are gap-free in
    commit order.

    Raises
    ------
    StorageFull
        The disk is full; nothing of the transaction was kept.
    DatabaseNotReady
        The tables are not there: ``gi-server init`` was not run.
    """
    try:
        with _turn_of(engine), engine.connect() as connection:
            connection = connection.execution_options(**{_BEGIN: "BEGIN IMMEDIATE"})
            with connection.begin():
                _take_writer_lock(connection)
                yield connection
    except _driver_errors(engine) as fault:
        raise _translated(fault) from fault


@contextmanager
def reading(engine: sa.Engine) -> Iterator[sa.Connection]:
    """Own one read transaction that sees one state throughout, never locking."""
    try:
        with engine.connect() as connection:
            if engine.dialect.name == "postgresql":
                connection = connection.execution_options(
                    isolation_level="REPEATABLE READ", postgresql_readonly=True
                )
            with connection.begin():
                yield connection
    except _driver_errors(engine) as fault:
        raise _translated(fault) from fault


def _driver_errors(engine: sa.Engine) -> tuple[type[Exception], ...]:
    """Rows in bulk go past SQLAlchemy (`server.rows`), and so do their errors."""
    return (sa.exc.DBAPIError, engine.dialect.loaded_dbapi.Error)


_turns: WeakKeyDictionary[sa.Engine, threading.Lock] = WeakKeyDictionary()


def _turn_of(engine: sa.Engine) -> threading.Lock:
    """Queue the writers of this process: SQLite's own waiting is polling."""
    return _turns.setdefault(engine, threading.Lock())


def _take_writer_lock(connection: sa.Connection) -> None:
    if connection.dialect.name != "postgresql":
        return  # BEGIN IMMEDIATE holds it already
    connection.exec_driver_sql("SELECT id FROM ledger_head WHERE id = 1 FOR UPDATE")


def _sqlite_engine(url: sa.URL) -> sa.Engine:
    engine = sa.create_engine(
        url,
        connect_args={"check_same_thread": False, "timeout": BUSY_TIMEOUT_MS / 1000},
        poolclass=sa.QueuePool,
        pool_use_lifo=True,  # the connection whose page cache is warm
        **_POOL,
    )
    event.listen(engine, "connect", _require_durable_sqlite)
    event.listen(engine, "begin", _begin)
    return engine


def _begin(connection: sa.Connection) -> None:
    statement = connection.get_execution_options().get(_BEGIN, "BEGIN")
    connection.exec_driver_sql(statement)


def _require_durable_sqlite(
    raw: sqlite3.Connection, _entry: ConnectionPoolEntry
) -> None:
    raw.isolation_level = None  # transactions begin where `_begin` says, only
    asked = {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1}
    raw.execute("PRAGMA page_size = 8192")
    raw.execute(f"PRAGMA busy_timeout = {BUSY_TIMEOUT_MS}")
    raw.execute("PRAGMA journal_mode = WAL")
    raw.execute("PRAGMA synchronous = FULL")
    raw.execute("PRAGMA foreign_keys = ON")
    raw.execute(f"PRAGMA wal_autocheckpoint = {WAL_CHECKPOINT_PAGES}")
    raw.execute(f"PRAGMA cache_size = -{CACHE_KIB}")
    raw.execute("PRAGMA temp_store = MEMORY")
    for pragma, value in asked.items():
        found = raw.execute(f"PRAGMA {pragma}").fetchone()[0]
        if found != value:
            raise _not_durable(f"{pragma} = {found}")


def _require_durable_postgres(raw: Any, _entry: ConnectionPoolEntry) -> None:
    with raw.cursor() as cursor:
        for setting in ("fsync", "synchronous_commit"):
            found = cursor.execute(f"SHOW {setting}").fetchone()[0]
            if found == "off":
                raise _not_durable(f"{setting} = off")
    raw.rollback()


def _not_durable(found: str) -> DatabaseFault:
    return DatabaseFault(
        "database-not-durable",
        Message(
            zh=f"数据库不能保证持久化（{found}）",
            en=f"the database does not keep what it confirms ({found})",
        ),
    )


def _translated(fault: Exception) -> Exception:
    """Return the fault in the server's words; SQLAlchemy's own where we have none."""
    cause = fault.orig if isinstance(fault, sa.exc.DBAPIError) else fault
    state = getattr(cause, "sqlstate", None)
    words = str(cause)
    if state in _FULL or getattr(cause, "sqlite_errorname", None) in _FULL:
        return StorageFull("storage-full", _STORAGE_FULL)
    if state == "42P01" or "no such table" in words:
        return DatabaseNotReady("database-not-ready", _NOT_READY)
    if isinstance(fault, sa.exc.DBAPIError):
        return fault
    return DatabaseFault(
        "database-unavailable",
        Message(
            zh=f"数据库出错（{words}）：请确认数据库在运行、文件可读写，再重试",
            en=f"the database failed ({words}): see that it runs and that its file can "
            "be written, then try again",
        ),
    )


# PostgreSQL: disk_full, io_error, and a file-size limit; SQLite: no room, or
# none that a file-size limit lets it have.
_FULL = {"53100", "58030", "54000", "SQLITE_FULL", "SQLITE_IOERR_WRITE"}
_STORAGE_FULL = Message(
    zh="服务器存储空间不足，本批未保存任何内容",
    en="the server's disk is full; nothing of this was kept",
)
_NOT_READY = Message(
    zh="数据库尚未初始化：请运行 gi-server init",
    en="the database is not initialised: run gi-server init",
)
