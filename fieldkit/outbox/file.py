"""The outbox file itself: opened, its transactions, and small facts by name."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import Self

from fieldkit.disk import disk_full
from fieldkit.errors import DiskFull, NotEnrolled
from fieldkit.home import Home
from fieldkit.outbox.connection import (
    BUSY_TIMEOUT_S,
    FailuresInWords,
    connect,
    connect_immutable,
    writing,
)
from fieldkit.outbox.migrations import NEWEST, PLAIN_META, migrate, version_of
from fieldkit.outbox.plain_files import seal_plain_files
from fieldkit.outbox.remains import (
    FILES,
    OUTBOX,
    note_removed,
    remains,
    remove_remains,
)
from fieldkit.outbox.rows import DeviceIdentity, fault_of
from fieldkit.outbox.store_keys import StoreKeyCopies
from fieldkit.vault import Vault, vault_of
from fieldkit.vault.columns import KEY_GONE, SealedColumns
from fieldkit.vault.errors import VaultLocked, content_altered
from geo.errors import Message
from sync.at_rest import META


class OutboxFile:
    """An open outbox database and the device's own facts in it.

    What ``vault`` (the folder's own unless said otherwise) protects is
    encrypted before it reaches the file. Usable as a context manager, which
    closes it.
    """

    def __init__(
        self,
        path: Path,
        vault: Vault | None = None,
        *,
        busy_timeout_s: float = BUSY_TIMEOUT_S,
    ) -> None:
        self.path = path
        self.vault = vault or vault_of(path.parent)
        self._busy_timeout_s = busy_timeout_s
        self._identity: tuple[str, DeviceIdentity] | None = None
        self.is_read_only = False
        self._in_words = FailuresInWords(path)
        self._connection = self._connect()
        self._columns = SealedColumns(self._connection, self.vault)
        self._store_keys = StoreKeyCopies(self.vault)
        try:
            self._prepare()
        except BaseException:
            self._connection.close()
            raise

    def _connect(self) -> sqlite3.Connection:
        try:
            return connect(self.path, busy_timeout_s=self._busy_timeout_s)
        except DiskFull:
            # What is held must stay readable on a full disk (lesson 20).
            readable = connect_immutable(self.path)
            if readable is None:
                raise
            self.is_read_only = True
            return readable

    def _prepare(self) -> None:
        with self._failures():
            if not self.is_read_only:
                self._migrate()
            elif version_of(self._connection) != NEWEST:
                raise disk_full(self.path.name)
            self._store_keys.learn(self._connection)
            if not self.is_read_only and OUTBOX in remains(self._connection):
                # Locked, it waits for whoever opens it with the key.
                with suppress(VaultLocked):
                    self._clear_up()

    def _migrate(self) -> None:
        if 0 < version_of(self._connection) < NEWEST:
            # What cannot be encrypted must not be copied in clear first.
            self.vault.current()
        migrate(self._connection, self.path)

    def _clear_up(self) -> None:
        """Remove what lay in clear, once the server too could open the rest."""
        identity = self.identity()
        if identity is not None:
            self.vault.adopt_server(identity.server_jwk)
        with self._writing() as connection:
            self._store_keys.keep(connection)
        remove_remains(self._connection, self.path)

    def seal_remains(self, home: Home) -> None:
        """Encrypt what an older version left in clear beside the outbox."""
        with self._reading() as connection:
            is_left = FILES in remains(connection)
        if is_left and not self.is_read_only:
            seal_plain_files(home, self.vault)
            with self._writing() as connection:
                note_removed(connection, FILES)

    @contextmanager
    def _failures(self) -> Iterator[None]:
        """Tell a failure by its cause: the vault's, or in the device's words."""
        try:
            with self._in_words:
                yield
        except sqlite3.Error as error:
            raise self._columns.why(error) from error

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
        with self._failures(), writing(self._connection) as connection:
            yield connection
            self._store_keys.keep(connection)

    @contextmanager
    def undisturbed(self) -> Iterator[None]:
        """Keep others from changing the outbox while the block runs."""
        with self._writing():
            yield

    @contextmanager
    def _reading(self) -> Iterator[sqlite3.Connection]:
        with self._failures():
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
        """Keep the identity; records of an earlier one stay as they are.

        From now on its server, too, can open what is sealed here.
        """
        self.vault.adopt_server(identity.server_jwk)
        self.set_meta("identity", identity.to_json())

    def keep_token(self, device_id: str, token: str) -> None:
        """Keep the newest token, if that device is still the current identity.

        In one transaction: who signs out or enrols meanwhile is not undone.
        """
        with self._writing() as connection:
            current = self.identity()
            if current is not None and current.device_id == device_id:
                renewed = replace(current, token=token, token_expires_at=None)
                put_meta(connection, "identity", renewed.to_json())

    def meta(self, key: str) -> str | None:
        """Return a small fact by its name, None if it was never set.

        None too where a device key was given up and the fact with it.

        Raises
        ------
        ContentAltered
            It is not what was kept here.
        VaultLocked
            It cannot be opened now.
        """
        value = "value" if key in PLAIN_META else f"opened(value, '{META}', key)"
        with self._reading() as connection:
            row = connection.execute(
                f"SELECT {value} FROM meta WHERE key = ?", (key,)
            ).fetchone()
        fault = fault_of(row[0]) if row else None
        if fault is not None and fault != KEY_GONE:
            raise content_altered(f" {key} ", key)
        return row[0] if row and fault is None else None

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
    given = "?2" if key in PLAIN_META else f"sealed(?2, '{META}', ?1)"
    connection.execute(
        f"INSERT INTO meta (key, value) VALUES (?1, {given}) "
        "ON CONFLICT (key) DO UPDATE SET value = excluded.value",
        (key, value),
    )
