"""The device's outbox on SQLite: the port of `sync.outbox_port`, made durable."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from fieldkit.home import Home
from fieldkit.outbox import delivery, drafts, reading, sealing
from fieldkit.outbox.delivery import AnsweredItem, KeptReceipt
from fieldkit.outbox.file import OutboxFile, put_meta
from fieldkit.outbox.rows import Draft, PhotoCount, PhotoOnFile, StoredRecord
from fieldkit.outbox.sealing import Head, NamedPhoto, Particulars, SealedRecord


class SqliteOutbox(OutboxFile):
    """Every method that changes anything is one transaction, durable on return."""

    # Sealing

    def head(self, device_id: str | None = None) -> Head:
        """Return the newest (seq, hash) of the chain, of this device by default."""
        named = device_id or self.require_identity().device_id
        with self._reading() as connection:
            return sealing.head_of(connection, named)

    def append(
        self,
        sealed: SealedRecord,
        expected_head: Head,
        blobs: Sequence[NamedPhoto] = (),
        *,
        kept: Particulars,
        draft: int | None = None,
    ) -> int:
        """Add a sealed record to the chain; its draft, if it had one, is gone.

        Raises
        ------
        HeadMoved
            The chain grew meanwhile; nothing was saved.
        DiskFull
            Nothing was saved.
        """
        with self._writing() as connection:
            position = sealing.append(connection, sealed, expected_head, kept, blobs)
            if draft is not None:
                drafts.remove(connection, draft)
        return position

    # What the server said

    def pending(self, limit: int = 500) -> list[StoredRecord]:
        """Return the oldest records to send, refused ones left out."""
        with self._reading() as connection:
            return delivery.pending(connection, limit)

    def record_outcomes(
        self,
        answers: Iterable[tuple[AnsweredItem, KeptReceipt | None]],
    ) -> None:
        """Keep a batch's answers and its verified receipts, all at once."""
        with self._writing() as connection:
            for item, receipt in answers:
                if receipt is not None:
                    delivery.keep_receipt(connection, receipt)
                delivery.keep_outcome(connection, item, receipt)

    def record_outcome(self, item: AnsweredItem, receipt: KeptReceipt | None) -> None:
        """Keep one answer; the receipt, if any, is verified and covers it."""
        self.record_outcomes([(item, receipt)])

    def last_receipt(self) -> str | None:
        """Return the newest verified receipt's compact form."""
        with self._reading() as connection:
            return delivery.newest_receipt(connection)

    def record_status(
        self, events: Iterable[Mapping[str, Any]], cursor: int | None = None
    ) -> None:
        """Keep the feed's events and how far it was read, at once."""
        with self._writing() as connection:
            delivery.keep_status(connection, events)
            if cursor is not None:
                put_meta(connection, "status_cursor", str(cursor))

    def status_cursor(self) -> int:
        """Return the position up to which the status feed was read."""
        return int(self.meta("status_cursor") or 0)

    def reopen(self, epoch: int) -> int:
        """Offer again what was delivered before ``epoch``; return how many."""
        with self._writing() as connection:
            return delivery.reopen(connection, epoch)

    def requeue(self, ids: Sequence[str] | None = None) -> int:
        """Offer refused records again; return how many."""
        with self._writing() as connection:
            return delivery.requeue(connection, ids)

    # Photographs

    def blobs_pending(self) -> list[PhotoOnFile]:
        """Return photographs to send, those whose record was delivered."""
        with self._reading() as connection:
            return reading.photos_to_send(connection)

    def blob_delivered(self, sha256: str, receipt: str, epoch: int) -> None:
        """Keep a photograph's verified receipt."""
        with self._writing() as connection:
            connection.execute(
                "UPDATE photo SET state = 'delivered', receipt = ?, epoch = ? "
                "WHERE sha256 = ?",
                (receipt, epoch, sha256),
            )

    def blob_missing(self, sha256: str) -> None:
        """Note that the photograph's file is gone from this disk."""
        with self._writing() as connection:
            connection.execute(
                "UPDATE photo SET state = 'missing' WHERE sha256 = ? AND state = 'held'",
                (sha256,),
            )

    def blob(self, sha256: str) -> PhotoOnFile | None:
        """Return one photograph on file."""
        with self._reading() as connection:
            return reading.photo(connection, sha256)

    def blobs(self, state: str | None = None) -> list[PhotoOnFile]:
        """Return the photographs on file, of one state or all."""
        with self._reading() as connection:
            return reading.photos(connection, state)

    def photo_counts(self) -> dict[int, PhotoCount]:
        """Return by record position how many photographs are where."""
        with self._reading() as connection:
            return reading.photo_counts(connection)

    # Reading

    def records(self, state: str | None = None) -> list[StoredRecord]:
        """Return the records in the order of sealing, of one state or all."""
        with self._reading() as connection:
            return reading.records(connection, state)

    def find(self, name: str) -> list[StoredRecord]:
        """Return the records whose id begins with ``name``, or of that number."""
        with self._reading() as connection:
            return reading.find(connection, name)

    def versions(self, root_id: str) -> list[StoredRecord]:
        """Return an observation and all that changed it, oldest first."""
        with self._reading() as connection:
            return reading.versions(connection, root_id)

    def newest(self, kind: str) -> StoredRecord | None:
        """Return the record of that kind sealed last."""
        with self._reading() as connection:
            return reading.newest(connection, kind)

    def counts(self) -> dict[str, int]:
        """Return how many drafts, sealed and delivered records there are."""
        with self._reading() as connection:
            return reading.counts(connection)

    def outcomes(self) -> dict[str, int]:
        """Return how many records have each newest status or outcome."""
        with self._reading() as connection:
            return reading.outcomes(connection)

    def oldest_unsent_at(self) -> str | None:
        """Return when the oldest record without a receipt was sealed."""
        with self._reading() as connection:
            return reading.oldest_unsent_at(connection)

    # Drafts

    def save_draft(
        self, body: dict[str, Any], *, at: datetime, number: int | None = None
    ) -> int:
        """Keep an observation begun and return its draft's number."""
        with self._writing() as connection:
            return drafts.save(connection, body, _utc(at), number)

    def remove_draft(self, number: int) -> None:
        """Forget a draft."""
        with self._writing() as connection:
            drafts.remove(connection, number)

    def drafts(self) -> list[Draft]:
        """Return the drafts, oldest first."""
        with self._reading() as connection:
            return drafts.all_drafts(connection)


def open_outbox(home: Home) -> SqliteOutbox:
    """Return the outbox of the device's folder, its tables up to date.

    Raises
    ------
    OutboxUnsafe
        It cannot promise durability, is damaged or newer than this software.
    DiskFull
        There is no room to open it, nor can it be read without.
    """
    return SqliteOutbox(home.outbox_path)


def _utc(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
