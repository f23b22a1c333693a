"""Decide how records stand that arrived, or that have to be looked at again.

Loads, by sets, just what the rules of ``sync.standing`` can be touched by:
for a straight batch of a healthy device one neighbourhood of the chain, one
set of ids and one of children.
"""

from collections.abc import Collection, Iterable, Mapping
from typing import NamedTuple

from sync.ledger_port import DeviceStanding, DeviceState, Held, LedgerTransaction
from sync.ledger_port import RecordRuling as Ruling
from sync.outcome import Standing
from sync.standing import (
    DEVICE_REVOKED,
    Settled,
    contests_id,
    fork_point,
    own_block,
    settle_amendments,
    takes_part_in_chain,
    untrusted_hashes,
    waits_for_target_only,
)


class Decisions(NamedTuple):
    """How every record stands that was touched.

    `arrived` holds the new ones, by hash; `changed` the kept ones whose
    standing is another now; `forks` the devices whose fork point moved.
    """

    arrived: Mapping[str, Settled]
    changed: list[tuple[Held, Settled]]
    forks: Mapping[str, int | None]


class _Work:
    """The part of the ledger that one decision touches.

    `judged_devices` are those of whose records is known here and now which
    are `untrusted`; of the others their code tells it.
    """

    def __init__(
        self, ledger: LedgerTransaction, devices: Mapping[str, DeviceStanding]
    ) -> None:
        self.ledger = ledger
        self.devices = dict(devices)
        self.touched: dict[str, Held] = {}
        self.untrusted: set[str] = set()
        self.judged_devices: set[str] = set()
        self.forks: dict[str, int | None] = {}

    def is_untrusted(self, row: Held) -> bool:
        if row.device_id in self.judged_devices:
            return row.hash in self.untrusted
        return row.code == DEVICE_REVOKED

    def fork_from_seq(self, device_id: str) -> int | None:
        if device_id in self.forks:
            return self.forks[device_id]
        return self.devices[device_id].fork_from_seq

    def touch(self, rows: Iterable[Held]) -> None:
        for row in rows:
            self.touched.setdefault(row.hash, row)


def decide(
    ledger: LedgerTransaction,
    devices: Mapping[str, DeviceStanding],
    arrived: Mapping[str, Held],
    known: Iterable[Held],
    *,
    again: Iterable[Held] = (),
    whole_devices: Collection[str] = (),
) -> Decisions:
    """Return how `arrived` records stand, and which kept ones stand otherwise now.

    Parameters
    ----------
    devices : Mapping
        The devices of `arrived` and `whole_devices`, as they stand now.
    arrived : Mapping
        New records by hash, not in the ledger yet.
    known : Iterable of Held
        Every kept record with the id of an arrived one, or that one amends.
    again : Iterable of Held
        Kept records to look at again, since a ruling was made on them.
    whole_devices : Collection
        Devices to look at again from their first record on.
    """
    work = _Work(ledger, devices)
    known = list(known)
    arrived_ids = {row.id for row in arrived.values()}
    _judge_chains(work, arrived, whole_devices)
    work.touch(again)
    work.touch(row for row in known if row.id in arrived_ids)
    _load_same_ids(work, arrived_ids)
    blocks = _own_blocks(work, [*arrived.values(), *work.touched.values()])
    settled = _settle(work, arrived, known, blocks)
    return Decisions(
        {digest: settled[digest] for digest in arrived},
        [
            (row, settled[row.hash])
            for row in work.touched.values()
            if settled[row.hash] != (row.standing, row.code, row.root_id)
        ],
        work.forks,
    )


def _judge_chains(
    work: _Work, arrived: Mapping[str, Held], whole_devices: Collection[str]
) -> None:
    by_device: dict[str, list[Held]] = {device_id: [] for device_id in whole_devices}
    for row in arrived.values():
        by_device.setdefault(row.device_id, []).append(row)
    for device_id, rows in by_device.items():
        device = work.devices[device_id]
        is_revoked = device.state is DeviceState.REVOKED
        if is_revoked or device_id in whole_devices:
            _judge_whole_chain(work, device, rows)
        else:
            _judge_neighbourhood(work, device, rows)


def _judge_whole_chain(work: _Work, device: DeviceStanding, rows: list[Held]) -> None:
    held = list(work.ledger.held_of_device(device.device_id, 0))
    everything = held + rows
    untrusted = untrusted_hashes(everything, device)
    work.untrusted |= untrusted
    work.judged_devices.add(device.device_id)
    work.touch(held)
    point = fork_point(
        row for row in everything if takes_part_in_chain(row, row.hash in untrusted)
    )
    if point != device.fork_from_seq:
        work.forks[device.device_id] = point


