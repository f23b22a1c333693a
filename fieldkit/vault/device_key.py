"""The device key: made once, found again where it was put, and moved elsewhere.

``keys/device.json`` says where it is; the key itself is in the system's keyring,
in a file beside it, or in that document, wrapped by a passphrase. Moving it
changes nothing that it protects.
"""

import json
import os
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

from fieldkit.disk import create_durably, write_durably
from fieldkit.vault.asking import Ask
from fieldkit.vault.errors import ContentAltered, DeviceKeyGone, KeyringMissing
from fieldkit.vault.key_places import (
    KeyFilePlace,
    KeyPlace,
    Protection,
    system_keyring,
)
from fieldkit.vault.passphrase import (
    Stretching,
    open_by_passphrase,
    wrap_by_passphrase,
)
from geo.errors import Message
from sync.envelope import KEY_BYTES

_VERSION = 1
_ID_BYTES = 8


class DeviceKey(NamedTuple):
    """What opens the store keys, and the id that they name it by."""

    id: str
    key: bytes

    def __repr__(self) -> str:
        return f"DeviceKey({self.id})"


@dataclass(frozen=True, slots=True)
class _Document:
    """What ``device.json`` says; ``wrapped`` only under a passphrase."""

    id: str
    protection: Protection
    stretching: Stretching | None = None
    wrapped: bytes = field(default=b"", repr=False)

    def to_bytes(self) -> bytes:
        document: dict[str, Any] = {
            "v": _VERSION,
            "id": self.id,
            "protection": self.protection.value,
        }
        if self.stretching is not None:
            document["argon2id"] = self.stretching.to_document()
            document["wrapped"] = self.wrapped.hex()
        return json.dumps(document, indent=1).encode("ascii")

    @classmethod
    def from_bytes(cls, content: bytes, name: str) -> "_Document":
        try:
            document = json.loads(content)
            if document["v"] != _VERSION or len(bytes.fromhex(document["id"])) < 1:
                raise ValueError(f"version {document['v']}")
            protection = Protection(document["protection"])
            if protection is not Protection.PASSPHRASE:
                return cls(document["id"], protection)
            cost = Stretching.from_document(document["argon2id"])
            wrapped = bytes.fromhex(document["wrapped"])
            return cls(document["id"], protection, cost, wrapped)
        except (ValueError, TypeError, KeyError, AttributeError) as error:
            raise _unreadable(name) from error


class DeviceKeyFile:
    """The device key of one folder of keys."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._path = folder / "device.json"
        self._key_file = KeyFilePlace(folder)

    @property
    def protection(self) -> Protection | None:
        """What protects the key, None before there is one."""
        document = self._document()
        return None if document is None else document.protection

    @property
    def id(self) -> str | None:
        """The key's id, None before there is one."""
        document = self._document()
        return None if document is None else document.id

    def load(self, ask: Ask) -> DeviceKey | None:
        """Return the key, None before there is one.

        Raises
        ------
        VaultLocked
            It is not to be had: no passphrase, a wrong one, or gone.
        ContentAltered
            ``device.json`` is not what was written there.
        """
        document = self._document()
        if document is None:
            return None
        if document.stretching is not None:
            key = open_by_passphrase(document.wrapped, ask(), document.stretching)
        else:
            key = self._from_place(document)
        if document.protection is not Protection.KEY_FILE:
            # A crash may have kept `protect` from removing it.
            self._key_file.remove(document.id)
        return DeviceKey(document.id, key)

    def make(self, wanted: Protection | None, ask_new: Ask, ask: Ask) -> DeviceKey:
        """Return the key that is there afterwards: a new one, or another process's.

        It is protected as ``wanted``; if that is None by the keyring, or, where
        there is none, by a passphrase: never by less than was asked for.

        Raises
        ------
        VaultLocked
            It cannot be protected so; there is no key.
        """
        made = _drawn()
        document = self._put(made, wanted, ask_new)
        if create_durably(self._path, document.to_bytes()):
            return made
        self._forget(made.id, document.protection)
        there = self.load(ask)
        assert there is not None
        return there

    def replace(self, wanted: Protection | None, ask_new: Ask) -> DeviceKey:
        """Give up the key for a new one; raises as `make` does, and keeps the old.

        What said where the old one is stays beside, should it be found again.
        """
        made = _drawn()
        document = self._put(made, wanted, ask_new)
        with suppress(FileNotFoundError):
            old = self._path.read_bytes()
            write_durably(self._path.with_name(f"given-up-by-{made.id}.json"), old)
        self._write(document)
        return made

    def protect(self, key: DeviceKey, wanted: Protection, ask_new: Ask) -> None:
        """Leave the key protected as ``wanted`` and nowhere else.

        Raises
        ------
        VaultLocked
            It cannot be; it stays where it was.
        """
        self._write(self._put(key, wanted, ask_new))
        for other in set(Protection) - {wanted, Protection.PASSPHRASE}:
            self._forget(key.id, other)

    def _put(
        self, key: DeviceKey, wanted: Protection | None, ask_new: Ask
    ) -> _Document:
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if wanted is Protection.KEY_FILE:
            self._key_file.save(key.id, key.key)
            return _Document(key.id, wanted)
        if wanted is not Protection.PASSPHRASE:
            keyring = system_keyring()
            if keyring is not None and keyring.is_kept(key.id, key.key):
                return _Document(key.id, Protection.KEYRING)
        if wanted is Protection.KEYRING:
            raise KeyringMissing
        cost = Stretching.drawn()
        wrapped = wrap_by_passphrase(key.key, ask_new(), cost)
        return _Document(key.id, Protection.PASSPHRASE, cost, wrapped)

    def _from_place(self, document: _Document) -> bytes:
        place = self._place(document.protection)
        key = None if place is None else place.load(document.id)
        if key is None:
            raise _gone(document.protection)
        return key

    def _forget(self, key_id: str, protection: Protection) -> None:
        place = self._place(protection)
        if place is not None:
            place.remove(key_id)

    def _place(self, protection: Protection) -> KeyPlace | None:
        return system_keyring() if protection is Protection.KEYRING else self._key_file

    def _document(self) -> _Document | None:
        try:
            content = self._path.read_bytes()
        except FileNotFoundError:
            return None
        return _Document.from_bytes(content, self._path.name)

    def _write(self, document: _Document) -> None:
        write_durably(self._path, document.to_bytes())


def _drawn() -> DeviceKey:
    return DeviceKey(os.urandom(_ID_BYTES).hex(), os.urandom(KEY_BYTES))


def _gone(protection: Protection) -> DeviceKeyGone:
    if protection is Protection.KEYRING:
        return DeviceKeyGone("系统密钥环中没有，或未解锁", "not in the keyring")
    return DeviceKeyGone("密钥文件不在", "its key file is not there")


def _unreadable(name: str) -> ContentAltered:
    return ContentAltered(
        Message(
            zh=f"密钥文件 keys/{name} 已被改动或损坏。数据可由市局恢复："
            "gi-server device recover。",
            en=f"The file keys/{name} was altered or damaged. The bureau can recover "
            "the data: gi-server device recover.",
        )
    )
