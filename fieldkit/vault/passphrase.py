"""A device key wrapped by a passphrase: argon2id (RFC 9106), then AES-KW."""

import os
import unicodedata
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Self

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

from fieldkit.vault.errors import PassphraseUnusable, PassphraseWrong
from geo.errors import Message
from sync.envelope import KEY_BYTES, unwrap, wrap
from sync.errors import EnvelopeAltered

_MOST_MEMORY_KIB = 4 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Stretching:
    """The cost of one guess, kept beside what it protects.

    The default is RFC 9106's second recommendation, 64 MiB three times over:
    0.24 s on the machine of the benchmarks.
    """

    salt: str
    memory_kib: int = 64 * 1024
    iterations: int = 3
    lanes: int = 4

    @classmethod
    def drawn(cls) -> Self:
        """Return today's cost with a salt of its own."""
        return cls(os.urandom(16).hex())

    @classmethod
    def from_document(cls, document: Mapping[str, Any]) -> Self:
        """Return the cost that a document names; ValueError if it cannot be."""
        found = cls(**document)
        if not 0 < found.memory_kib <= _MOST_MEMORY_KIB:
            raise ValueError(f"memory_kib: {found.memory_kib}")
        return found

    def to_document(self) -> dict[str, Any]:
        """Return the cost as it is kept."""
        return asdict(self)

    def key_of(self, passphrase: str) -> bytes:
        """Return the key that the passphrase gives, however its accents are typed."""
        try:
            stretched = Argon2id(
                salt=bytes.fromhex(self.salt),
                length=KEY_BYTES,
                iterations=self.iterations,
                lanes=self.lanes,
                memory_cost=self.memory_kib,
            )
        except UnsupportedAlgorithm as error:
            raise PassphraseUnusable(
                Message(
                    zh="此系统的 OpenSSL 没有 argon2id，不能用口令保护。",
                    en="This system's OpenSSL has no argon2id; a passphrase cannot "
                    "be used.",
                )
            ) from error
        return stretched.derive(unicodedata.normalize("NFC", passphrase).encode())


def wrap_by_passphrase(key: bytes, passphrase: str, cost: Stretching) -> bytes:
    """Return the key, which only the passphrase opens."""
    return wrap(cost.key_of(passphrase), key)


def open_by_passphrase(wrapped: bytes, passphrase: str, cost: Stretching) -> bytes:
    """Return the key; `PassphraseWrong` if the passphrase is another."""
    try:
        return unwrap(cost.key_of(passphrase), wrapped)
    except EnvelopeAltered as error:
        raise PassphraseWrong from error
