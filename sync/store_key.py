"""Store keys: what opens a device's rows, kept wrapped for the device and the server.

The device's wrap is AES-KW under its device key. The server's is a JWE to its
public key (`sync.bundle`), so that the bureau can open what a broken device
still holds. A wrap to the server costs an ECDH, about 160 µs: once for a store
key, and never for a row.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Self

from sync.bundle import BundleReader, BundleWriter
from sync.envelope import (
    KEY_BYTES,
    KEY_ID_BYTES,
    RandomBytes,
    StoreKey,
    unwrap,
    wrap,
)
from sync.errors import (
    BundleUnreadable,
    EnvelopeAltered,
    MalformedJws,
    UnsupportedKey,
)
from sync.jws import decode, encode, thumbprint
from sync.keys import SigningKey

_VERSION = 1
_ID = re.compile(r"[0-9a-f]{16}").fullmatch


@dataclass(frozen=True, slots=True)
class WrappedStoreKey:
    """A store key as it lies on the disk: nothing in it needs to be secret.

    The highest ``number`` is the one in use. ``for_server`` is null where no
    server was known yet, or its key is not on P-256: then only the device key
    opens it.
    """

    id: str
    number: int
    created_at: str
    device_key_id: str
    for_device: str
    server_thumbprint: str | None = None
    for_server: str | None = None

    def to_json(self) -> str:
        """Return the document as it is kept."""
        names = self.__slots__
        return json.dumps({"v": _VERSION} | {n: getattr(self, n) for n in names})

    @classmethod
    def from_json(cls, text: str | bytes) -> Self:
        """Return the document kept; `EnvelopeAltered` if it is none."""
        try:
            document = json.loads(text)
            if document.pop("v") != _VERSION or _ID(document["id"]) is None:
                raise EnvelopeAltered("not a store key of version 1")
            return cls(**document)
        except (ValueError, TypeError, KeyError, AttributeError) as error:
            raise EnvelopeAltered(f"a store key: {error!r}") from error

    def open_with(self, device_key: bytes) -> StoreKey:
        """Return the key; `EnvelopeAltered` if this device key did not wrap it."""
        try:
            wrapped = decode(self.for_device.encode())
        except MalformedJws as error:
            raise EnvelopeAltered(f"store key {self.id}: {error}") from error
        return StoreKey(self.id, unwrap(device_key, wrapped))

    def recover_with(self, server_key: SigningKey) -> StoreKey:
        """Return the key, opened by the server's private key.

        Raises
        ------
        EnvelopeAltered
            It is not wrapped to this server, or was altered.
        """
        if self.for_server is None:
            raise EnvelopeAltered(f"store key {self.id}: not wrapped to a server")
        try:
            reader = BundleReader(server_key)
            key = reader.decrypt(_entry(self.id), self.for_server.encode())
        except (BundleUnreadable, UnsupportedKey) as error:
            raise EnvelopeAltered(f"store key {self.id}: {error}") from error
        if len(key) != KEY_BYTES:
            raise EnvelopeAltered(f"store key {self.id}: {len(key)} bytes")
        return StoreKey(self.id, key)


def make_store_key(
    device_key_id: str,
    device_key: bytes,
    *,
    number: int,
    created_at: str,
    random_bytes: RandomBytes,
) -> tuple[StoreKey, WrappedStoreKey]:
    """Return a new store key, and what is to be kept of it."""
    store = StoreKey(random_bytes(KEY_ID_BYTES).hex(), random_bytes(KEY_BYTES))
    return store, WrappedStoreKey(
        id=store.id,
        number=number,
        created_at=created_at,
        device_key_id=device_key_id,
        for_device=encode(wrap(device_key, store.key)),
    )


def is_for_server(wrapped: WrappedStoreKey, server_jwk: Mapping[str, Any]) -> bool:
    """Tell whether nothing is to be done for this server: wrapped, or impossible."""
    named = _thumbprint(server_jwk)
    return named is None or wrapped.server_thumbprint == named


def wrapped_for_server(
    wrapped: WrappedStoreKey, store: StoreKey, server_jwk: Mapping[str, Any]
) -> WrappedStoreKey:
    """Return the same with a wrap to the server; unchanged if its key takes none."""
    named = _thumbprint(server_jwk)
    if named is None:
        return wrapped
    token = BundleWriter(server_jwk).encrypt(_entry(store.id), store.key)
    return replace(wrapped, server_thumbprint=named, for_server=token.decode("ascii"))


def _thumbprint(server_jwk: Mapping[str, Any]) -> str | None:
    try:
        BundleWriter(server_jwk)
    except UnsupportedKey:
        return None
    return thumbprint(server_jwk)


def _entry(key_id: str) -> str:
    return f"store-key/{key_id}"
