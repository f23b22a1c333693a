"""One sync at a time, by a lock that a crash cannot leave behind (lesson 5)."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import ClassVar

from fieldkit.errors import FieldkitError
from fieldkit.exit_codes import ExitCode
from fieldkit.outbox.connection import FailuresInWords
from geo.errors import Message


class SyncRunning(FieldkitError):
    """Another sync of this device is under way; this one did nothing."""

    code: ClassVar[str] = "sync-running"
    exit_code: ClassVar[ExitCode] = ExitCode.BUSY


@contextmanager
def only_sync(lock_path: Path) -> Iterator[None]:
    """Hold the device's sync lock inside the block.

    SQLite's exclusive lock on a file of its own serves: the operating system
    lets go of it when the process ends, however it ends, and it works alike on
    Linux, macOS and Windows.

    Raises
    ------
    SyncRunning
        At once, if another process or thread holds it.
    DiskFull
        There is no room even for the lock.
    """
    with closing(_locked(lock_path)):
        yield


def _locked(lock_path: Path) -> sqlite3.Connection:
    with FailuresInWords(lock_path):
        connection = sqlite3.connect(lock_path, timeout=0, isolation_level=None)
        try:
            connection.execute("BEGIN EXCLUSIVE")
        except sqlite3.Error as error:
            connection.close()
            if error.sqlite_errorcode != sqlite3.SQLITE_BUSY:
                raise
            raise SyncRunning(
                Message(
                    zh="另一个同步正在进行，本次未做任何事",
                    en="another sync is under way; this one did nothing",
                )
            ) from error
    return connection
