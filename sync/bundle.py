"""The USB bundle: what an outbox holds, encrypted to the server's public key.

A bundle needs no secret of the device to be safe: every entry is a JWE (RFC
7516 compact, ECDH-ES+A256KW with A256GCM) that only the server opens, and what
is inside is signed. The container (a ZIP) is the edge's; the names here are its
entries. Photographs travel in pieces, so that neither side holds one whole.
"""

import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from cryptography.exceptions import UnsupportedAlgorithm
from joserfc import jwe
from joserfc.errors import JoseError
from joserfc.jwe import JWERegistry
from joserfc.jwk import ECKey
from joserfc.registry import HeaderParameter

from schemas.evidence import MAX_FILE_BYTES
from sync.enrol import require_device_id
from sync.errors import BundleUnreadable, UnsupportedKey
from sync.jws import canonical_json, read_object
from sync.keys import SigningKey
from sync.parts import part_count, part_range

BUNDLE_VERSION = 1
MANIFEST_NAME = "bundle.jwe"
MAX_ENTRY_BYTES = 8 * 1024 * 1024
"""Room for a batch of `sync.batch.cut`; a larger entry is not opened."""
MAX_RECORD_ENTRIES = 100_000
_SHA256 = re.compile(r"[0-9a-f]{64}").fullmatch


class _Registry(JWERegistry):
    # joserfc stops at 64 KiB; an entry holds a batch or a part, no more.
    max_ciphertext_length = MAX_ENTRY_BYTES


_REGISTRY = _Registry(
    {"gi_entry": HeaderParameter("The entry's name in the bundle", "str", True)},
    algorithms=["ECDH-ES+A256KW", "A256GCM"],
)
_HEADER = {"alg": "ECDH-ES+A256KW", "enc": "A256GCM"}


@dataclass(frozen=True, slots=True)
class BundleBlob:
    """One photograph in a bundle."""

    sha256: str
    bytes: int
    media_type: str


@dataclass(frozen=True, slots=True)
class BundleManifest:
    """What a bundle holds; `certificate` shows whose it is."""

    device_id: str
    certificate: str
    created_at: str
    record_count: int
    record_entries: int
    blobs: tuple[BundleBlob, ...]


class BundleWriter:
    """Encrypts entries to one server key."""

    def __init__(self, server_jwk: Mapping[str, Any]) -> None:
        self._key = _recipient(server_jwk)

    def encrypt(self, name: str, data: bytes) -> bytes:
        """Return the entry `name` with `data` in it; the name is protected too."""
        header = {**_HEADER, "gi_entry": name}
        token = jwe.encrypt_compact(header, data, self._key, registry=_REGISTRY)
        return token.encode("ascii")

    def manifest(self, manifest: BundleManifest) -> tuple[str, bytes]:
        """Return name and bytes of the entry that says what is in the bundle."""
        document = {
            "v": BUNDLE_VERSION,
            "device_id": manifest.device_id,
            "certificate": manifest.certificate,
            "created_at": manifest.created_at,
            "record_count": manifest.record_count,
            "record_entries": manifest.record_entries,
            "blobs": [
                {"sha256": b.sha256, "bytes": b.bytes, "media_type": b.media_type}
                for b in manifest.blobs
            ],
        }
        return MANIFEST_NAME, self.encrypt(MANIFEST_NAME, canonical_json(document))

    def records(self, number: int, compacts: Sequence[str]) -> tuple[str, bytes]:
        """Return name and bytes of the entry with one batch of sealed records."""
        name = records_name(number)
        return name, self.encrypt(name, "\n".join(compacts).encode("ascii"))

    def blob_part(
        self, blob: BundleBlob, number: int, data: bytes
    ) -> tuple[str, bytes]:
        """Return name and bytes of the entry with one part of a photograph."""
        name = blob_part_name(blob.sha256, number)
        return name, self.encrypt(name, data)


