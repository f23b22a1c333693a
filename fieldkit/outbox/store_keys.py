"""Copies of the wrapped store keys in the outbox's own file.

They are files of the folder's ``keys`` first. Kept here too, in the transaction
that first uses them, one lost or damaged file costs no record.
"""

import sqlite3
from typing import TYPE_CHECKING

from fieldkit.vault import Vault

if TYPE_CHECKING:
    from sync.store_key import WrappedStoreKey


class StoreKeyCopies:
    """What of the vault's store keys this outbox holds."""

    def __init__(self, vault: Vault) -> None:
        self._vault = vault
        self._held: dict[str, WrappedStoreKey] = {}

    def learn(self, connection: sqlite3.Connection) -> None:
        """Let the vault know the copies."""
        kept = dict(connection.execute("SELECT id, wrapped FROM store_key"))
        if kept:
            self._vault.learn(kept)

    def keep(self, connection: sqlite3.Connection) -> None:
        """Copy what the vault used meanwhile, within the caller's transaction."""
        for key_id, wrapped in self._vault.used_keys.items():
            if self._held.get(key_id) != wrapped:
                connection.execute(
                    "INSERT INTO store_key (id, wrapped) VALUES (?, ?) "
                    "ON CONFLICT (id) DO UPDATE SET wrapped = excluded.wrapped",
                    (key_id, wrapped.to_json()),
                )
                self._held[key_id] = wrapped
