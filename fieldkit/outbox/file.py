"""The outbox file itself: opened, its transactions, and small facts by name."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Self

from fieldkit.disk import disk_full
from fieldkit.errors import DiskFull, NotEnrolled
from fieldkit.outbox.connection import (
    BUSY_TIMEOUT_S,
    FailuresInWords,
    connect,
    connect_immutable,
    writing,
)
from fieldkit.outbox.migrations import migrate
from fieldkit.outbox.rows import DeviceIdentity
from geo.errors import Message


class OutboxFile:
    """An open outbox database and the device's own facts in it.

    Usable as a context manager, which closes it.
    """

    def __init__(self, path: Path, *, busy_timeout_s: float = BUSY_TIMEOUT_S) -> None:
        self.path = path
        self._busy_timeout_s = busy_timeout_s
        self._identity: tuple[str, DeviceIdentity] | None = None
        self.is_read_only = False
        self._in_words = FailuresInWords(path)
        self._connection = self._open()

    def _open(self) -> sqlite3.Connection:
        try:
            connection = connect(self.path, busy_timeout_s=self._busy_timeout_s)
        except DiskFull:
            # What is held must stay readable on a full disk (lesson 20).
            readable = connect_immutable(self.path)
            if readable is None:
                raise
            self.is_read_only = True
            return readable
        try:
            with self._in_words:
                migrate(connection, self.path)
        except BaseException:
            connection.close()
            raise
        return connection

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the file; nothing is pending, each change was its own commit."""
        self._connection.close()

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        if self.is_read_only:
            raise disk_full(self.path.name)
        with self._in_words, writing(self._connection) as connection:
            yield connection

    @contextmanager
    def undisturbed(self) -> Iterator[None]:
        """Keep others from changing the outbox while the block runs."""
        with self._writing():
            yield

    @contextmanager
    def _reading(self) -> Iterator[sqlite3.Connection]:
        with self._in_words:
            yield self._connection

    def identity(self) -> DeviceIdentity | None:
        """Return what enrolment gave, None before it."""
        text = self.meta("identity")
        if text is None:
            return None
        if self._identity is None or self._identity[0] != text:
            self._identity = text, DeviceIdentity.from_json(text)
        return self._identity[1]

    def require_identity(self) -> DeviceIdentity:
        """Return the identity.

        Raises
        ------
        NotEnrolled
            The device has none yet.
        """
        identity = self.identity()
        if identity is None:
            raise NotEnrolled(
                Message(
                    zh="本设备尚未登记。请先运行 fieldkit enrol 网址 登记码。",
                    en="This device is not enrolled. "
                    "Run fieldkit enrol URL CODE first.",
                )
            )
        return identity

    def set_identity(self, identity: DeviceIdentity) -> None:
        """Keep the identity; records of an earlier one stay as they are."""
        self.set_meta("identity", identity.to_json())

    def meta(self, key: str) -> str | None:
        """Return a small fact by its name, None if it was never set."""
        with self._reading() as connection:
            row = connection.execute(
                "SELECT value FROM meta WHERE key = ?", (key,)
            ).fetchone()
        return row[0] if row else None

    def forget_meta(self, key: str) -> None:
        """Forget a small fact."""
        with self._writing() as connection:
            connection.execute("DELETE FROM meta WHERE key = ?", (key,))

    def set_meta(self, key: str, value: str) -> None:
        """Keep a small fact under its name."""
        with self._writing() as connection:
            put_meta(connection, key, value)


def put_meta(connection: sqlite3.Connection, key: str, value: str) -> None:
    """Set a small fact within the caller's transaction."""
    connection.execute(
        "INSERT INTO meta (key, value) VALUES (?, ?) "
        "ON CONFLICT (key) DO UPDATE SET value = excluded.value",
        (key, value),
    )
