"""Pushes and what becomes of them, by name: a ledger in any language must agree.

Each scenario names the devices, the batches in their order, and how every
record stands at the end. The same are written out as ``sync/vectors/decide.json``.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from contract.histories import FAULT
from contract.sealing import Device, record_id

from sync.ingest import Candidate
from sync.record import OpenedRecord

XUNWU, GANXIAN = "360734", "360704"


@dataclass
class Scenario:
    """What is pushed, and the outcome that each item and record must have."""

    name: str
    devices: list[dict[str, Any]]
    records: dict[str, OpenedRecord]
    batches: list[list[str]]
    outcomes: list[list[str]]
    standings: dict[str, str]
    faulty: set[str] = field(default_factory=set)

    def candidates(self, batch: list[str]) -> list[Candidate]:
        return [
            Candidate(self.records[name], fault=FAULT if name in self.faulty else None)
            for name in batch
        ]

    def to_json(self) -> dict[str, Any]:
        return {
            "name": self.name,
            "devices": self.devices,
            "records": {name: r.compact for name, r in self.records.items()},
            "schema_faults": sorted(self.faulty),
            "batches": self.batches,
            "outcomes": self.outcomes,
            "standings": self.standings,
        }


def scenarios() -> Iterator[Scenario]:
    """Build every scenario, the same on every run."""
    for number, make in enumerate(_SCENARIOS):
        numbers = iter(range(1000 * (number + 1), 1000 * (number + 2)))
        yield make(_Maker(lambda numbers=numbers: record_id(next(numbers))))


class _Maker:
    """Devices with readable names and ids that are the same on every run."""

    def __init__(self, next_id: Callable[[], str]) -> None:
        self.next_id = next_id
        self.x = Device("device-x", XUNWU)
        self.y = Device("device-y", GANXIAN)

    def observe(self, device: Device, id: str | None = None, **body: Any) -> Any:
        return self._fixed(device).observe(id or self.next_id(), **body)

    def amend(self, device: Device, target: Any, **body: Any) -> Any:
        return self._fixed(device).amend(target, self.next_id(), **body)

    def withdraw(self, device: Device, target: Any) -> Any:
        return self._fixed(device).withdraw(target, self.next_id())

    @staticmethod
    def _fixed(device: Device) -> Device:
        device.uptime_ms = 60_000 + device.seq
        return device

    def scenario(self, **parts: Any) -> Scenario:
        devices = parts.pop("devices", [_active(self.x), _active(self.y)])
        return Scenario(devices=devices, **parts)


def _active(device: Device) -> dict[str, Any]:
    return {
        "device_id": device.device_id,
        "unit_code": device.unit_code,
        "jwk": device.key.public_jwk,
        "state": "active",
    }


def _replay(make: _Maker) -> Scenario:
    a = make.observe(make.x)
    return make.scenario(
        name="lost reply: a repeat is a replay, in the same batch too",
        records={"a": a},
        batches=[["a"], ["a", "a"]],
        outcomes=[["stored"], ["replayed", "replayed"]],
        standings={"a": "stored"},
    )


def _conflict(make: _Maker) -> Scenario:
    id_ = make.next_id()
    a, b = make.observe(make.x, id_, note="a"), make.observe(make.x, id_, note="b")
    c = make.amend(make.x, a)
    return make.scenario(
        name="same id, other content: a conflict, and what amended it waits",
        records={"a": a, "b": b, "c": c},
        batches=[["a", "c"], ["b"], ["a"]],
        outcomes=[["stored", "stored"], ["conflict"], ["replayed"]],
        standings={"a": "conflict", "b": "conflict", "c": "parked"},
    )


def _fork(make: _Maker) -> Scenario:
    shared = make.observe(make.x)
    clone = make.x.clone()
    own, later = make.observe(make.x), make.observe(make.x)
    cloned = make.observe(clone)
    return make.scenario(
        name="cloned outbox: everything from the fork on stands aside",
        records={"shared": shared, "own": own, "later": later, "cloned": cloned},
        batches=[["shared", "own", "later"], ["cloned"]],
        outcomes=[["stored", "stored", "stored"], ["fork"]],
        standings={
            "shared": "stored",
            "own": "fork",
            "later": "fork",
            "cloned": "fork",
        },
    )


def _gap(make: _Maker) -> Scenario:
    a, b, c = (make.observe(make.x) for _ in range(3))
    return make.scenario(
        name="gap and reorder: a missing predecessor holds nothing up",
        records={"a": a, "b": b, "c": c},
        batches=[["c"], ["a"], ["b"]],
        outcomes=[["stored"], ["stored"], ["stored"]],
        standings={"a": "stored", "b": "stored", "c": "stored"},
    )


def _early(make: _Maker) -> Scenario:
    a = make.observe(make.x)
    b = make.amend(make.x, a)
    c = make.withdraw(make.x, b)
    return make.scenario(
        name="amendment before its target: parked, released when it comes",
        records={"a": a, "b": b, "c": c},
        batches=[["c"], ["b"], ["a"]],
        outcomes=[["parked"], ["parked"], ["stored"]],
        standings={"a": "stored", "b": "stored", "c": "stored"},
    )


def _two_amendments(make: _Maker) -> Scenario:
    a = make.observe(make.x)
    b, c = make.amend(make.x, a, note="b"), make.amend(make.x, a, note="c")
    return make.scenario(
        name="two amendments of one version: both stored, the version disputed",
        records={"a": a, "b": b, "c": c},
        batches=[["a", "b", "c"]],
        outcomes=[["stored", "stored", "stored"]],
        standings={"a": "stored", "b": "stored", "c": "stored"},
    )


def _foreign(make: _Maker) -> Scenario:
    a = make.observe(make.x, unit_code=GANXIAN)
    b = make.observe(make.x)
    c = make.amend(make.y, b)
    return make.scenario(
        name="foreign unit: set aside, and so is an amendment from another unit",
        records={"a": a, "b": b, "c": c},
        batches=[["a", "b"], ["c"]],
        outcomes=[["quarantined", "stored"], ["quarantined"]],
        standings={"a": "quarantined", "b": "stored", "c": "quarantined"},
    )


def _schema_fault(make: _Maker) -> Scenario:
    a, bad, c = (make.observe(make.x) for _ in range(3))
    d = make.amend(make.x, bad)
    return make.scenario(
        name="one bad record: kept, set aside, and no other is held up",
        records={"a": a, "bad": bad, "c": c, "d": d},
        batches=[["a", "bad", "c", "d"]],
        outcomes=[["stored", "quarantined", "stored", "parked"]],
        standings={"a": "stored", "bad": "quarantined", "c": "stored", "d": "parked"},
        faulty={"bad"},
    )


def _revoked(make: _Maker) -> Scenario:
    a = make.observe(make.x)
    thief = make.x.clone()
    b, stolen = make.observe(make.x), make.observe(thief)
    c = make.observe(make.x)
    revoked = {
        **_active(make.x),
        "state": "revoked",
        "trusted_seq": b.seq,
        "trusted_hash": b.hash,
    }
    return make.scenario(
        name="revoked device: only the trusted record and its ancestors count",
        devices=[revoked],
        records={"a": a, "b": b, "stolen": stolen, "c": c},
        batches=[["stolen", "a"], ["c"], ["b"]],
        outcomes=[["quarantined", "quarantined"], ["quarantined"], ["stored"]],
        standings={
            "a": "stored",
            "b": "stored",
            "stolen": "quarantined",
            "c": "quarantined",
        },
    )


def _recovered(make: _Maker) -> Scenario:
    a = make.observe(make.x)
    return make.scenario(
        name="device unknown since a restore: kept until it is confirmed",
        devices=[{**_active(make.x), "state": "recovered"}],
        records={"a": a},
        batches=[["a"]],
        outcomes=[["quarantined"]],
        standings={"a": "quarantined"},
    )


def _unknown(make: _Maker) -> Scenario:
    a = make.observe(make.x)
    return make.scenario(
        name="unknown device: refused, nothing is kept",
        devices=[_active(make.y)],
        records={"a": a},
        batches=[["a"]],
        outcomes=[["refused"]],
        standings={},
    )


_SCENARIOS = (
    _replay, _conflict, _fork, _gap, _early, _two_amendments, _foreign,
    _schema_fault, _revoked, _recovered, _unknown,
)  # fmt: skip
