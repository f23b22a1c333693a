"""Photographs encrypted at rest, in chunks, so that none is ever held whole.

Each file has a data key of its own. A chunk is AES-256-GCM of 64 KiB (the last
one less) under a nonce of its number and of whether it is the last, so that
chunks cannot change places and the file cannot be cut short. The head, written
last, binds the key to the SHA-256 and the size of the original bytes.

Head, 72 bytes: magic (8), store key's id (8), wrapped data key (40), tag (16).
"""

import hashlib
from collections.abc import Iterator
from typing import BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from sync.envelope import (
    KEY_BYTES,
    KEY_ID_BYTES,
    WRAPPED_BYTES,
    RandomBytes,
    StoreKey,
    StoreKeys,
    unwrap,
    wrap,
)
from sync.errors import EnvelopeAltered

MAGIC = b"GIPHOTO1"
CHUNK_BYTES = 64 * 1024
TAG_BYTES = 16
HEAD_BYTES = len(MAGIC) + KEY_ID_BYTES + WRAPPED_BYTES + TAG_BYTES
_SEALED_CHUNK = CHUNK_BYTES + TAG_BYTES
_MIDDLE, _LAST, _HEAD = 0, 1, 2
_KEY_AT = len(MAGIC) + KEY_ID_BYTES
_TAG_AT = _KEY_AT + WRAPPED_BYTES


class PhotoWriter:
    """Encrypts what is written to it into ``file``, which is empty and seekable."""

    def __init__(
        self, file: BinaryIO, store: StoreKey, random_bytes: RandomBytes
    ) -> None:
        self._file, self._store = file, store
        self._key = random_bytes(KEY_BYTES)
        self._gcm = AESGCM(self._key)
        self._digest = hashlib.sha256()
        self._rest = b""
        self._number = 0
        self.size_bytes = 0
        file.write(bytes(HEAD_BYTES))

    def write(self, data: bytes) -> None:
        """Take in more of the original bytes."""
        self._digest.update(data)
        self.size_bytes += len(data)
        self._rest += data
        # What may be the last chunk waits until it is known.
        while len(self._rest) > CHUNK_BYTES:
            self._put(self._rest[:CHUNK_BYTES], _MIDDLE)
            self._rest = self._rest[CHUNK_BYTES:]

    def finish(self) -> str:
        """Write what is left and the head; return the original bytes' SHA-256."""
        self._put(self._rest, _LAST)
        sha256 = self._digest.hexdigest()
        head = MAGIC + bytes.fromhex(self._store.id) + wrap(self._store.key, self._key)
        bound = _bound(sha256, self.size_bytes)
        self._file.seek(0)
        self._file.write(head + self._gcm.encrypt(_nonce(0, _HEAD), b"", bound))
        return sha256

    def _put(self, chunk: bytes, kind: int) -> None:
        nonce = _nonce(self._number, kind)
        self._file.write(self._gcm.encrypt(nonce, chunk, None))
        self._number += 1


class PhotoReader:
    """The original bytes of an encrypted photograph, any part of them.

    Raises
    ------
    EnvelopeAltered
        Here or while reading: it is not this photograph's whole, unaltered
        file, or ``store_keys`` has no key for it.
    """

    def __init__(self, file: BinaryIO, sha256: str, store_keys: StoreKeys) -> None:
        self._file = file
        end = file.seek(0, 2)
        file.seek(0)
        head = file.read(HEAD_BYTES)
        if len(head) < HEAD_BYTES or not head.startswith(MAGIC):
            raise EnvelopeAltered("not an encrypted photograph")
        store_key = store_keys(head[len(MAGIC) : _KEY_AT].hex())
        self._gcm = AESGCM(unwrap(store_key, head[_KEY_AT:_TAG_AT]))
        self._chunks = -(-(end - HEAD_BYTES) // _SEALED_CHUNK)
        self.size_bytes = end - HEAD_BYTES - self._chunks * TAG_BYTES
        if self.size_bytes < 0:
            raise EnvelopeAltered("the photograph's file is cut short")
        self._decrypt(_nonce(0, _HEAD), head[_TAG_AT:], _bound(sha256, self.size_bytes))

    def read_range(self, start: int, stop: int) -> bytes:
        """Return the bytes from ``start`` to before ``stop``, fewer at the end."""
        stop = min(stop, self.size_bytes)
        if start >= stop:
            return b""
        first, last = start // CHUNK_BYTES, (stop - 1) // CHUNK_BYTES
        found = b"".join(self._chunk(number) for number in range(first, last + 1))
        return found[start - first * CHUNK_BYTES : stop - first * CHUNK_BYTES]

    def chunks(self) -> Iterator[bytes]:
        """Yield all bytes in their order, 64 KiB at a time."""
        for number in range(self._chunks):
            yield self._chunk(number)

    def _chunk(self, number: int) -> bytes:
        self._file.seek(HEAD_BYTES + number * _SEALED_CHUNK)
        kind = _LAST if number == self._chunks - 1 else _MIDDLE
        sealed = self._file.read(_SEALED_CHUNK)
        return self._decrypt(_nonce(number, kind), sealed, None)

    def _decrypt(self, nonce: bytes, sealed: bytes, bound: bytes | None) -> bytes:
        try:
            return self._gcm.decrypt(nonce, sealed, bound)
        except (InvalidTag, ValueError) as error:
            raise EnvelopeAltered("the photograph's file is not authentic") from error


def is_sealed_photo(start: bytes) -> bool:
    """Tell by a file's first bytes whether it is an encrypted photograph."""
    return start.startswith(MAGIC)


def sealed_bytes(plain_bytes: int) -> int:
    """Return how large the file of a photograph of this size is."""
    return HEAD_BYTES + plain_bytes + TAG_BYTES * max(1, -(-plain_bytes // CHUNK_BYTES))


def _nonce(number: int, kind: int) -> bytes:
    # Never twice under one key: the key is drawn for this file alone.
    return number.to_bytes(11, "big") + bytes([kind])


def _bound(sha256: str, size: int) -> bytes:
    return f"gi-fieldkit photo {sha256} {size}".encode("ascii")