def _judge_neighbourhood(work: _Work, device: DeviceStanding, rows: list[Held]) -> None:
    """Look at the seqs beside the new ones only: the fork point can but sink."""
    device_id, known_fork = device.device_id, device.fork_from_seq
    work.judged_devices.add(device_id)
    seqs = {row.seq for row in rows if row.seq is not None}
    beside = seqs | {seq - 1 for seq in seqs} | {seq + 1 for seq in seqs}
    neighbours = work.ledger.held_by_seqs(device_id, beside) if seqs else ()
    point = fork_point(
        [*rows, *(row for row in neighbours if takes_part_in_chain(row, False))]
    )
    if point is not None and (known_fork is None or point < known_fork):
        work.forks[device_id] = point
        work.touch(work.ledger.held_of_device(device_id, point))


def _load_same_ids(work: _Work, loaded_ids: Collection[str]) -> None:
    """Touch what shares an id with something touched: a conflict may begin or end."""
    ids = {row.id for row in work.touched.values()}.difference(loaded_ids)
    if ids:
        work.touch(work.ledger.held_by_ids(ids))
    strangers = {row.device_id for row in work.touched.values()} - work.devices.keys()
    if strangers:
        work.devices.update(work.ledger.devices(strangers))


def _own_blocks(
    work: _Work, rows: list[Held]
) -> dict[str, tuple[Standing, str] | None]:
    contestants: dict[str, int] = {}
    accepted: dict[str, int] = {}
    untrusted = {row.hash for row in rows if work.is_untrusted(row)}
    for row in rows:
        if contests_id(row, row.hash in untrusted):
            contestants[row.id] = contestants.get(row.id, 0) + 1
        if row.ruling is Ruling.ACCEPT:
            accepted[row.id] = accepted.get(row.id, 0) + 1
    blocks = {}
    for row in rows:
        block = own_block(
            row,
            work.devices[row.device_id],
            is_untrusted=row.hash in untrusted,
            is_contested=contestants.get(row.id, 0) > 1,
            fork_from_seq=work.fork_from_seq(row.device_id),
        )
        if block is None and accepted and accepted.get(row.id, 0) > 1:
            block = Standing.CONFLICT, "same-id-other-content"
        blocks[row.hash] = block
    return blocks


def _settle(
    work: _Work,
    arrived: Mapping[str, Held],
    known: list[Held],
    blocks: Mapping[str, tuple[Standing, str] | None],
) -> dict[str, Settled]:
    settled: dict[str, Settled] = {}
    stored: dict[str, tuple[str, str]] = {}
    amendments: list[Held] = []
    open_ids: set[str] = set()
    for row in (*arrived.values(), *work.touched.values()):
        open_ids.add(row.id)
        block = blocks[row.hash]
        if block is not None:
            root_id = row.id if row.kind == "observation" else None
            settled[row.hash] = Settled(*block, root_id)
        elif row.kind == "observation":
            settled[row.hash] = Settled(Standing.STORED, None, row.id)
            stored[row.id] = row.unit_code, row.id
        else:
            amendments.append(row)
    descendants = _descendants(work, open_ids)
    amendments += descendants
    open_ids.update(row.id for row in descendants)
    _load_targets(work, amendments, open_ids, known, stored)
    work.touch(descendants)
    settled.update(settle_amendments(amendments, stored))
    return settled


def _descendants(work: _Work, ids: Collection[str]) -> list[Held]:
    """Return the kept records that wait for, or rest on, any of `ids`, however far."""
    found: dict[str, Held] = {}
    frontier, seen = set(ids), set(ids)
    while frontier:
        for child in work.ledger.children_of(frontier):
            if child.hash not in work.touched and waits_for_target_only(child):
                found[child.hash] = child
        frontier = {row.id for row in found.values()} - seen
        seen |= frontier
    return list(found.values())


def _load_targets(
    work: _Work,
    amendments: list[Held],
    open_ids: Collection[str],
    known: Iterable[Held],
    stored: dict[str, tuple[str, str]],
) -> None:
    """Add to `stored` the targets that count and are not in question here."""
    known = list(known)
    loaded = {row.id for row in known}
    targets = {row.amends for row in amendments if row.amends is not None}
    unloaded = targets.difference(open_ids, loaded)
    if unloaded:
        known += work.ledger.held_by_ids(unloaded)
    for row in known:
        if row.id not in open_ids and row.standing is Standing.STORED and row.root_id:
            stored[row.id] = row.unit_code, row.root_id