class BundleReader:
    """Decrypts entries with the server's key.

    Every method raises `BundleUnreadable` if the entry was made for another
    key, was altered, or is not what its name says.
    """

    def __init__(self, server_key: SigningKey) -> None:
        self._key = _private(server_key)

    def decrypt(self, name: str, entry: bytes) -> bytes:
        """Return what the entry `name` holds."""
        try:
            opened = jwe.decrypt_compact(entry, self._key, registry=_REGISTRY)
        except (JoseError, ValueError, TypeError, KeyError, UnsupportedAlgorithm) as e:
            raise BundleUnreadable(f"{name}: {e}") from e
        if opened.protected.get("gi_entry") != name or opened.plaintext is None:
            raise BundleUnreadable(f"{name}: this entry was made under another name")
        return opened.plaintext

    def manifest(self, entry: bytes) -> BundleManifest:
        """Return what the bundle should hold."""
        document = read_object(self.decrypt(MANIFEST_NAME, entry))
        try:
            if document is None or document["v"] != BUNDLE_VERSION:
                raise BundleUnreadable(f"{MANIFEST_NAME}: another version")
            return BundleManifest(
                device_id=require_device_id(document["device_id"]),
                certificate=str(document["certificate"]),
                created_at=str(document["created_at"]),
                record_count=int(document["record_count"]),
                record_entries=_within(document["record_entries"], MAX_RECORD_ENTRIES),
                blobs=tuple(_blob(item) for item in document["blobs"]),
            )
        except (KeyError, TypeError, ValueError) as error:
            raise BundleUnreadable(f"{MANIFEST_NAME}: {error!r}") from error

    def records(self, number: int, entry: bytes) -> list[str]:
        """Return the sealed records of one entry, compact."""
        name = records_name(number)
        try:
            return self.decrypt(name, entry).decode("ascii").splitlines()
        except UnicodeDecodeError as error:
            raise BundleUnreadable(f"{name}: {error}") from error

    def blob_part(self, blob: BundleBlob, number: int, entry: bytes) -> bytes:
        """Return one part of a photograph, of the size that it must have."""
        name = blob_part_name(blob.sha256, number)
        data = self.decrypt(name, entry)
        has_it = 0 <= number < part_count(blob.bytes)
        start, stop = part_range(number, blob.bytes) if has_it else (0, 0)
        if not has_it or len(data) != stop - start:
            raise BundleUnreadable(f"{name}: {len(data)} bytes")
        return data


def entry_names(manifest: BundleManifest) -> Iterator[str]:
    """Yield the names of all entries that a whole bundle has."""
    yield MANIFEST_NAME
    for number in range(manifest.record_entries):
        yield records_name(number)
    for blob in manifest.blobs:
        for number in range(part_count(blob.bytes)):
            yield blob_part_name(blob.sha256, number)


def require_blob(blob: BundleBlob, parts: Sequence[bytes]) -> bytes:
    """Return the photograph of all its parts.

    Raises
    ------
    BundleUnreadable
        If they are not the bytes that the manifest names.
    """
    data = b"".join(parts)
    if hashlib.sha256(data).hexdigest() != blob.sha256:
        raise BundleUnreadable(f"{blob.sha256}: the bytes have another hash")
    return data


def records_name(number: int) -> str:
    """Return the name of an entry with records, from 0."""
    return f"records/{number:06d}.jwe"


def blob_part_name(sha256: str, number: int) -> str:
    """Return the name of the entry with one part of a photograph."""
    return f"blobs/{sha256}/{number:06d}.jwe"


def _blob(item: Mapping[str, Any]) -> BundleBlob:
    if _SHA256(str(item["sha256"])) is None:
        raise ValueError("not a SHA-256")
    size = _within(item["bytes"], MAX_FILE_BYTES)
    return BundleBlob(item["sha256"], size, str(item["media_type"]))


def _within(value: object, most: int) -> int:
    if type(value) is not int or not 0 <= value <= most:
        raise ValueError(f"not a whole number up to {most}")
    return value


def _recipient(server_jwk: Mapping[str, Any]) -> ECKey:
    try:
        return ECKey.import_key(
            {name: server_jwk[name] for name in ("kty", "crv", "x", "y")}
        )
    except (KeyError, ValueError, JoseError) as error:
        raise UnsupportedKey("a bundle needs a server key on P-256") from error


def _private(server_key: SigningKey) -> ECKey:
    if server_key.alg != "ES256":
        raise UnsupportedKey("a bundle needs a server key on P-256")
    return ECKey.import_key(server_key.to_pem())
