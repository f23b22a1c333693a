"""What each method of a ledger's port returns. Part of `LedgerContract`."""

from collections.abc import Iterable

from contract.histories import LedgerRig
from contract.pushing import enrolled, push
from contract.sealing import Device

from sync.ledger_port import Held


class LedgerPortRules:
    """Sets in, exactly those rows out; as written, so read."""

    def test_rows_are_read_as_they_were_written(
        self, rig: LedgerRig, device: Device
    ) -> None:
        record = device.observe(unit_code="360704")
        kept = push(rig, record).kept[0].row
        with rig.transaction() as ledger:
            assert list(ledger.held_by_ids([record.id])) == [kept]
        assert rig.rows() == [kept]

    def test_seqs_find_exactly_their_records(
        self, rig: LedgerRig, device: Device
    ) -> None:
        enrolled(rig, other := Device("d2"))
        records = [device.observe() for _ in range(40)]
        push(rig, *records, *(other.observe() for _ in range(40)))
        with rig.transaction() as ledger:
            assert seqs(ledger.held_by_seqs("d1", {2, 3, 4})) == [2, 3, 4]
            assert seqs(ledger.held_by_seqs("d1", {0, 1, 39, 99})) == [1, 39]
            assert seqs(ledger.held_of_device("d1", 38)) == [38, 39, 40]
            assert len(list(ledger.held_of_device("d1", 0))) == 40

    def test_children_are_found_in_whatever_standing(
        self, rig: LedgerRig, device: Device
    ) -> None:
        target = device.observe()
        child = device.amend(target)
        push(rig, child)
        with rig.transaction() as ledger:
            assert hashes(ledger.children_of([target.id])) == {child.hash}
            assert hashes(ledger.tree_of([target.id])) == set()
        push(rig, target)
        with rig.transaction() as ledger:
            assert hashes(ledger.children_of([target.id])) == {child.hash}
            assert hashes(ledger.tree_of([target.id])) == {target.hash, child.hash}

    def test_sets_may_be_larger_than_a_statement_has_room_for(
        self, rig: LedgerRig, device: Device
    ) -> None:
        """SQLite binds 32,766 values at most, PostgreSQL 65,535."""
        record = device.observe()
        push(rig, record)
        many = {f"018c0000-0000-7000-9000-{n:012x}" for n in range(70_000)}
        with rig.transaction() as ledger:
            assert hashes(ledger.held_by_ids(many | {record.id})) == {record.hash}

    def test_of_empty_sets_nothing_is_found(self, rig: LedgerRig) -> None:
        with rig.transaction() as ledger:
            assert list(ledger.held_by_ids(())) == []
            assert list(ledger.held_by_seqs("d1", ())) == []
            assert list(ledger.children_of(())) == []
            assert list(ledger.tree_of(())) == []
            assert dict(ledger.devices(())) == {}
            assert dict(ledger.resolutions(())) == {}

    def test_positions_are_consecutive_across_transactions(
        self, rig: LedgerRig
    ) -> None:
        with rig.transaction() as ledger:
            assert (ledger.next_positions(3), ledger.next_positions(1)) == (1, 4)
        with rig.transaction() as ledger:
            assert ledger.next_positions(1) == 5

    def test_a_fork_is_noted_and_lifted(self, rig: LedgerRig, device: Device) -> None:
        for from_seq in (7, None):
            with rig.transaction() as ledger:
                ledger.set_fork("d1", from_seq)
            assert fork(rig) == from_seq


def fork(rig: LedgerRig) -> int | None:
    with rig.transaction() as ledger:
        return ledger.devices(["d1"])["d1"].fork_from_seq


def seqs(rows: Iterable[Held]) -> list[int]:
    return sorted(row.seq for row in rows if row.seq is not None)


def hashes(rows: Iterable[Held]) -> set[str]:
    return {row.hash for row in rows}
