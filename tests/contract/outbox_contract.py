"""What every outbox promises. Subclass it and supply `outbox` and `reopened`.

`outbox` is an empty `Outbox` of device `d1`; `reopened()` opens the same one
again as after a crash (in memory: the same object). `photograph(data)` puts a
photograph where the outbox expects it and returns its reference.
"""

import hashlib
from collections.abc import Callable

import pytest
from contract.answers import answer, hand_over, receipt_for, saved, seal_next
from contract.sealing import Device

from sync.errors import HeadMoved, UnknownRecord
from sync.outbox_port import BlobRef, FeedEvent, Head, Outbox, OutboxState
from sync.outcome import Outcome
from sync.reasons import REASONS

Reopen = Callable[[], Outbox]
Photograph = Callable[[bytes], BlobRef]


class OutboxContract:
    """Nothing sealed is lost, nothing is called delivered without a receipt."""

    @pytest.fixture
    def outbox(self) -> Outbox:
        raise NotImplementedError("the implementer supplies it")

    @pytest.fixture
    def reopened(self, outbox: Outbox) -> Reopen:
        raise NotImplementedError("the implementer supplies it")

    @pytest.fixture
    def photograph(self) -> Photograph:
        return lambda data: BlobRef(
            hashlib.sha256(data).hexdigest(), len(data), "image/jpeg"
        )

    @pytest.fixture
    def device(self) -> Device:
        return Device("d1")

    def test_it_begins_empty(self, outbox: Outbox) -> None:
        assert outbox.head() == Head(0, None)
        assert outbox.pending(10) == []
        assert (outbox.last_receipt(), outbox.epoch()) == (None, None)
        assert outbox.status_cursor() == 0

    def test_a_sealed_record_survives_a_crash(
        self, outbox: Outbox, reopened: Reopen, device: Device
    ) -> None:
        first = saved(outbox, device)
        second = saved(outbox, device)
        after = reopened()
        assert after.head() == Head(2, second.hash)
        assert [r.compact for r in after.pending(10)] == [first.compact, second.compact]
        record = after.get(first.id)
        assert record is not None
        assert (record.state, record.outcome) == (OutboxState.SEALED, None)

    def test_sealing_on_a_head_that_moved_saves_nothing(
        self, outbox: Outbox, device: Device
    ) -> None:
        """Two windows save at once: one of them is told, and seals anew."""
        other = device.clone()
        first, late = seal_next(device), seal_next(other)
        outbox.append(first, Head(0, None), [])
        with pytest.raises(HeadMoved):
            outbox.append(late, Head(0, None), [])
        with pytest.raises(HeadMoved):
            outbox.append(late, outbox.head(), [])
        assert outbox.head() == Head(1, first.hash)
        assert outbox.get(late.id) is None

    def test_pending_comes_in_the_order_of_the_chain_up_to_the_limit(
        self, outbox: Outbox, device: Device
    ) -> None:
        ids = [saved(outbox, device).id for _ in range(5)]
        assert [record.id for record in outbox.pending(3)] == ids[:3]

    def test_delivered_means_that_a_receipt_covers_these_bytes(
        self, outbox: Outbox, reopened: Reopen, device: Device
    ) -> None:
        sealed = saved(outbox, device)
        receipt = receipt_for(sealed)
        state = outbox.record_outcome(answer(sealed), receipt)
        after = reopened()
        record = after.get(sealed.id)
        assert record is not None
        assert state == record.state == OutboxState.DELIVERED
        assert (record.receipt_id, record.epoch) == ("r1", 1)
        assert after.pending(10) == []
        assert after.last_receipt() == receipt.compact

    def test_stored_without_a_receipt_is_not_delivered(
        self, outbox: Outbox, device: Device
    ) -> None:
        one, other = saved(outbox, device), saved(outbox, device)
        assert outbox.record_outcome(answer(one), None) is OutboxState.SEALED
        state = outbox.record_outcome(answer(one), receipt_for(other))
        assert state is OutboxState.SEALED
        assert len(outbox.pending(10)) == 2

    @pytest.mark.parametrize(
        "outcome", [Outcome.PARKED, Outcome.QUARANTINED, Outcome.CONFLICT, Outcome.FORK]
    )
    def test_what_is_kept_but_does_not_count_is_delivered_with_its_reason(
        self, outbox: Outbox, device: Device, outcome: Outcome
    ) -> None:
        """mobile#1849, QFieldCloud#551: it failed silently."""
        sealed = saved(outbox, device)
        item = answer(sealed, outcome, "schema-fault")
        state = outbox.record_outcome(item, receipt_for(sealed, outcome))
        record = outbox.get(sealed.id)
        assert record is not None
        assert state is OutboxState.DELIVERED
        assert (record.outcome, record.code) == (outcome, "schema-fault")
        assert record.reason == REASONS["schema-fault"]

    def test_a_refused_record_stays_with_its_reason_and_blocks_nothing(
        self, outbox: Outbox, device: Device
    ) -> None:
        """enketo#1226, QField#3068: re-queueable, never wiped."""
        bad, good = saved(outbox, device), saved(outbox, device)
        item = answer(bad, Outcome.REFUSED, "over-size")
        assert outbox.record_outcome(item, None) is OutboxState.REFUSED
        assert [record.id for record in outbox.pending(10)] == [good.id]
        assert [r.id for r in outbox.records(OutboxState.REFUSED)] == [bad.id]
        outbox.requeue(bad.id)
        assert [record.id for record in outbox.pending(10)] == [bad.id, good.id]

    def test_a_retry_changes_no_state(self, outbox: Outbox, device: Device) -> None:
        sealed = saved(outbox, device)
        item = answer(sealed, Outcome.RETRY)
        assert outbox.record_outcome(item, None) is OutboxState.SEALED

    def test_no_later_answer_makes_a_delivered_record_undelivered(
        self, outbox: Outbox, device: Device
    ) -> None:
        sealed = saved(outbox, device)
        outbox.record_outcome(answer(sealed), receipt_for(sealed))
        item = answer(sealed, Outcome.REFUSED, "unknown-device")
        assert outbox.record_outcome(item, None) is OutboxState.DELIVERED

    def test_an_answer_for_other_bytes_is_not_taken(
        self, outbox: Outbox, device: Device
    ) -> None:
        sealed = saved(outbox, device)
        other = answer(sealed)._replace(hash="0" * 64)
        with pytest.raises(UnknownRecord):
            outbox.record_outcome(other, receipt_for(sealed))
        outbox.record_outcomes([(other, None), (answer(sealed), receipt_for(sealed))])
        assert outbox.pending(10) == []

    def test_requeueing_an_unknown_record_is_an_error(self, outbox: Outbox) -> None:
        with pytest.raises(UnknownRecord):
            outbox.requeue("018c0000-0000-7000-8000-000000000001")

    def test_an_older_receipt_does_not_replace_the_newest(
        self, outbox: Outbox, device: Device
    ) -> None:
        one, other = saved(outbox, device), saved(outbox, device)
        newer = receipt_for(other, position=9)
        outbox.record_outcome(answer(other), newer)
        older = receipt_for(one, position=3)
        outbox.record_outcome(answer(one, Outcome.REPLAYED), older)
        assert outbox.last_receipt() == newer.compact

    def test_a_new_epoch_offers_again_what_was_delivered(
        self, outbox: Outbox, reopened: Reopen, device: Device
    ) -> None:
        """cht-core#8093: clients believed they were done."""
        assert outbox.reopen(1) == 0
        sealed, waiting = saved(outbox, device), saved(outbox, device)
        outbox.record_outcome(answer(sealed), receipt_for(sealed))
        assert outbox.reopen(1) == 0
        assert outbox.reopen(2) == 1
        after = reopened()
        assert after.epoch() == 2
        assert [record.id for record in after.pending(10)] == [sealed.id, waiting.id]
        again = receipt_for(sealed, epoch=2)
        assert after.record_outcome(answer(sealed), again) is OutboxState.DELIVERED
        assert after.last_receipt() == again.compact
        assert after.reopen(2) == 0

    def test_the_status_feed_tells_what_became_of_a_record(
        self, outbox: Outbox, reopened: Reopen, device: Device
    ) -> None:
        sealed = saved(outbox, device)
        item = answer(sealed, Outcome.PARKED, "target-missing")
        outbox.record_outcome(item, receipt_for(sealed, Outcome.PARKED))
        event = FeedEvent(
            7, sealed.id, sealed.hash, "released", None, None, "2023-12-03T08:00:00Z"
        )
        outbox.record_statuses([event, event._replace(id="other", position=8)], 8)
        after = reopened()
        record = after.get(sealed.id)
        assert record is not None
        assert (record.status, record.code) == ("released", None)
        assert record.state is OutboxState.DELIVERED
        assert after.status_cursor() == 8
        after.record_statuses([], 5)
        assert after.status_cursor() == 8

    def test_photographs_follow_their_record(
        self, outbox: Outbox, device: Device, photograph: Photograph
    ) -> None:
        """QFieldCloud#468: "1 of 2 photos", counted."""
        one, other = photograph(b"one"), photograph(b"other")
        sealed = saved(outbox, device, one, other)
        assert outbox.blobs_pending(10) == []
        outbox.record_outcome(answer(sealed), receipt_for(sealed))
        pending = outbox.blobs_pending(10)
        assert {blob.sha256 for blob in pending} == {one.sha256, other.sha256}
        named_by = {(blob.record_id, blob.device_id) for blob in pending}
        assert named_by == {(sealed.id, sealed.device_id)}
        hand_over(outbox, one)
        assert [blob.sha256 for blob in outbox.blobs_pending(10)] == [other.sha256]
        assert outbox.blob_counts(sealed.id) == (1, 2)

    def test_a_photograph_named_twice_is_sent_once(
        self, outbox: Outbox, device: Device, photograph: Photograph
    ) -> None:
        """central-backend#299, #330: the same content twice failed."""
        blob = photograph(b"same")
        records = [saved(outbox, device, blob), saved(outbox, device, blob)]
        for position, sealed in enumerate(records, start=1):
            outbox.record_outcome(
                answer(sealed), receipt_for(sealed, position=position)
            )
        assert len(outbox.blobs_pending(10)) == 1
        hand_over(outbox, blob)
        assert [outbox.blob_counts(sealed.id) for sealed in records] == [(1, 1)] * 2

    def test_a_new_epoch_asks_for_the_photographs_again(
        self, outbox: Outbox, device: Device, photograph: Photograph
    ) -> None:
        outbox.reopen(1)
        sealed = saved(outbox, device, blob := photograph(b"one"))
        outbox.record_outcome(answer(sealed), receipt_for(sealed))
        hand_over(outbox, blob)
        outbox.reopen(2)
        assert outbox.blob_counts(sealed.id) == (0, 1)
        outbox.record_outcome(answer(sealed), receipt_for(sealed, epoch=2))
        assert [item.sha256 for item in outbox.blobs_pending(10)] == [blob.sha256]
