"""What the server said is kept beside each record, and shown."""

from dataclasses import replace
from typing import Any

import pytest

from fieldkit.capture import Recorder
from fieldkit.outbox import SqliteOutbox
from geo.errors import Message
from sync.errors import UnknownRecord
from sync.outbox_port import FeedEvent, OutboxState
from sync.outcome import ItemOutcome, Outcome, Standing
from sync.receipt import BlobReceipt, Receipt, ReceiptItem
from sync.record import Sealed

AT = "2023-12-02T03:00:00.000Z"
WHY = Message(zh="没有这个字段", en="there is no such field")


def receipt_for(*sealed: Sealed, number: int = 1, epoch: int = 1) -> Receipt:
    return Receipt(
        receipt_id=f"r{number}",
        device_id="d",
        epoch=epoch,
        issued_at=AT,
        items=tuple(
            ReceiptItem(s.id, s.hash, place, AT, Outcome.STORED)
            for place, s in enumerate(sealed, start=1)
        ),
        compact=f"receipt.{number}.{epoch}",
    )


def answer(sealed: Sealed, outcome: Outcome, **rest: Any) -> ItemOutcome:
    return ItemOutcome(sealed.id, sealed.hash, outcome, **rest)


@pytest.fixture
def sealed(recorder: Recorder, quick: dict[str, Any]) -> Sealed:
    return recorder.record(quick).sealed


def state_of(outbox: SqliteOutbox, sealed: Sealed) -> OutboxState:
    record = outbox.get(sealed.id)
    assert record is not None
    return record.state


def test_only_a_receipt_that_covers_a_record_delivers_it(
    outbox: SqliteOutbox, recorder: Recorder, sealed: Sealed, quick: dict[str, Any]
) -> None:
    other = recorder.record(quick).sealed
    stored = answer(sealed, Outcome.STORED)
    assert outbox.record_outcome(stored, None) is OutboxState.SEALED
    assert outbox.record_outcome(stored, receipt_for(other)) is OutboxState.SEALED
    assert outbox.record_outcome(stored, receipt_for(sealed)) is OutboxState.DELIVERED
    assert [record.id for record in outbox.pending()] == [other.id]


def test_quarantine_is_delivered_and_its_reason_in_sight(
    outbox: SqliteOutbox, sealed: Sealed
) -> None:
    """Lesson 15: "it failed silently" (mobile#1849)."""
    item = answer(
        sealed, Outcome.QUARANTINED, code="schema-fault", field="colour", reason=WHY
    )
    outbox.record_outcome(item, receipt_for(sealed))
    record = outbox.get(sealed.id)
    assert record is not None
    assert (record.state, record.status) == (OutboxState.DELIVERED, "quarantined")
    assert (record.code, record.field, record.reason) == ("schema-fault", "colour", WHY)
    assert outbox.statuses() == {"quarantined": 1}


def test_a_refused_record_blocks_no_other_and_can_be_offered_again(
    outbox: SqliteOutbox, recorder: Recorder, sealed: Sealed, quick: dict[str, Any]
) -> None:
    """Lesson 6: enketo#1226, QField#3068."""
    other = recorder.record(quick).sealed
    outbox.record_outcome(answer(sealed, Outcome.REFUSED, reason=WHY), None)
    assert [record.id for record in outbox.pending()] == [other.id]
    assert state_of(outbox, sealed) is OutboxState.REFUSED
    outbox.requeue(sealed.id)
    assert [record.id for record in outbox.pending()] == [sealed.id, other.id]


def test_an_answer_for_other_bytes_is_not_this_records(
    outbox: SqliteOutbox, sealed: Sealed
) -> None:
    """Lesson 2: the same id with other content (enketo#1405)."""
    item = ItemOutcome(sealed.id, "0" * 64, Outcome.STORED)
    with pytest.raises(UnknownRecord):
        outbox.record_outcome(item, receipt_for(sealed))
    outbox.record_outcomes([(item, receipt_for(sealed))])
    assert state_of(outbox, sealed) is OutboxState.SEALED


