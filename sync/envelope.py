"""Rows encrypted at rest, each under a key of its own and bound to its place.

Three keys stand above one another. A *device key* never leaves the device. A
*store key* (`sync.store_key`) is wrapped by the device key and, once more, to
the server's public key. An *envelope* holds a row: AES-256-GCM under a data key
drawn for it alone, and that key wrapped by the store key (AES-KW, RFC 3394).

Envelope, version 1: version (1 byte), store key's id (8), wrapped data key (40),
nonce (12), ciphertext and tag.
"""

import json
from collections.abc import Callable, Mapping
from typing import NamedTuple

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.keywrap import (
    InvalidUnwrap,
    aes_key_unwrap,
    aes_key_wrap,
)

from sync.errors import EnvelopeAltered

KEY_BYTES = 32
KEY_ID_BYTES = 8
NONCE_BYTES = 12
WRAPPED_BYTES = KEY_BYTES + 8
_VERSION = b"\x01"
_NONCE_AT = 1 + KEY_ID_BYTES + WRAPPED_BYTES
_CONTENT_AT = _NONCE_AT + NONCE_BYTES
_TAG_BYTES = 16

RandomBytes = Callable[[int], bytes]
Place = tuple[str | int | None, ...]
"""Where an envelope belongs: its table, and the columns that name the row."""


class StoreKey(NamedTuple):
    """A key that wraps data keys, and the id that envelopes name it by (hex)."""

    id: str
    key: bytes

    def __repr__(self) -> str:
        return f"StoreKey({self.id})"


StoreKeys = Callable[[str], bytes]
"""Returns a store key by its id; it raises what it likes if there is none."""


def place_of(table: str, *columns: str | int | None) -> Place:
    """Return the place of a row, as both the device and the server name it.

    >>> place_of("draft", 7)
    ('draft', 7)
    """
    return (table, *columns)


def seal_row(
    store: StoreKey, place: Place, content: bytes, random_bytes: RandomBytes
) -> bytes:
    """Return the envelope of ``content``, good in ``place`` only."""
    data_key, nonce = random_bytes(KEY_BYTES), random_bytes(NONCE_BYTES)
    head = _VERSION + bytes.fromhex(store.id) + aes_key_wrap(store.key, data_key)
    sealed = AESGCM(data_key).encrypt(nonce, content, _bound(place))
    return head + nonce + sealed


def open_row(store_keys: StoreKeys, place: Place, envelope: bytes) -> bytes:
    """Return what the envelope holds.

    Raises
    ------
    EnvelopeAltered
        A byte of it was changed, it was cut short, or it was made for another
        place.
    """
    store_key = store_keys(key_id_of(envelope))
    data_key = unwrap(store_key, envelope[1 + KEY_ID_BYTES : _NONCE_AT])
    nonce = envelope[_NONCE_AT:_CONTENT_AT]
    try:
        return AESGCM(data_key).decrypt(nonce, envelope[_CONTENT_AT:], _bound(place))
    except InvalidTag as error:
        raise EnvelopeAltered(f"{place[0]}: the content is not authentic") from error


def key_id_of(envelope: bytes) -> str:
    """Return the id of the store key that opens the envelope.

    Raises
    ------
    EnvelopeAltered
        It is too short, or of a version that is not known.
    """
    if envelope[:1] != _VERSION or len(envelope) < _CONTENT_AT + _TAG_BYTES:
        raise EnvelopeAltered("not an envelope of version 1")
    return envelope[1 : 1 + KEY_ID_BYTES].hex()


def wrap(wrapping_key: bytes, key: bytes) -> bytes:
    """Return the key wrapped (RFC 3394)."""
    return aes_key_wrap(wrapping_key, key)


def unwrap(wrapping_key: bytes, wrapped: bytes) -> bytes:
    """Return a key that `wrap` wrapped; `EnvelopeAltered` if this one did not."""
    try:
        return aes_key_unwrap(wrapping_key, wrapped)
    except (InvalidUnwrap, ValueError) as error:
        raise EnvelopeAltered("the wrapped key is not authentic") from error


def held_in(keys: Mapping[str, bytes]) -> StoreKeys:
    """Return the look-up in a mapping; a key that is not there opens nothing."""

    def look_up(key_id: str) -> bytes:
        try:
            return keys[key_id]
        except KeyError as error:
            raise EnvelopeAltered(f"no store key {key_id}") from error

    return look_up


def _bound(place: Place) -> bytes:
    return json.dumps(("gi-fieldkit", *place), separators=(",", ":")).encode("ascii")
