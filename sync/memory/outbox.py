"""An outbox in memory: survives nothing, but keeps every other promise."""

from collections.abc import Iterable, Sequence

from sync.errors import HeadMoved, UnknownRecord
from sync.jws import parse
from sync.outbox_port import (
    BlobRef,
    FeedEvent,
    Head,
    OutboxRecord,
    OutboxState,
    PendingBlob,
)
from sync.outcome import ItemOutcome, Outcome
from sync.receipt import BlobReceipt, Receipt
from sync.record import Sealed


class MemoryOutbox:
    """An `Outbox` in dictionaries."""

    def __init__(self) -> None:
        self._records: dict[str, OutboxRecord] = {}
        self._blobs: dict[str, list[BlobRef]] = {}
        self._delivered_blobs: set[str] = set()
        self._head = Head(0, None)
        self._epoch: int | None = None
        self._last_receipt: Receipt | None = None
        self._cursor = 0

    def head(self, device_id: str | None = None) -> Head:
        """Return the end of the only chain that it holds."""
        return self._head

    def append(
        self, sealed: Sealed, expected_head: Head, blobs: Sequence[BlobRef]
    ) -> None:
        """Add a sealed record if the head is as expected."""
        follows = Head(sealed.seq - 1, sealed.prev) == self._head
        if expected_head != self._head or not follows or sealed.id in self._records:
            raise HeadMoved(f"the head is {self._head}")
        self._records[sealed.id] = OutboxRecord(
            compact=sealed.compact,
            id=sealed.id,
            hash=sealed.hash,
            seq=sealed.seq,
            kind=sealed.kind,
            amends=sealed.amends,
            sealed_at=sealed.sealed_at,
            state=OutboxState.SEALED,
        )
        self._blobs[sealed.id] = list(blobs)
        self._head = Head(sealed.seq, sealed.hash)

    def get(self, id: str) -> OutboxRecord | None:
        """Return a record."""
        return self._records.get(id)

    def records(self, state: OutboxState | None = None) -> list[OutboxRecord]:
        """Return the records in a state; they were added by seq."""
        return [
            record
            for record in self._records.values()
            if state is None or record.state is state
        ]

    def pending(self, limit: int) -> list[OutboxRecord]:
        """Return what waits to be sent."""
        return self.records(OutboxState.SEALED)[:limit]

    def record_outcome(self, item: ItemOutcome, receipt: Receipt | None) -> OutboxState:
        """Note the answer to one item."""
        record = self._records.get(item.id or "")
        if record is None or record.hash != item.hash:
            raise UnknownRecord(f"{item.id}")
        state = _state_after(record, item, receipt)
        record = record._replace(
            state=state,
            outcome=item.outcome,
            status=str(item.standing or item.outcome),
            code=item.code,
            field=item.field,
            reason=item.reason,
        )
        if receipt is not None and receipt.covers(record.id, record.hash):
            self._keep_receipt(receipt)
            record = record._replace(receipt_id=receipt.receipt_id, epoch=receipt.epoch)
        self._records[record.id] = record
        return state

    def record_outcomes(
        self, answers: Iterable[tuple[ItemOutcome, Receipt | None]]
    ) -> None:
        """Note many answers."""
        for item, receipt in answers:
            record = self._records.get(item.id or "")
            if record is not None and record.hash == item.hash:
                self.record_outcome(item, receipt)

    def requeue(self, id: str) -> None:
        """Offer a refused record again."""
        record = self._records.get(id)
        if record is None:
            raise UnknownRecord(id)
        if record.state is OutboxState.REFUSED:
            self._records[id] = record._replace(state=OutboxState.SEALED)

    def last_receipt(self) -> str | None:
        """Return the newest receipt."""
        return self._last_receipt.compact if self._last_receipt else None

    def epoch(self) -> int | None:
        """Return the epoch last seen."""
        return self._epoch

    def reopen(self, epoch: int) -> int:
        """Offer again what another epoch's receipts delivered."""
        if epoch == self._epoch:
            return 0
        self._epoch = epoch
        lapsed = [
            record
            for record in self.records(OutboxState.DELIVERED)
            if record.epoch != epoch
        ]
        for record in lapsed:
            self._records[record.id] = record._replace(state=OutboxState.SEALED)
        self._delivered_blobs.clear()
        self._cursor = 0
        return len(lapsed)

    def status_cursor(self) -> int:
        """Return how far the status feed was read."""
        return self._cursor

    def record_statuses(self, events: Iterable[FeedEvent], cursor: int) -> None:
        """Note what became of records."""
        for event in events:
            record = self._records.get(event.id)
            if record is not None and record.hash == event.hash:
                self._records[event.id] = record._replace(
                    status=event.status, code=event.code, reason=event.reason
                )
        self._cursor = max(self._cursor, cursor)

    def blobs_pending(self, limit: int) -> list[PendingBlob]:
        """Return the photographs to be sent."""
        pending: dict[str, PendingBlob] = {}
        for record in self.records(OutboxState.DELIVERED):
            for blob in self._blobs[record.id]:
                if blob.sha256 not in self._delivered_blobs:
                    device_id = parse(record.compact).kid
                    found = PendingBlob(*blob, record.id, device_id)
                    pending.setdefault(blob.sha256, found)
        return list(pending.values())[:limit]

    def record_blob_receipt(self, receipt: BlobReceipt) -> None:
        """Note that a photograph is held by the server."""
        self._delivered_blobs.add(receipt.sha256)

    def blob_counts(self, id: str) -> tuple[int, int]:
        """Return photographs held and named."""
        named = {blob.sha256 for blob in self._blobs.get(id, ())}
        return len(named & self._delivered_blobs), len(named)

    def _keep_receipt(self, receipt: Receipt) -> None:
        held = self._last_receipt
        if held is None or receipt.order >= held.order:
            self._last_receipt = receipt


def _state_after(
    record: OutboxRecord, item: ItemOutcome, receipt: Receipt | None
) -> OutboxState:
    is_covered = receipt is not None and receipt.covers(record.id, record.hash)
    if item.outcome.keeps_bytes and is_covered:
        return OutboxState.DELIVERED
    if item.outcome is Outcome.REFUSED and record.state is OutboxState.SEALED:
        return OutboxState.REFUSED
    return record.state
