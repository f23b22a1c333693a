"""The device's outbox as the sync runner sees it. Nothing in it is lost by a crash."""

from collections.abc import Iterable, Sequence
from enum import StrEnum
from typing import NamedTuple, Protocol

from geo.errors import Message
from sync.outcome import ItemOutcome, Outcome
from sync.receipt import BlobReceipt, Receipt
from sync.record import Sealed


class OutboxState(StrEnum):
    """Where a sealed record is; drafts come before and are the edge's own."""

    SEALED = "sealed"
    """Waiting to be sent (again)."""
    DELIVERED = "delivered"
    """A verified receipt covers exactly these bytes."""
    REFUSED = "refused"
    """The server keeps nothing of it and said why; it stays here, re-queueable."""


class Head(NamedTuple):
    """The end of the device's chain; (0, None) before the first record."""

    seq: int
    hash: str | None


class BlobRef(NamedTuple):
    """A photograph that a record names, by the hash of its original bytes."""

    sha256: str
    bytes: int
    media_type: str


class PendingBlob(NamedTuple):
    """A photograph to be sent, the record that names it, and whose that is."""

    sha256: str
    bytes: int
    media_type: str
    record_id: str
    device_id: str


class FeedEvent(NamedTuple):
    """One event of ``GET /records/status``, as the device keeps it."""

    position: int
    id: str
    hash: str
    status: str
    code: str | None
    reason: Message | None
    at: str


class OutboxRecord(NamedTuple):
    """A sealed record, and what became of it so far.

    `outcome` is the last answer to a push; `status`, `code` and `reason` are
    the newest word, from a push or from the status feed.
    """

    compact: str
    id: str
    hash: str
    seq: int
    kind: str
    amends: str | None
    sealed_at: str
    state: OutboxState
    outcome: Outcome | None = None
    status: str | None = None
    code: str | None = None
    field: str | None = None
    reason: Message | None = None
    receipt_id: str | None = None
    epoch: int | None = None


class Outbox(Protocol):
    """Every method is durable when it returns, and whole or not at all."""

    def head(self, device_id: str | None = None) -> Head:
        """Return the end of a device's chain, of the one enrolled now by default."""

    def append(
        self, sealed: Sealed, expected_head: Head, blobs: Sequence[BlobRef]
    ) -> None:
        """Add a sealed record, if the head is still what the sealer saw.

        Raises
        ------
        HeadMoved
            If it is not, or `sealed` does not follow it; nothing is changed.
        """

    def get(self, id: str) -> OutboxRecord | None:
        """Return the record of this id."""

    def records(self, state: OutboxState | None = None) -> list[OutboxRecord]:
        """Return all records, or those in one state, by seq."""

    def pending(self, limit: int) -> list[OutboxRecord]:
        """Return up to `limit` records in state sealed, lowest seq first."""

    def record_outcome(self, item: ItemOutcome, receipt: Receipt | None) -> OutboxState:
        """Note the answer to one item and return the record's state after it.

        Delivered only if the outcome keeps the bytes and `receipt` (verified
        by the caller) covers this id and hash; refused if the outcome says
        so and it is not delivered already; otherwise it stays as it is.

        Raises
        ------
        UnknownRecord
            If no record here has this id and hash.
        """

    def record_outcomes(
        self, answers: Iterable[tuple[ItemOutcome, Receipt | None]]
    ) -> None:
        """Note many answers at once; those of unknown records are passed over."""

    def requeue(self, id: str) -> None:
        """Offer a refused record again.

        Raises
        ------
        UnknownRecord
            If there is none.
        """

    def last_receipt(self) -> str | None:
        """Return the newest receipt (by its `order`) that delivered something here."""

    def epoch(self) -> int | None:
        """Return the server's epoch as last seen."""

    def reopen(self, epoch: int) -> int:
        """Note the server's epoch; if it changed, offer again what was delivered.

        Every delivered record of another epoch is sealed again, every
        photograph's receipt forgotten, the status cursor back at 0. Returns
        how many records are offered again; 0 if the epoch is the one known.
        """

    def status_cursor(self) -> int:
        """Return the position up to which the status feed was read; 0 at first."""

    def record_statuses(self, events: Iterable[FeedEvent], cursor: int) -> None:
        """Note what became of records, and how far the feed was read.

        Events of unknown records are passed over; the cursor never goes back.
        """

    def blobs_pending(self, limit: int) -> list[PendingBlob]:
        """Return photographs without receipt whose record is delivered.

        One entry per photograph, by the seq of the first record that names it.
        """

    def record_blob_receipt(self, receipt: BlobReceipt) -> None:
        """Note that the server holds a photograph (a verified receipt)."""

    def blob_counts(self, id: str) -> tuple[int, int]:
        """Return (photographs held by the server, photographs named) of a record."""
