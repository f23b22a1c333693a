"""How records stand among each other; part of `LedgerContract`."""

import pytest
from contract.histories import FAULT, LedgerRig
from contract.pushing import (
    outcomes,
    push,
    push_and_be_killed,
    push_candidates,
    standing,
)
from contract.sealing import Device, record_id

from sync.ingest import Candidate
from sync.outcome import Outcome, Standing
from sync.versions import VersionStatus, current_versions


class RecordRules:
    """Replays, conflicts, forks, gaps, early amendments, versions."""

    def test_a_new_record_is_stored_with_position_and_time(
        self, rig: LedgerRig, device: Device
    ) -> None:
        record = device.observe()
        (item,) = push(rig, record).items
        assert item.outcome is Outcome.STORED
        assert (item.id, item.hash, item.position) == (record.id, record.hash, 1)
        assert item.received_at == "2023-12-03T08:00:00.000Z"
        assert standing(rig, record) == Standing.STORED

    def test_a_repeat_returns_the_first_receipt(
        self, rig: LedgerRig, device: Device
    ) -> None:
        """The reply is lost after the commit (MerginMaps/mobile#3642)."""
        record = device.observe()
        first = push(rig, record, receipt_id="first").items[0]
        again = push(rig, record, receipt_id="second").items[0]
        assert again.outcome is Outcome.REPLAYED
        assert again.receipt_id == "first"
        assert again[6:8] == first[6:8]
        assert len(rig.rows()) == 1

    def test_a_duplicate_in_one_batch_is_a_replay(
        self, rig: LedgerRig, device: Device
    ) -> None:
        record = device.observe()
        items = push(rig, record, record).items
        assert outcomes(items) == ["stored", "replayed"]
        assert items[0].receipt_id == items[1].receipt_id
        assert len(rig.rows()) == 1

    def test_one_id_with_two_contents_is_a_conflict_and_neither_counts(
        self, rig: LedgerRig, device: Device
    ) -> None:
        """enketo#1405, collect#5317: both bodies are kept."""
        first = device.observe(record_id(1), note="one")
        second = device.observe(record_id(1), note="other")
        push(rig, first)
        result = push(rig, second)
        assert outcomes(result.items) == ["conflict"]
        assert standing(rig, first) == standing(rig, second) == Standing.CONFLICT
        assert [current.status for current in result.currents] == [
            VersionStatus.UNCOUNTED
        ]
        assert [event.status for event in rig.events()] == ["conflict"]

    def test_a_cloned_outbox_forks_from_the_first_record_that_differs(
        self, rig: LedgerRig, device: Device
    ) -> None:
        shared = device.observe()
        clone = device.clone()
        own, later, cloned = device.observe(), device.observe(), clone.observe()
        push(rig, shared, own, later)
        result = push(rig, cloned)
        assert outcomes(result.items) == ["fork"]
        assert result.forks == {"d1": 2}
        assert standing(rig, shared) == Standing.STORED
        assert {standing(rig, r) for r in (own, later, cloned)} == {Standing.FORK}
        assert outcomes(push(rig, device.observe()).items) == ["fork"]

    def test_a_fork_is_seen_by_the_predecessor_alone(
        self, rig: LedgerRig, device: Device
    ) -> None:
        clone = device.clone()
        own = device.observe()
        clone.skip()
        cloned = clone.observe()
        push(rig, own)
        assert push(rig, cloned).forks == {"d1": 1}
        assert standing(rig, own) == Standing.FORK

    def test_a_gap_neither_parks_nor_blocks(
        self, rig: LedgerRig, device: Device
    ) -> None:
        first = device.observe()
        missing, third = device.observe(), device.observe()
        assert outcomes(push(rig, third, first).items) == ["stored", "stored"]
        assert outcomes(push(rig, missing).items) == ["stored"]

    def test_an_amendment_before_its_target_is_parked_and_released(
        self, rig: LedgerRig, device: Device
    ) -> None:
        """central#669, #805: early edits wait in sight, never forced."""
        target = device.observe()
        amendment = device.amend(target)
        second = device.amend(amendment)
        assert outcomes(push(rig, second, amendment).items) == ["parked", "parked"]
        result = push(rig, target)
        assert {standing(rig, r) for r in (target, amendment, second)} == {
            Standing.STORED
        }
        assert result.currents[0].version_hash == second.hash
        assert [event.status for event in rig.events()] == ["released"] * 2

    def test_a_replay_tells_how_the_record_stands_now(
        self, rig: LedgerRig, device: Device
    ) -> None:
        target = device.observe()
        amendment = device.amend(target)
        push(rig, amendment)
        push(rig, target)
        (item,) = push(rig, amendment).items
        assert (item.outcome, item.standing) == (Outcome.REPLAYED, Standing.STORED)

    def test_two_amendments_of_one_version_dispute_it_until_a_ruling(
        self, rig: LedgerRig, device: Device
    ) -> None:
        target = device.observe()
        one, other = device.amend(target), device.amend(target)
        result = push(rig, target, one, other)
        (current,) = result.currents
        assert (current.version_hash, current.status, current.counts) == (
            target.hash,
            VersionStatus.DISPUTED,
            True,
        )
        rig.resolve(target.id, other.id)
        with rig.transaction() as ledger:
            (current,) = current_versions(ledger, [target.id])
        assert (current.version_hash, current.status) == (other.hash, "current")

    def test_a_withdrawal_ends_the_count_and_amending_it_takes_it_back(
        self, rig: LedgerRig, device: Device
    ) -> None:
        target = device.observe()
        withdrawal = device.withdraw(target)
        (current,) = push(rig, target, withdrawal).currents
        assert (current.version_hash, current.status, current.counts) == (
            target.hash,
            VersionStatus.WITHDRAWN,
            False,
        )
        back = device.amend(withdrawal)
        (current,) = push(rig, back).currents
        assert (current.version_hash, current.counts) == (back.hash, True)

    def test_one_bad_record_among_500_blocks_no_other(
        self, rig: LedgerRig, device: Device
    ) -> None:
        """enketo#1226, QField#3068: and wiping all was the only cure."""
        candidates = [Candidate(device.observe()) for _ in range(500)]
        candidates[250] = candidates[250]._replace(fault=FAULT)
        candidates[251] = candidates[251]._replace(refusal="bad-signature")
        items = push_candidates(rig, candidates).items
        assert outcomes(items[250:252]) == ["quarantined", "refused"]
        assert (items[250].field, items[250].reason) == (FAULT.field, FAULT.message)
        assert items[251].reason is not None
        assert items[251].position is None
        assert set(outcomes(items[:250] + items[252:])) == {"stored"}

    def test_every_change_of_standing_is_an_event_at_the_next_position(
        self, rig: LedgerRig, device: Device
    ) -> None:
        target = device.observe()
        push(rig, device.amend(target))
        push(rig, target)
        (event,) = rig.events()
        assert [row.position for row in rig.rows()] == [1, 2]
        assert (event.position, event.record_position) == (3, 1)

    def test_what_fails_leaves_nothing(self, rig: LedgerRig, device: Device) -> None:
        with pytest.raises(RuntimeError, match="killed"):
            push_and_be_killed(rig, device.observe())
        assert rig.rows() == []
        assert push(rig, device.observe()).items[0].position == 1
