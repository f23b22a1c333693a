"""Drawn histories of a few devices, with everything in them that goes wrong.

Conflicts, cloned outboxes, gaps, early and foreign amendments, withdrawals,
rings of amendments, schema faults; then revoked and recovered devices and
rulings; and any way to deliver all that: any order, cut and repetition.
"""

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any, NamedTuple, Protocol

from contract import ledger_rules
from contract.ledger_rules import Delivered
from contract.sealing import NOW, Device, record_id
from hypothesis import strategies as st

from geo.errors import Message
from schemas.errors import Fault
from sync.ingest import Candidate, IngestResult, ingest, reconsider
from sync.ledger_port import (
    DeviceStanding,
    DeviceState,
    Held,
    LedgerTransaction,
    RecordRuling,
    StatusEvent,
)
from sync.record import OpenedRecord
from sync.versions import VersionStatus, current_versions

FAULT = Fault("goods[0]", "too-long", Message("过长", "Too long"))
UNITS = {"a1": "360734", "a2": "360734", "b1": "360733"}
STRANGE_UNIT = "360799"


class LedgerRig(Protocol):
    """An empty ledger, and what officials do to it; made by the implementer."""

    def transaction(self) -> AbstractContextManager[LedgerTransaction]:
        """Commit at the end of the block, roll back if it raises."""

    def set_device(self, device: DeviceStanding) -> None: ...
    def rule(self, position: int, ruling: RecordRuling) -> None: ...
    def resolve(self, version_id: str, child_id: str) -> None: ...
    def rows(self) -> list[Held]: ...
    def events(self) -> list[StatusEvent]: ...


class Step(NamedTuple):
    """What one device does next."""

    device: str
    action: str
    target: int
    id_from_pool: int | None
    then: str


_steps = st.builds(
    Step,
    st.sampled_from(["a1", "a1", "a1", "a2", "b1"]),
    st.sampled_from(["observe"] * 4 + ["amend"] * 5 + ["withdraw", "foreign", "fault"]),
    st.sampled_from([0, 0, 0, 1, 1, 2, 3, 5, 8]),
    st.sampled_from([None] * 6 + [0, 1, 2]),
    st.sampled_from(["on"] * 4 + ["skip", "clone", "switch", "switch"]),
)


class History:
    """The records that some steps made; what was skipped is not among them."""

    def __init__(self, steps: list[Step]) -> None:
        self.records: list[OpenedRecord] = []
        self.faulty: set[str] = set()
        copies = {name: [Device(name, unit)] for name, unit in UNITS.items()}
        for step in steps:
            outboxes = copies[step.device]
            self.records.append(self._act(outboxes[0], step))
            if step.then == "skip":
                outboxes[0].skip()
            elif step.then == "clone":
                outboxes.append(outboxes[0].clone())
            elif step.then == "switch":
                outboxes.append(outboxes.pop(0))
                outboxes[0].skip() if step.target == 5 else None

    def _act(self, device: Device, step: Step) -> OpenedRecord:
        target = self._target(step.target)
        id_ = None if step.id_from_pool is None else record_id(step.id_from_pool)
        id_ = None if id_ == target else id_
        if step.action == "amend":
            return device.amend(target, id_)
        if step.action == "withdraw":
            return device.withdraw(target, id_)
        if step.action == "foreign":
            return device.observe(id_, unit_code=STRANGE_UNIT)
        record = device.observe(id_)
        if step.action == "fault":
            self.faulty.add(record.hash)
        return record

    def _target(self, number: int) -> str:
        """The id of the newest record but `number`, or one that may yet come."""
        if number >= len(self.records):
            return record_id(number % 3)
        return self.records[-1 - number].id

    def candidate(self, index: int) -> Candidate:
        record = self.records[index]
        return Candidate(record, fault=FAULT if record.hash in self.faulty else None)

    def fault(self, record: OpenedRecord) -> str | None:
        if record.hash in self.faulty:
            return "schema-fault"
        body = (record.payload or {})["body"]
        return "foreign-unit" if body.get("unit_code") == STRANGE_UNIT else None


class Course(NamedTuple):
    """A history, when the devices' states changed, and what was ruled."""

    history: History
    before: list[int]
    after: list[int]
    devices: dict[str, DeviceStanding]
    rulings: dict[str, RecordRuling]

    def at_first(self) -> "Course":
        """As things stand before anything happens to the devices."""
        active = {n: DeviceStanding(n, unit) for n, unit in UNITS.items()}
        return self._replace(after=[], devices=active, rulings={})

    def delivered(self) -> list[Delivered]:
        return [
            Delivered(
                self.history.records[index],
                self.history.fault(self.history.records[index]),
                index in self.after and self._is_revoked(index),
                self.rulings.get(self.history.records[index].hash),
            )
            for index in self.before + self.after
        ]

    def _is_revoked(self, index: int) -> bool:
        device_id = self.history.records[index].device_id
        return self.devices[device_id].state is DeviceState.REVOKED


