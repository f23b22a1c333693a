"""Where a device key lies in clear: the system's keyring, or a file of the user's."""

import base64
import binascii
from contextlib import suppress
from enum import StrEnum
from pathlib import Path
from typing import Any, Protocol

from fieldkit.disk import write_durably
from sync.envelope import KEY_BYTES

SERVICE = "gi-fieldkit"


class Protection(StrEnum):
    """What stands between a copy of the device's folder and its content."""

    KEYRING = "keyring"
    PASSPHRASE = "passphrase"
    KEY_FILE = "key-file"


class KeyPlace(Protocol):
    """Keeps device keys by their id; `load` returns None for what it has not."""

    def load(self, key_id: str) -> bytes | None:
        """Return the key."""

    def save(self, key_id: str, key: bytes) -> None:
        """Keep the key."""

    def remove(self, key_id: str) -> None:
        """Forget the key, if it is there."""


class KeyFilePlace:
    """A file that only the user can read (0600), beside what it opens."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def load(self, key_id: str) -> bytes | None:
        """Return the key."""
        try:
            return _key(self._path(key_id).read_text("ascii"))
        except (OSError, UnicodeDecodeError):
            return None

    def save(self, key_id: str, key: bytes) -> None:
        """Keep the key durably."""
        write_durably(self._path(key_id), _text(key).encode("ascii"), mode=0o600)

    def remove(self, key_id: str) -> None:
        """Forget the key."""
        self._path(key_id).unlink(missing_ok=True)

    def _path(self, key_id: str) -> Path:
        return self._folder / f"device-{key_id}.key"


class KeyringPlace:
    """The keyring of the user's session, by the ``keyring`` package."""

    def __init__(self, keyring: Any) -> None:
        self._keyring = keyring

    def load(self, key_id: str) -> bytes | None:
        """Return the key; None too while the keyring is locked or not running."""
        with suppress(self._keyring.errors.KeyringError):
            found = self._keyring.get_password(SERVICE, key_id)
            return None if found is None else _key(found)
        return None

    def save(self, key_id: str, key: bytes) -> None:
        """Keep the key."""
        self._keyring.set_password(SERVICE, key_id, _text(key))

    def remove(self, key_id: str) -> None:
        """Forget the key."""
        with suppress(self._keyring.errors.KeyringError):
            self._keyring.delete_password(SERVICE, key_id)

    def is_kept(self, key_id: str, key: bytes) -> bool:
        """Tell whether the keyring takes the key and gives it back."""
        try:
            self.save(key_id, key)
        except self._keyring.errors.KeyringError:
            return False
        return self.load(key_id) == key


def system_keyring() -> KeyringPlace | None:
    """Return the system's keyring, None where there is none worth the name."""
    # Slow to import, and not needed by a command that opens nothing.
    import keyring
    import keyring.errors

    backend = keyring.get_keyring()
    # Below 1 are stand-ins: for "there is none", or a file in clear.
    return KeyringPlace(keyring) if backend.priority >= 1 else None


def _text(key: bytes) -> str:
    return base64.b64encode(key).decode("ascii")


def _key(text: str) -> bytes | None:
    try:
        key = base64.b64decode(text, validate=True)
    except (ValueError, binascii.Error):
        return None
    return key if len(key) == KEY_BYTES else None
