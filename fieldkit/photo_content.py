"""The original bytes of a photograph on this device, as they lie there."""

import hashlib
from typing import BinaryIO, Protocol

from fieldkit.vault.errors import StoreKeyGone
from sync.envelope import StoreKeys
from sync.errors import EnvelopeAltered
from sync.sealed_photo import MAGIC, PhotoReader, is_sealed_photo


class PhotoContent(Protocol):
    """A photograph's original bytes, known to be whole."""

    @property
    def size_bytes(self) -> int:
        """How many they are."""

    def read_range(self, start: int, stop: int) -> bytes:
        """Return the bytes from ``start`` to before ``stop``, fewer at the end."""


class HeldContent:
    """A photograph's original bytes, in memory."""

    def __init__(self, content: bytes) -> None:
        self._content = content
        self.size_bytes = len(content)

    def read_range(self, start: int, stop: int) -> bytes:
        """Return the bytes from ``start`` to before ``stop``, fewer at the end."""
        return self._content[start:stop]


def content_of(
    file: BinaryIO, sha256: str, store_keys: StoreKeys
) -> PhotoContent | None:
    """Return a file's content, None if it is not that photograph, whole.

    Older versions left it in clear; such a file is read as it is.

    Raises
    ------
    VaultLocked
        It cannot be opened now.
    """
    start = file.read(len(MAGIC))
    if is_sealed_photo(start):
        try:
            reader = PhotoReader(file, sha256, store_keys)
            for _chunk in reader.chunks():
                pass
        except (EnvelopeAltered, StoreKeyGone):
            return None
        return reader
    content = start + file.read()
    return HeldContent(content) if _is_of(content, sha256) else None


def _is_of(content: bytes, sha256: str) -> bool:
    return hashlib.sha256(content).hexdigest() == sha256
