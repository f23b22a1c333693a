"""Whose records count: units, devices, rulings; part of `LedgerContract`."""

from contract.histories import LedgerRig
from contract.pushing import (
    GANXIAN,
    XUNWU,
    code,
    enrolled,
    outcomes,
    push,
    revoke,
    rule,
    standing,
)
from contract.sealing import NOW, Device, record_id

from sync.ingest import reconsider
from sync.ledger_port import DeviceState, RecordRuling
from sync.outcome import Outcome, Standing


class TrustRules:
    """Foreign units, revoked, recovered and unknown devices, rulings on records."""

    def test_rejecting_one_side_of_a_conflict_lets_the_other_count(
        self, rig: LedgerRig, device: Device
    ) -> None:
        first = device.observe(record_id(1), note="one")
        second = device.observe(record_id(1), note="other")
        push(rig, first, second)
        result = rule(rig, second, RecordRuling.REJECT)
        assert standing(rig, first) == Standing.STORED
        assert standing(rig, second) == Standing.QUARANTINED
        assert [current.version_hash for current in result.currents] == [first.hash]

    def test_a_foreign_unit_is_quarantined(
        self, rig: LedgerRig, device: Device
    ) -> None:
        (item,) = push(rig, device.observe(unit_code=GANXIAN)).items
        assert (item.outcome, item.code, item.field) == (
            Outcome.QUARANTINED,
            "foreign-unit",
            "unit_code",
        )

    def test_an_amendment_of_another_units_record_is_quarantined(
        self, rig: LedgerRig, device: Device
    ) -> None:
        other = enrolled(rig, Device("d2", GANXIAN))
        target = device.observe()
        amendment = other.amend(target)
        assert outcomes(push(rig, amendment).items) == ["parked"]
        push(rig, target)
        assert standing(rig, amendment) == Standing.QUARANTINED
        assert code(rig, amendment) == "target-of-other-unit"

    def test_an_amendment_from_another_device_of_the_unit_counts(
        self, rig: LedgerRig, device: Device
    ) -> None:
        other = enrolled(rig, Device("d2", XUNWU))
        target = device.observe()
        assert outcomes(push(rig, target, other.amend(target)).items) == ["stored"] * 2

    def test_a_revoked_device_keeps_what_was_held_and_sets_aside_the_rest(
        self, rig: LedgerRig, device: Device
    ) -> None:
        """Cadasta#1036: checked at submission; not lost."""
        held, later = device.observe(), device.observe()
        push(rig, held)
        revoke(rig, device)
        (item,) = push(rig, later).items
        assert (item.outcome, item.code) == (Outcome.QUARANTINED, "device-revoked")
        assert standing(rig, held) == Standing.STORED

    def test_of_a_revoked_device_only_ancestors_of_the_trusted_record_count(
        self, rig: LedgerRig, device: Device
    ) -> None:
        first, second = device.observe(), device.observe()
        thief = device.clone()
        third, stolen = device.observe(), thief.observe()
        late = device.observe()
        push(rig, first, stolen)
        revoke(rig, device, third)
        assert standing(rig, stolen) == Standing.QUARANTINED
        assert outcomes(push(rig, second).items) == ["quarantined"], "not proven yet"
        assert outcomes(push(rig, third, late).items) == ["stored", "quarantined"]
        assert {standing(rig, r) for r in (first, second, third)} == {Standing.STORED}
        assert code(rig, stolen) == code(rig, late) == "device-revoked"

    def test_a_recovered_device_waits_until_it_is_confirmed(
        self, rig: LedgerRig, device: Device
    ) -> None:
        rig.set_device(device.standing._replace(state=DeviceState.RECOVERED))
        record = device.observe()
        (item,) = push(rig, record).items
        assert (item.outcome, item.code) == (Outcome.QUARANTINED, "device-unknown")
        rig.set_device(device.standing)
        with rig.transaction() as ledger:
            result = reconsider(ledger, now=NOW, device_ids=[device.device_id])
        assert [current.version_hash for current in result.currents] == [record.hash]

    def test_of_an_unknown_device_nothing_is_kept(self, rig: LedgerRig) -> None:
        (item,) = push(rig, Device("stranger").observe()).items
        assert (item.outcome, item.code) == (Outcome.REFUSED, "unknown-device")
        assert rig.rows() == []

    def test_rejecting_the_cloned_record_lifts_the_fork(
        self, rig: LedgerRig, device: Device
    ) -> None:
        clone = device.clone()
        own, cloned = device.observe(), clone.observe()
        push(rig, own, cloned)
        assert standing(rig, own) == Standing.FORK
        assert rule(rig, cloned, RecordRuling.REJECT).forks == {"d1": None}
        assert standing(rig, own) == Standing.STORED
        assert outcomes(push(rig, device.observe()).items) == ["stored"]

    def test_accepting_both_sides_of_a_conflict_lets_neither_count(
        self, rig: LedgerRig, device: Device
    ) -> None:
        first = device.observe(record_id(1), note="one")
        second = device.observe(record_id(1), note="other")
        push(rig, first, second)
        rule(rig, first, RecordRuling.ACCEPT)
        assert standing(rig, first) == Standing.STORED
        assert standing(rig, second) == Standing.CONFLICT
        rule(rig, second, RecordRuling.ACCEPT)
        assert standing(rig, first) == standing(rig, second) == Standing.CONFLICT

    def test_an_accepted_record_counts(self, rig: LedgerRig, device: Device) -> None:
        record = device.observe(unit_code=GANXIAN)
        push(rig, record)
        result = rule(rig, record, RecordRuling.ACCEPT)
        assert standing(rig, record) == Standing.STORED
        assert [current.version_hash for current in result.currents] == [record.hash]

    def test_a_revoked_units_thief_cannot_put_a_genuine_record_in_conflict(
        self, rig: LedgerRig, device: Device
    ) -> None:
        genuine = device.observe()
        thief = enrolled(rig, Device("d2", XUNWU))
        revoke(rig, thief)
        assert outcomes(push(rig, thief.observe(genuine.id), genuine).items) == [
            "quarantined",
            "stored",
        ]
