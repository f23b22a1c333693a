"""What devices know of the world: immutable documents under a signed manifest.

A document never changes; a change is another document with another hash, and
a manifest with a higher serial that names it.
"""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import asdict
from datetime import datetime
from functools import cache
from typing import Any, NamedTuple

import sqlalchemy as sa

from geo.area import canonical_bytes
from geo.package_data import counties_document, default_area
from schemas.package_data import DOCUMENTS, document_bytes
from server.epochs import timestamp
from server.tables import area, epoch, reference_document, reference_manifest
from sync.clock import instant
from sync.keys import SigningKey
from sync.reference import DocumentRef, make_manifest, open_manifest

_NEVER = "1970-01-01T00:00:00.000Z"


class Document(NamedTuple):
    """One document as it is sent: its place in the manifest, and its bytes."""

    ref: DocumentRef
    body: str


def install_default_area(connection: sa.Connection, now: datetime) -> None:
    """Put the shipped protected origin in force, unless its right has an area."""
    shipped = default_area()
    known = sa.select(area.c.version).where(area.c.right == shipped.right)
    if connection.execute(known).first() is not None:
        return
    connection.execute(
        area.insert().values(
            right=shipped.right,
            version=shipped.version,
            sha256=shipped.sha256,
            document=shipped.document_bytes.decode(),
            in_force_from=shipped.in_force_from.isoformat(),
            in_force_to=None,
            supersedes=None,
            imported_at=timestamp(now),
        )
    )


def publish(connection: sa.Connection, key: SigningKey, now: datetime) -> int:
    """Sign a manifest of what holds now; return the serial in force.

    With nothing changed the old one stays. After a restore it does not, even
    so: devices hold higher serials than the restored database, and take no
    lower one. A serial is therefore at least the second of its issue, which
    is above every serial that was issued before the restore.

    Parameters
    ----------
    connection : sqlalchemy.Connection
        A write transaction; the manifest is in force when it commits.
    now : datetime
        Aware, UTC.
    """
    documents = sorted(_documents(connection), key=lambda document: document.ref.name)
    refs = tuple(document.ref for document in documents)
    newest = connection.execute(_newest_manifest()).one_or_none()
    if (
        newest is not None
        and newest.issued_at >= _epoch_opened_at(connection)
        and open_manifest(newest.jws, key.verifying_key).documents == refs
    ):
        return int(newest.serial)
    for document in documents:
        _keep(connection, document)
    # A clock set back must not make the new manifest look older than its epoch.
    now = max(now, instant(_epoch_opened_at(connection)))
    serial = max(int(newest.serial) + 1 if newest else 1, int(now.timestamp()))
    connection.execute(
        reference_manifest.insert().values(
            serial=serial,
            issued_at=timestamp(now),
            jws=make_manifest(key, serial=serial, issued_at=now, documents=refs),
        )
    )
    return serial


def manifest_in_force(connection: sa.Connection) -> str | None:
    """Return the signed manifest; None if one has to be published first."""
    newest = connection.execute(_newest_manifest()).one_or_none()
    if newest is None or newest.issued_at < _epoch_opened_at(connection):
        return None
    return str(newest.jws)


def document_body(connection: sa.Connection, sha256: str) -> str | None:
    """Return a document by its hash, also one that is no longer in force."""
    found: str | None = connection.scalar(
        sa.select(reference_document.c.body).where(
            reference_document.c.sha256 == sha256
        )
    )
    return found


def _documents(connection: sa.Connection) -> Iterator[Document]:
    yield from _shipped_documents()
    for row in connection.execute(sa.select(area)).mappings():
        name = f"area/{row['right']}/{row['version']}"
        yield _document(name, "area", row["version"], row["document"])


@cache
def _shipped_documents() -> tuple[Document, ...]:
    shipped = [_shipped(kind) for kind in DOCUMENTS]
    counties = canonical_bytes(counties_document())
    version = hashlib.sha256(counties).hexdigest()[:12]
    return (*shipped, _document("counties", "counties", version, counties.decode()))


def _shipped(kind: str) -> Document:
    content: dict[str, Any] = json.loads(document_bytes(kind))
    body = canonical_bytes(content).decode()
    return _document(content["name"], kind, content["version"], body)


def _document(name: str, kind: str, version: str, body: str) -> Document:
    data = body.encode()
    sha256 = hashlib.sha256(data).hexdigest()
    return Document(DocumentRef(name, kind, version, sha256, len(data)), body)


def _keep(connection: sa.Connection, document: Document) -> None:
    if document_body(connection, document.ref.sha256) is None:
        values = asdict(document.ref) | {"body": document.body}
        del values["bytes"]
        connection.execute(reference_document.insert().values(values))


def _newest_manifest() -> sa.Select[Any]:
    return (
        sa.select(reference_manifest)
        .order_by(reference_manifest.c.serial.desc())
        .limit(1)
    )


def _epoch_opened_at(connection: sa.Connection) -> str:
    return str(connection.scalar(sa.select(sa.func.max(epoch.c.opened_at))) or _NEVER)
