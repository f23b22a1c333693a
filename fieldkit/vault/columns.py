"""Encrypted columns of the outbox, as two functions of its SQL.

``sealed(text, table, column, …)`` gives the envelope of a text, bound to the row
that the further arguments name; ``opened(envelope, table, column, …)`` gives the
text again, and the reason as a blob where it cannot be opened: one bad row must
not hide the others. NULL stays NULL.
"""

import sqlite3

from fieldkit.vault.errors import StoreKeyGone
from fieldkit.vault.vault import Vault
from sync.envelope import place_of
from sync.errors import EnvelopeAltered

ALTERED = EnvelopeAltered.code
KEY_GONE = StoreKeyGone.code

Value = str | int | bytes | None


class SealedColumns:
    """The functions on one connection, and why the last of them failed."""

    def __init__(self, connection: sqlite3.Connection, vault: Vault) -> None:
        self._vault = vault
        self._failure: BaseException | None = None
        connection.create_function("sealed", -1, self._sealed)
        connection.create_function("opened", -1, self._opened)

    def why(self, error: sqlite3.Error) -> BaseException:
        """Return what made a statement fail: SQLite itself does not tell."""
        failure, self._failure = self._failure, None
        return failure or error

    def _sealed(
        self, text: str | None, table: str, *columns: str | int | None
    ) -> bytes | None:
        if text is None:
            return None
        try:
            return self._vault.seal(place_of(table, *columns), text.encode())
        except BaseException as error:
            self._failure = error
            raise

    def _opened(
        self, envelope: Value, table: str, *columns: str | int | None
    ) -> str | bytes | None:
        if envelope is None:
            return None
        if not isinstance(envelope, bytes):
            return ALTERED.encode()
        try:
            return self._vault.open(place_of(table, *columns), envelope).decode()
        except (EnvelopeAltered, UnicodeDecodeError):
            return ALTERED.encode()
        except StoreKeyGone:
            return KEY_GONE.encode()
        except BaseException as error:
            self._failure = error
            raise
