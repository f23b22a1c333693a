"""Noticing that the outbox changed, whoever changed it: a page, a command, a sync."""

import secrets
import sqlite3
import threading
import time
from collections.abc import Callable
from pathlib import Path

_LOOK_EVERY_S = 0.25


class Changes:
    """A cursor that moves with every commit to the outbox, and with the sync.

    Parameters
    ----------
    path : Path
        The outbox's database.
    sync_cursor : callable
        Moves as the sync goes on.
    """

    def __init__(self, path: Path, sync_cursor: Callable[[], int]) -> None:
        # On a connection of its own, SQLite's data version moves with the
        # commits of all others (https://sqlite.org/pragma.html#pragma_data_version).
        self._connection = sqlite3.connect(
            path, isolation_level=None, check_same_thread=False
        )
        self._lock = threading.Lock()
        self._sync_cursor = sync_cursor
        # The next run counts from the beginning: its cursors must not look known.
        self._run = secrets.token_hex(4)
        self._is_over = threading.Event()

    def cursor(self) -> str:
        """Return the cursor as it stands."""
        with self._lock:
            row = self._connection.execute("PRAGMA data_version").fetchone()
        return f"{self._run}-{row[0]}-{self._sync_cursor()}"

    def after(self, known: str, wait_s: float) -> str:
        """Return the cursor once it is not ``known``, or after ``wait_s`` at most."""
        end = time.monotonic() + wait_s
        while (found := self.cursor()) == known and time.monotonic() < end:
            if self._is_over.wait(_LOOK_EVERY_S):
                break
        return found

    def close(self) -> None:
        """Let go of the file; whoever waits gets an answer."""
        self._is_over.set()
        with self._lock:
            self._connection.close()
