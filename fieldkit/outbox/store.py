"""The device's outbox on SQLite: the port of `sync.outbox_port`, made durable."""

from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from typing import Any

from fieldkit.errors import DraftGone
from fieldkit.outbox import delivery, drafts, imported, reading, sealing
from fieldkit.outbox.file import put_meta
from fieldkit.outbox.holdings import OutboxHoldings
from fieldkit.outbox.rows import Draft
from sync.clock import instant_text
from sync.errors import UnknownRecord
from sync.outbox_port import (
    BlobRef,
    FeedEvent,
    Head,
    OutboxRecord,
    OutboxState,
    PendingBlob,
)
from sync.outcome import ItemOutcome
from sync.receipt import BlobReceipt, Receipt
from sync.record import Sealed

_CURSOR = "status_cursor"
_EPOCH = "epoch"


class SqliteOutbox(OutboxHoldings):
    """Every method that changes anything is one transaction, durable on return."""

    # Sealing

    def head(self, device_id: str | None = None) -> Head:
        """Return the end of a device's chain, of the one enrolled now by default."""
        named = device_id or self.require_identity().device_id
        with self._reading() as connection:
            return sealing.head_of(connection, named)

    def append(
        self,
        sealed: Sealed,
        expected_head: Head,
        blobs: Sequence[BlobRef] = (),
        *,
        record_no: str | None = None,
        amendment_of: str | None = None,
        draft: int | None = None,
    ) -> None:
        """Add a sealed record to the chain; the draft it was made from is gone.

        ``record_no`` and ``amendment_of`` (the observation's id, for its later
        versions) are kept beside it, to list it without opening it.

        Raises
        ------
        HeadMoved
            The chain grew meanwhile; nothing was saved.
        AmendedMeanwhile
            It changes a version that is not the observation's newest; nothing was
            saved.
        DraftGone
            The draft was sealed or removed meanwhile; nothing was saved.
        DiskFull
            Nothing was saved.
        """
        with self._writing() as connection:
            sealing.append(
                connection,
                sealed,
                expected_head,
                blobs,
                record_no=record_no,
                amendment_of=amendment_of,
            )
            if draft is not None and not drafts.remove(connection, draft):
                raise DraftGone(draft)

    # What the server said

    def pending(self, limit: int = 500) -> list[OutboxRecord]:
        """Return up to ``limit`` records to send, oldest first."""
        with self._reading() as connection:
            return delivery.pending(connection, limit)

    def record_outcome(self, item: ItemOutcome, receipt: Receipt | None) -> OutboxState:
        """Keep the answer to one item and return the record's state after it.

        Raises
        ------
        UnknownRecord
            No record here has this id and hash.
        """
        with self._writing() as connection:
            return delivery.keep_outcome(connection, item, receipt)

    def record_outcomes(
        self, answers: Iterable[tuple[ItemOutcome, Receipt | None]]
    ) -> None:
        """Keep a batch's answers at once; those of unknown records are passed over."""
        with self._writing() as connection:
            for item, receipt in answers:
                with suppress(UnknownRecord):
                    delivery.keep_outcome(connection, item, receipt)

    def requeue(self, id: str) -> None:
        """Offer a refused record again; `UnknownRecord` if there is none."""
        with self._writing() as connection:
            delivery.requeue(connection, id)

    def last_receipt(self) -> str | None:
        """Return the newest receipt that delivered something here, compact."""
        with self._reading() as connection:
            return delivery.newest_receipt(connection)

    def epoch(self) -> int | None:
        """Return the server's epoch as last seen."""
        text = self.meta(_EPOCH)
        return None if text is None else int(text)

    def reopen(self, epoch: int) -> int:
        """Note the server's epoch; offer again what another one delivered."""
        if self.epoch() == epoch:
            return 0
        with self._writing() as connection:
            put_meta(connection, _EPOCH, str(epoch))
            put_meta(connection, _CURSOR, "0")
            return delivery.offer_again(connection, epoch)

    def status_cursor(self) -> int:
        """Return the position up to which the status feed was read; 0 at first."""
        return int(self.meta(_CURSOR) or 0)

    def record_statuses(self, events: Iterable[FeedEvent], cursor: int) -> None:
        """Keep what became of records, and how far the feed was read, at once."""
        with self._writing() as connection:
            delivery.keep_statuses(connection, events)
            put_meta(connection, _CURSOR, str(max(cursor, self.status_cursor())))

    # Photographs

    def blobs_pending(self, limit: int = 500) -> list[PendingBlob]:
        """Return photographs to send, those whose record was delivered."""
        with self._reading() as connection:
            return reading.blobs_to_send(connection, limit)

    def record_blob_receipt(self, receipt: BlobReceipt) -> None:
        """Keep the server's word that it holds a photograph."""
        with self._writing() as connection:
            delivery.keep_blob_receipt(connection, receipt)

    def blob_missing(self, sha256: str) -> None:
        """Note that the photograph's file is gone from this disk."""
        with self._writing() as connection:
            connection.execute(
                "UPDATE photo SET state = 'missing' "
                "WHERE sha256 = ? AND state = 'held'",
                (sha256,),
            )

    def blob_found(self, sha256: str) -> None:
        """Note that a missing photograph's file is here again, to be sent."""
        with self._writing() as connection:
            connection.execute(
                "UPDATE photo SET state = 'held' "
                "WHERE sha256 = ? AND state = 'missing'",
                (sha256,),
            )

    # Drafts

    def save_draft(
        self, body: dict[str, Any], *, at: datetime, number: int | None = None
    ) -> int:
        """Keep an observation begun and return its draft's number."""
        with self._writing() as connection:
            return drafts.save(connection, body, instant_text(at), number)

    def import_drafts(
        self, bodies: Mapping[str, dict[str, Any]], *, at: datetime
    ) -> dict[str, int]:
        """Keep drafts by the fingerprint of what they were made of: all or none."""
        with self._writing() as connection:
            return imported.save(connection, bodies, instant_text(at))

    def imported_as(self, fingerprint: str) -> int | None:
        """Return which draft was made of this, though it be sealed by now."""
        number = self.meta(imported.key_of(fingerprint))
        return None if number is None else int(number)

    def remove_draft(self, number: int) -> None:
        """Forget a draft; what it was imported from may be imported again."""
        with self._writing() as connection:
            # One that was sealed is here no more, and stays imported.
            if drafts.remove(connection, number):
                imported.forget(connection, number)

    def drafts(self) -> list[Draft]:
        """Return the drafts, oldest first."""
        with self._reading() as connection:
            return drafts.all_drafts(connection)
