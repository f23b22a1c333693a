"""The reference manifest: which immutable documents are in force, signed."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sync.clock import instant_text
from sync.errors import MalformedDocument, StaleManifest
from sync.jws import open_document, sign_document
from sync.keys import SigningKey, VerifyingKey

MANIFEST_TYP = "gi-reference+jws"


@dataclass(frozen=True, slots=True)
class DocumentRef:
    """One document of the reference, by the hash of its bytes."""

    name: str
    kind: str
    version: str
    sha256: str
    bytes: int


@dataclass(frozen=True, slots=True)
class Manifest:
    """A verified manifest; `serial` only ever grows."""

    serial: int
    issued_at: str
    documents: tuple[DocumentRef, ...]
    compact: str


def make_manifest(
    key: SigningKey,
    *,
    serial: int,
    issued_at: datetime,
    documents: Sequence[DocumentRef | Mapping[str, Any]],
) -> str:
    """Return the signed manifest of `documents`."""
    document = {
        "v": 1,
        "serial": serial,
        "issued_at": instant_text(issued_at),
        "documents": [
            asdict(item) if isinstance(item, DocumentRef) else dict(item)
            for item in documents
        ],
    }
    return sign_document(document, MANIFEST_TYP, key)


def open_manifest(
    compact: str, server_key: VerifyingKey, min_serial: int = 0
) -> Manifest:
    """Return a manifest that this server signed and that is not an older one.

    Raises
    ------
    MalformedJws, BadSignature, MalformedDocument
        If it is not a manifest by this server.
    StaleManifest
        If its serial is below `min_serial`, the one held (the same is taken).
    """
    document = open_document(compact, MANIFEST_TYP, server_key)
    try:
        manifest = Manifest(
            serial=int(document["serial"]),
            issued_at=str(document["issued_at"]),
            documents=tuple(_reference(item) for item in document["documents"]),
            compact=compact,
        )
    except (KeyError, TypeError, ValueError) as error:
        raise MalformedDocument(f"not a manifest: {error}") from error
    if manifest.serial < min_serial:
        raise StaleManifest(f"serial {manifest.serial}, held {min_serial}")
    return manifest


def is_document(reference: DocumentRef, data: bytes) -> bool:
    """Tell whether `data` is the document referred to, whole and unaltered."""
    same_size = len(data) == reference.bytes
    return same_size and hashlib.sha256(data).hexdigest() == reference.sha256


def _reference(item: Mapping[str, Any]) -> DocumentRef:
    return DocumentRef(
        name=str(item["name"]),
        kind=str(item["kind"]),
        version=str(item["version"]),
        sha256=str(item["sha256"]),
        bytes=int(item["bytes"]),
    )