@st.composite
def courses(draw: st.DrawFn, max_size: int = 16) -> Course:
    history = History(draw(st.lists(_steps, min_size=1, max_size=max_size)))
    indices = list(range(len(history.records)))
    late_from = draw(st.integers(0, len(indices)))
    late = {index for index in indices if index >= late_from}
    late ^= set(draw(st.lists(st.sampled_from(indices), max_size=3)))
    ruled = draw(st.lists(st.sampled_from(history.records), max_size=2))
    rulings = {record.hash: draw(st.sampled_from(RecordRuling)) for record in ruled}
    devices = {name: _state(draw, history, name, unit) for name, unit in UNITS.items()}
    before = [index for index in indices if index not in late]
    return Course(history, before, sorted(late), devices, rulings)


def _state(draw: st.DrawFn, history: History, name: str, unit: str) -> DeviceStanding:
    kinds = ["active"] * 5 + ["revoked", "trusted", "trusted", "recovered"]
    kind = draw(st.sampled_from(kinds))
    own = [record for record in history.records if record.device_id == name]
    if kind == "trusted" and own:
        last = draw(st.sampled_from(own))
        return DeviceStanding(name, unit, DeviceState.REVOKED, last.seq, last.hash)
    if kind == "recovered":
        return DeviceStanding(name, unit, DeviceState.RECOVERED)
    state = DeviceState.ACTIVE if kind == "active" else DeviceState.REVOKED
    return DeviceStanding(name, unit, state)


def _batches(draw: Callable[..., Any], indices: list[int]) -> list[list[int]]:
    """Any order of `indices`, some of them twice, cut anywhere."""
    if not indices:
        return []
    again = draw(st.lists(st.sampled_from(indices), max_size=3))
    order = draw(st.permutations(indices + again))
    manner = draw(st.sampled_from(["whole", "singly", "backwards", "cut"]))
    if manner == "whole":
        return [order]
    if manner == "singly":
        return [[index] for index in order]
    if manner == "backwards":
        return [[index] for index in sorted(order, reverse=True)]
    size = draw(st.integers(2, 5))
    return [order[start : start + size] for start in range(0, len(order), size)]


def run(draw: Callable[..., Any], course: Course, rig: LedgerRig) -> None:
    """Deliver, change devices, deliver the rest, rule; compare after each step."""
    projected: dict[str, tuple[str | None, str]] = {}

    def follow(result: IngestResult) -> None:
        for version in result.currents:
            projected[version.root_id] = version.version_hash, version.status

    def deliver(indices: list[int]) -> None:
        for batch in _batches(draw, indices):
            candidates = [course.history.candidate(index) for index in batch]
            with rig.transaction() as ledger:
                follow(ingest(candidates, ledger, now=NOW, receipt_id="r"))

    for name, unit in UNITS.items():
        rig.set_device(DeviceStanding(name, unit))
    deliver(course.before)
    require_as_by_the_rules(course.at_first(), rig, projected)
    forks = _forks(rig)
    for name, device in course.devices.items():
        rig.set_device(device._replace(fork_from_seq=forks[name]))
    with rig.transaction() as ledger:
        follow(reconsider(ledger, now=NOW, device_ids=list(UNITS)))
    deliver(course.after)
    require_as_by_the_rules(course._replace(rulings={}), rig, projected)
    for digest in draw(st.permutations(sorted(course.rulings))):
        row = next(row for row in rig.rows() if row.hash == digest)
        rig.rule(row.position, course.rulings[digest])
        with rig.transaction() as ledger:
            follow(reconsider(ledger, now=NOW, record_ids=[row.id]))
    require_as_by_the_rules(course, rig, projected)


def _forks(rig: LedgerRig) -> dict[str, int | None]:
    with rig.transaction() as ledger:
        devices = ledger.devices(list(UNITS))
    return {name: device.fork_from_seq for name, device in devices.items()}


def require_as_by_the_rules(
    course: Course, rig: LedgerRig, projected: dict[str, tuple[str | None, str]]
) -> None:
    delivered = course.delivered()
    expected = ledger_rules.standings(delivered, course.devices)
    rows = rig.rows()
    assert len(rows) == len(expected), "each record once"
    stood = {row.hash: (row.standing, row.code, row.root_id) for row in rows}
    assert stood == expected
    with rig.transaction() as ledger:
        currents = current_versions(ledger, {row.id for row in rows})
    assert _forks(rig) == ledger_rules.fork_points(delivered, course.devices)
    counted = {
        version.root_id: (version.version_hash, version.status)
        for version in currents
        if version.status is not VersionStatus.UNCOUNTED
    }
    assert counted == ledger_rules.current_hashes(delivered, expected)
    uncounted = VersionStatus.UNCOUNTED
    projected = {r: now for r, now in projected.items() if now[1] != uncounted}
    assert projected == counted, "what was told to be projected is what holds"
    positions = [row.position for row in rows]
    positions += [event.position for event in rig.events()]
    assert sorted(positions) == list(range(1, len(positions) + 1))
