"""Opening the outbox database so that a commit is a promise.

Every open asserts write-ahead logging and ``synchronous=FULL``: after a commit
returns, a power cut does not undo it (https://sqlite.org/wal.html, section 2).
"""

import os
import shutil
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType

from fieldkit.disk import disk_full
from fieldkit.errors import (
    FieldkitError,
    OutboxBusy,
    OutboxDamaged,
    OutboxUnsafe,
)
from geo.errors import Message

BUSY_TIMEOUT_S = 10.0
_FULL = 2
_SCANT_BYTES = 128 * 1024
_PRIMARY_CODE = 0xFF


def connect(
    path: Path, *, busy_timeout_s: float = BUSY_TIMEOUT_S
) -> sqlite3.Connection:
    """Return a connection on which every commit is durable.

    Raises
    ------
    OutboxUnsafe
        The file system refuses write-ahead logging or full synchronisation.
    OutboxDamaged
        The file is no database.
    DiskFull
        There is not even room for the log's index (32 KiB).
    """
    with FailuresInWords(path):
        if not path.exists():
            os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
        connection = sqlite3.connect(path, timeout=busy_timeout_s, isolation_level=None)
        try:
            require_durable(connection)
        except BaseException:
            connection.close()
            raise
    return connection


def connect_immutable(path: Path) -> sqlite3.Connection | None:
    """Return a read-only connection that needs no room, None where it would lie.

    Only a database without a log may be read past the log; while any other
    process has it open, the log's index exists and `connect` works.
    """
    log = path.with_name(path.name + "-wal")
    if not path.exists() or (log.exists() and log.stat().st_size > 0):
        return None
    return sqlite3.connect(
        f"{path.absolute().as_uri()}?mode=ro&immutable=1",
        uri=True,
        isolation_level=None,
    )


def require_durable(connection: sqlite3.Connection) -> None:
    """Set and assert what makes a commit a promise; `OutboxUnsafe` if it cannot be."""
    mode = connection.execute("PRAGMA journal_mode=WAL").fetchone()[0]
    connection.execute("PRAGMA synchronous=FULL")
    # What was decrypted to be sorted must not reach the disk.
    connection.execute("PRAGMA temp_store=MEMORY")
    if sys.platform == "darwin":
        connection.execute("PRAGMA fullfsync=ON")
    connection.execute("PRAGMA foreign_keys=ON")
    synchronous = connection.execute("PRAGMA synchronous").fetchone()[0]
    if mode != "wal" or synchronous != _FULL:
        raise OutboxUnsafe(
            Message(
                zh=f"此磁盘不能保证记录不丢失（journal_mode={mode}，"
                f"synchronous={synchronous}）。请将 FIELDKIT_HOME 设在本机磁盘上。",
                en=f"This disk cannot promise to keep records (journal_mode={mode}, "
                f"synchronous={synchronous}). Put FIELDKIT_HOME on a local disk.",
            )
        )


@contextmanager
def writing(connection: sqlite3.Connection) -> Iterator[sqlite3.Connection]:
    """Own one write transaction: all of it is durable afterwards, or none of it."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield connection
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise


class FailuresInWords:
    """Turns a database's failures into the device's own refusals, as a context.

    One object serves every use of its database, and nested ones too.
    """

    def __init__(self, path: Path) -> None:
        self._path = path

    def __enter__(self) -> None:
        """Watch what follows."""

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Raise the refusal in the failure's place, if there are words for it."""
        translated = (
            _in_words(error, self._path) if isinstance(error, sqlite3.Error) else None
        )
        if translated is not None:
            raise translated from error


def _in_words(error: sqlite3.Error, path: Path) -> FieldkitError | None:
    code = getattr(error, "sqlite_errorcode", None)
    primary = code & _PRIMARY_CODE if code is not None else None
    if primary == sqlite3.SQLITE_FULL or (
        primary in (sqlite3.SQLITE_IOERR, sqlite3.SQLITE_CANTOPEN) and _is_scant(path)
    ):
        return disk_full(path.name)
    if primary in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
        return OutboxBusy(
            Message(
                zh="另一个程序正在使用本机记录，请稍后重试。",
                en="Another program is using this device's records; try again shortly.",
            )
        )
    if primary in (sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CORRUPT):
        return OutboxDamaged(
            Message(
                zh=f"记录文件 {path} 已损坏，未做任何改动。请勿删除，交技术人员恢复。",
                en=f"The record file {path} is damaged; nothing was changed. Do not "
                "delete it: have it recovered.",
            )
        )
    return None


def _is_scant(path: Path) -> bool:
    return shutil.disk_usage(path.parent).free < _SCANT_BYTES
