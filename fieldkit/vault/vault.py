"""The vault of one device's folder: seals what is kept there, and opens it again.

Nothing is read, made or asked before something is to be sealed or opened. What
was unlocked stays so until the process ends, so that a passphrase is asked for
once.
"""

import os
import threading
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

from fieldkit.disk import write_durably
from fieldkit.vault.asking import (
    Ask,
    ask_first_passphrase,
    ask_passphrase,
    chosen_protection,
    passphrase_unasked,
)
from fieldkit.vault.device_key import DeviceKey, DeviceKeyFile
from fieldkit.vault.errors import (
    ContentAltered,
    VaultLocked,
    device_key_gone,
    key_gone,
)
from fieldkit.vault.key_places import Protection
from sync.clock import instant_text
from sync.envelope import Place, StoreKey, key_id_of, open_row, seal_row
from sync.errors import EnvelopeAltered
from sync.store_key import (
    WrappedStoreKey,
    is_for_server,
    make_store_key,
    wrapped_for_server,
)

_STORE_KEYS = "store-*.json"


class Vault:
    """Keys under ``folder``, a device's ``keys``; usable from many threads."""

    def __init__(self, folder: Path, ask: Ask = ask_passphrase) -> None:
        self._folder = folder
        self._ask = ask
        self._lock = threading.RLock()
        self._device: DeviceKey | None = None
        self._wrapped: dict[str, WrappedStoreKey] = {}
        self._spare: dict[str, WrappedStoreKey] = {}
        self._opened: dict[str, StoreKey] = {}
        self._current: StoreKey | None = None
        self.device_key_file = DeviceKeyFile(folder)

    @property
    def protection(self) -> Protection | None:
        """What protects the device key, None before there is one."""
        return self.device_key_file.protection

    @property
    def is_recoverable(self) -> bool:
        """Whether the bureau could open what is sealed here from now on."""
        with self._lock:
            newest = self._newest()
            return newest is not None and newest.for_server is not None

    def wrapped_keys(self) -> dict[str, WrappedStoreKey]:
        """Return every store key of this folder, wrapped, by its id."""
        with self._lock:
            for path in self._folder.glob(_STORE_KEYS):
                if path.stem.removeprefix("store-") not in self._wrapped:
                    self._read(path)
            return dict(self._wrapped)

    @property
    def used_keys(self) -> Mapping[str, WrappedStoreKey]:
        """The store keys that this process opened, wrapped, by id."""
        return {key_id: self._wrapped[key_id] for key_id in tuple(self._opened)}

    def learn(self, kept: Mapping[str, str]) -> None:
        """Take in store keys kept elsewhere too, by id: one copy may be damaged."""
        known = self.wrapped_keys()
        with self._lock:
            for text in kept.values():
                try:
                    wrapped = WrappedStoreKey.from_json(text)
                except EnvelopeAltered:
                    continue
                place = self._spare if wrapped.id in known else self._wrapped
                place[wrapped.id] = wrapped

    def unlock(self) -> DeviceKey:
        """Return the device key; the first time it is made.

        Raises
        ------
        VaultLocked
            It is not to be had now.
        """
        with self._lock:
            if self._device is None:
                found = self.device_key_file.load(self._ask)
                if found is None and self.wrapped_keys():
                    raise device_key_gone()
                self._device = found or self.device_key_file.make(
                    chosen_protection(), ask_first_passphrase, self._ask
                )
            return self._device

    def is_locked(self) -> bool:
        """Tell whether nothing opens here unless a person is asked; asks nobody."""
        with self._lock:
            if self._device is None:
                try:
                    self._device = self.device_key_file.load(passphrase_unasked)
                except (VaultLocked, ContentAltered):
                    return True
            return self._device is None and bool(self.wrapped_keys())

    def protect(self, wanted: Protection, ask_new: Ask) -> None:
        """Leave the device key protected otherwise; what it protects stays as it is.

        Raises
        ------
        VaultLocked
            It is not to be had now, or cannot be protected so.
        """
        file = self.device_key_file
        with self._lock:
            if file.protection is None and not self.wrapped_keys():
                self._device = file.make(wanted, ask_new, self._ask)
            else:
                file.protect(self.unlock(), wanted, ask_new)

    def store_key(self, key_id: str) -> bytes:
        """Return a store key.

        Raises
        ------
        StoreKeyGone
            It was made under a device key that was given up.
        EnvelopeAltered
            There is no such key, or its wrap was altered.
        VaultLocked
            The device key is not to be had now.
        """
        found = self._opened.get(key_id)
        if found is not None:
            return found.key
        with self._lock:
            wrapped = self._wrapped.get(key_id) or self.wrapped_keys().get(key_id)
            if wrapped is None:
                raise EnvelopeAltered(f"no store key {key_id}")
            return self._open(wrapped).key

    def adopt_server(self, server_jwk: Mapping[str, Any]) -> None:
        """Let this server, and no other, recover what is sealed from now on.

        What was sealed before any server was known is opened to it as well.
        """
        with self._lock:
            newest = self._newest()
            if newest is not None and newest.for_server is not None:
                if is_for_server(newest, server_jwk):
                    return
                newest = None
            wrapped = self._make() if newest is None else newest
            store = self._open(wrapped)
            wrapped = wrapped_for_server(wrapped, store, server_jwk)
            self._keep(wrapped)
            self._current = store

    def renew(self, wanted: Protection | None, ask_new: Ask) -> None:
        """Give up the device key, which is lost, and begin with a new one.

        Raises
        ------
        VaultLocked
            The new one cannot be protected so; the old is not given up.
        """
        with self._lock:
            self._device = self.device_key_file.replace(wanted, ask_new)
            self._opened, self._current = {}, None

    def current(self) -> StoreKey:
        """Return the store key that seals; the first time it is made."""
        if self._current is None:
            with self._lock:
                self._current = self._newest_opened()
        return self._current

    def seal(self, place: Place, content: bytes) -> bytes:
        """Return the envelope of ``content``, good in ``place`` only."""
        return seal_row(self.current(), place, content, os.urandom)

    def open(self, place: Place, envelope: bytes) -> bytes:
        """Return what the envelope holds.

        Raises
        ------
        EnvelopeAltered
            It is not what was put in that place.
        StoreKeyGone, VaultLocked
            There is no key for it, for good or for now.
        """
        return open_row(self.store_key, place, envelope)

    def seal_with_device_key(self, place: Place, content: bytes) -> bytes:
        """Return an envelope that no server can open: for the device's own key."""
        device = self.unlock()
        return seal_row(StoreKey(device.id, device.key), place, content, os.urandom)

    def open_with_device_key(self, place: Place, envelope: bytes) -> bytes:
        """Return what `seal_with_device_key` sealed; raises as `open` does."""
        device = self.unlock()
        if key_id_of(envelope) != device.id:
            raise key_gone()
        return open_row(lambda _id: device.key, place, envelope)

    def _newest(self) -> WrappedStoreKey | None:
        device_key_id = self.device_key_file.id
        ours = [
            wrapped
            for wrapped in self.wrapped_keys().values()
            if wrapped.device_key_id == device_key_id
        ]
        return max(
            ours, key=lambda w: (w.number, w.for_server or "", w.id), default=None
        )

    def _make(self) -> WrappedStoreKey:
        device = self.unlock()
        numbers = [wrapped.number for wrapped in self.wrapped_keys().values()]
        store, wrapped = make_store_key(
            device.id,
            device.key,
            number=max(numbers, default=0) + 1,
            created_at=instant_text(datetime.now(UTC)),
            random_bytes=os.urandom,
        )
        self._keep(wrapped)
        self._opened[store.id] = store
        return wrapped

    def _newest_opened(self) -> StoreKey:
        newest = self._newest()
        if newest is not None:
            try:
                return self._open(newest)
            except EnvelopeAltered:
                # What is new must be kept, whatever became of the old.
                pass
        return self._open(self._make())

    def _open(self, wrapped: WrappedStoreKey) -> StoreKey:
        if wrapped.id not in self._opened:
            device_key_id = self.device_key_file.id
            if device_key_id is None:
                raise device_key_gone()
            if wrapped.device_key_id != device_key_id:
                raise key_gone()
            self._opened[wrapped.id] = self._unwrapped(wrapped)
        return self._opened[wrapped.id]

    def _unwrapped(self, wrapped: WrappedStoreKey) -> StoreKey:
        device_key = self.unlock().key
        try:
            return wrapped.open_with(device_key)
        except EnvelopeAltered:
            spare = self._spare.get(wrapped.id)
            if spare is None:
                raise
            return spare.open_with(device_key)

    def _keep(self, wrapped: WrappedStoreKey) -> None:
        path = self._folder / f"store-{wrapped.id}.json"
        write_durably(path, wrapped.to_json().encode("ascii"))
        self._wrapped[wrapped.id] = wrapped

    def _read(self, path: Path) -> None:
        try:
            wrapped = WrappedStoreKey.from_json(path.read_bytes())
        except (EnvelopeAltered, FileNotFoundError):
            return
        if path.stem == f"store-{wrapped.id}":
            self._wrapped[wrapped.id] = wrapped


@lru_cache(maxsize=64)
def vault_of(folder: Path) -> Vault:
    """Return the one vault of a device's folder in this process."""
    return Vault(folder / "keys")