def test_a_later_refusal_does_not_take_a_delivery_back(
    outbox: SqliteOutbox, sealed: Sealed
) -> None:
    outbox.record_outcome(answer(sealed, Outcome.STORED), receipt_for(sealed))
    outbox.record_outcome(answer(sealed, Outcome.REFUSED), None)
    assert state_of(outbox, sealed) is OutboxState.DELIVERED
    assert outbox.last_receipt() == "receipt.1.1"


def test_a_replay_shows_how_the_record_stands_now(
    outbox: SqliteOutbox, sealed: Sealed
) -> None:
    item = answer(sealed, Outcome.REPLAYED, standing=Standing.PARKED)
    outbox.record_outcome(item, receipt_for(sealed))
    record = outbox.get(sealed.id)
    assert record is not None
    assert (record.outcome, record.status) == (Outcome.REPLAYED, "parked")


def test_the_status_feed_brings_the_newest_word(
    outbox: SqliteOutbox, sealed: Sealed
) -> None:
    outbox.record_outcome(answer(sealed, Outcome.PARKED), receipt_for(sealed))
    released = FeedEvent(7, sealed.id, sealed.hash, "stored", "released", None, AT)
    other = released._replace(id="another", position=9)
    outbox.record_statuses([released, other], 9)
    record = outbox.get(sealed.id)
    assert record is not None
    assert (record.outcome, record.status) == (Outcome.PARKED, "stored")
    assert record.code == "released"
    assert outbox.status_cursor() == 9
    outbox.record_statuses([], 3)
    assert outbox.status_cursor() == 9


def test_a_restored_server_is_offered_again_what_it_attested(
    outbox: SqliteOutbox,
    recorder: Recorder,
    quick: dict[str, Any],
    photo: Any,
) -> None:
    """Lesson 10: cht-core#8093."""
    body = quick | {"evidence": [{"path": str(photo)}]}
    sealed = recorder.record(body).sealed
    outbox.reopen(1)
    outbox.record_outcome(answer(sealed, Outcome.STORED), receipt_for(sealed))
    (blob,) = outbox.blobs()
    outbox.record_blob_receipt(BlobReceipt("d", 1, *blob[:2], AT, "blob.receipt"))
    outbox.record_statuses([], 12)
    assert outbox.blob_counts(sealed.id) == (1, 1)
    assert outbox.reopen(1) == 0
    assert outbox.reopen(2) == 1
    assert state_of(outbox, sealed) is OutboxState.SEALED
    assert (outbox.epoch(), outbox.status_cursor()) == (2, 0)
    assert outbox.blob_counts(sealed.id) == (0, 1)
    assert outbox.blobs_pending() == []  # records first
    new_receipt = receipt_for(sealed, number=2, epoch=2)
    outbox.record_outcome(answer(sealed, Outcome.STORED), new_receipt)
    assert [pending.sha256 for pending in outbox.blobs_pending()] == [blob.sha256]


def test_a_replayed_receipt_of_an_older_epoch_is_not_the_newest(
    outbox: SqliteOutbox, recorder: Recorder, sealed: Sealed, quick: dict[str, Any]
) -> None:
    other = recorder.record(quick).sealed
    newest = receipt_for(sealed, number=2, epoch=2)
    outbox.record_outcome(answer(sealed, Outcome.STORED), newest)
    outbox.record_outcome(answer(other, Outcome.REPLAYED), receipt_for(other))
    assert outbox.last_receipt() == newest.compact


def test_sync_again_offers_refused_records_even_if_the_sync_then_fails(
    outbox: SqliteOutbox, sealed: Sealed, fieldkit: Any
) -> None:
    outbox.set_identity(replace(outbox.require_identity(), server_url="nowhere"))
    outbox.record_outcome(answer(sealed, Outcome.REFUSED, reason=WHY), None)
    assert fieldkit("sync", "--again").returncode != 0
    assert [record.id for record in outbox.pending()] == [sealed.id]
