"""The reference that the server signed: areas, counties, codes, by hash.

A device works for weeks without it, with what the software shipped, and says
how old it is.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from fieldkit.outbox.file import OutboxFile
from sync.clock import instant, instant_text
from sync.keys import VerifyingKey
from sync.reference import DocumentRef, Manifest, is_document, open_manifest


@dataclass(frozen=True, slots=True)
class HeldReference:
    """The manifest in force on this device, its signature checked anew.

    ``received_at`` is when the server last confirmed it, by the device's clock.
    """

    manifest: Manifest
    received_at: str

    def age(self, now: datetime) -> timedelta:
        """How long ago the server last confirmed it; never negative."""
        return max(now - instant(self.received_at), timedelta(0))


class ReferenceStore(OutboxFile):
    """The reference documents in the outbox's file, over a connection of its own."""

    def held(self, server_key: VerifyingKey) -> HeldReference | None:
        """Return the newest manifest taken, None before the first.

        Raises
        ------
        ProtocolError
            What lies here was not signed by this server.
        """
        with self._reading() as connection:
            row = connection.execute(
                "SELECT jws, received_at FROM reference_manifest "
                "ORDER BY serial DESC LIMIT 1"
            ).fetchone()
        if row is None:
            return None
        return HeldReference(open_manifest(row[0], server_key), row[1])

    def serial(self) -> int:
        """Return the serial of the manifest in force, 0 before the first."""
        with self._reading() as connection:
            row = connection.execute(
                "SELECT max(serial) FROM reference_manifest"
            ).fetchone()
        return row[0] or 0

    def lacking(self, documents: Iterable[DocumentRef]) -> list[DocumentRef]:
        """Return those of the documents that are not held yet, each once."""
        with self._reading() as connection:
            held = {
                row[0]
                for row in connection.execute("SELECT sha256 FROM reference_document")
            }
        wanted = {ref.sha256: ref for ref in documents if ref.sha256 not in held}
        return list(wanted.values())

    def keep(self, ref: DocumentRef, body: bytes) -> None:
        """Keep one document; it comes into force with the manifest that names it.

        Raises
        ------
        ValueError
            `body` is not the document that `ref` names.
        """
        if not is_document(ref, body):
            raise ValueError(f"{ref.name} has other bytes than the manifest says")
        with self._writing() as connection:
            connection.execute(
                "INSERT INTO reference_document (sha256, name, kind, version, body) "
                "VALUES (?, ?, ?, ?, ?) ON CONFLICT (sha256) DO NOTHING",
                (ref.sha256, ref.name, ref.kind, ref.version, body),
            )

    def adopt(self, manifest: Manifest, now: datetime) -> None:
        """Put a manifest in force whose documents are all held.

        Raises
        ------
        ValueError
            A document is lacking; nothing is changed.
        """
        if self.lacking(manifest.documents):
            raise ValueError("a manifest comes into force whole or not at all")
        with self._writing() as connection:
            connection.execute(
                "INSERT INTO reference_manifest (serial, issued_at, jws, received_at) "
                "VALUES (?, ?, ?, ?) ON CONFLICT (serial) DO UPDATE SET "
                "issued_at = excluded.issued_at, jws = excluded.jws, "
                "received_at = excluded.received_at",
                (
                    manifest.serial,
                    manifest.issued_at,
                    manifest.compact,
                    instant_text(now),
                ),
            )

    def body(self, ref: DocumentRef) -> bytes | None:
        """Return a document's bytes, None if it is not held."""
        with self._reading() as connection:
            row = connection.execute(
                "SELECT body FROM reference_document WHERE sha256 = ?", (ref.sha256,)
            ).fetchone()
        return None if row is None else bytes(row[0])
