"""Any course of devices, officials and mishaps keeps what the protocol promises.

A Hypothesis state machine drives real devices (outbox, runner, keys) and a
server through a link that loses requests and replies and repeats calls, on
memory, SQLite and PostgreSQL. At the end the link is good again.
"""

import os
import random
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any, ClassVar

import pytest
import stamina
from bureau_rig import Clock, open_bureau
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from journeys.far_ends import (
    LOSE_REPLY,
    LOSE_REQUEST,
    NONE,
    TWICE,
    BadLink,
    FarEnd,
    MemoryFarEnd,
    SqlFarEnd,
)
from journeys.field_device import FieldDevice
from journeys.memory_server import NOW, key_of
from memory_disk import MEMORY_DISK

from fieldkit.errors import AmendedMeanwhile
from fieldkit.outbox import open_outbox
from schemas.record import explain
from server.bureau import Bureau
from sync.ingest import Candidate, ingest, reconsider
from sync.jws import compact
from sync.ledger_port import DeviceStanding, DeviceState, Held
from sync.memory import MemoryLedger
from sync.outcome import Outcome, Standing
from sync.record import RECORD_TYP, open_record, payload_of, seal

# In memory an example costs a tenth of what it does on a database.
SHORT_EXAMPLES, SHORT_SQL_EXAMPLES = 15, 5
SOAK_EXAMPLES = {"short": 30}.get(os.environ.get("SOAK", ""), 200)
faults = st.lists(st.sampled_from([NONE, LOSE_REQUEST, LOSE_REPLY, TWICE]), max_size=8)
places = st.integers(0, 7)


class Protocol(RuleBasedStateMachine):
    """Devices of one unit, the server of their bureau, and what goes wrong."""

    make_far_end: ClassVar[Any]

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp(prefix="gi-machine-", dir=MEMORY_DISK))
        self.far_end: FarEnd = type(self).make_far_end()
        self.devices: list[FieldDevice] = []
        self.acknowledged: dict[str, list[str]] = {}
        self.observations: list[str] = []
        self.revoked: set[str] = set()
        self.backup: Any = None
        self.is_backup_older_than_a_device = False

    @initialize()
    def begin(self) -> None:
        self.enrol()
        self.enrol()

    @precondition(lambda self: len(self.devices) < 4)
    @rule()
    def enrol(self) -> None:
        """An official enrols one more device."""
        name = f"device-{len(self.devices)}"
        device = FieldDevice(self.folder / name, self.far_end.open)
        with self.far_end.open("") as transport:
            device.enrol(transport, self.far_end.new_code())
        self.devices.append(device)

    @rule(which=places, photos=st.integers(0, 1))
    def observe(self, which: int, photos: int) -> None:
        """An inspector records a violation, offline."""
        device = self._device(which)
        id_ = device.record(*[f"photo {len(self.observations)}".encode()] * photos)
        self.observations.append(id_)
        self._acknowledge(device, id_)

    @precondition(lambda self: self.observations)
    @rule(which=places, subject=places)
    def amend(self, which: int, subject: int) -> None:
        """Any device amends any observation, early or late, once or twice."""
        device = self._device(which)
        # Its own newer version it would not pass over: only others' make branches.
        with suppress(AmendedMeanwhile):
            id_ = device.amend(self.observations[subject % len(self.observations)])
            self._acknowledge(device, id_)

    @rule(which=places, plan=faults)
    def sync(self, which: int, plan: list[str]) -> None:
        """A device syncs over a link that fails as planned."""
        self._sync(self._device(which), plan)

    @rule(which=places, seed=st.integers(0, 99))
    def replay_some(self, which: int, seed: int) -> None:
        """Somebody sends a device's records again, some, in any order, doubled."""
        device = self._device(which)
        texts = [record.compact for record in device.records.values()]
        drawing = random.Random(seed)
        chosen = drawing.choices(texts, k=len(texts)) if texts else []
        self._push_raw(device, chosen)

    @rule(which=places)
    def forge(self, which: int) -> None:
        """Somebody without the key sends what only the key could have signed."""
        device = self._device(which)
        for record in list(device.records.values())[:1]:
            opened = open_record(record.compact)
            forged = compact(
                {"kid": opened.device_id, "typ": RECORD_TYP},
                opened.jws.payload.replace(b"TM-202", b"GI-101"),
                _STRANGER,
            )
            (outcome,) = self._push_raw(device, [forged])
            assert outcome == Outcome.REFUSED

    @precondition(lambda self: self.observations)
    @rule(which=places)
    def reuse_an_id(self, which: int) -> None:
        """Whoever holds the key seals other content under an id that is taken."""
        device = self._device(which)
        with open_outbox(device.home) as outbox:
            device_id, head = _id(device), outbox.head()
        sealed = seal(
            device.keys.load(device_id),
            payload_of(
                id=self.observations[-1],
                device_id=device_id,
                seq=head.seq + 1,
                prev=head.hash,
                kind="withdrawal",
                amends=self.observations[0] if len(self.observations) > 1 else _NOWHERE,
                sealed_at=device.clock().now,
                clock={
                    "boot_id": "b",
                    "uptime_ms": 1,
                    "offset_ms": 0,
                    "offset_source": None,
                },
                body={"reason": "other content"},
                blobs=[],
            ),
        )
        self._push_raw(device, [sealed.compact])

    @precondition(lambda self: len(self.devices) < 4)
    @rule(which=places)
    def clone(self, which: int) -> None:
        """A device's folder is copied; both copies go on under one key."""
        original = self._device(which)
        home = self.folder / f"device-{len(self.devices)}"
        shutil.copytree(original.home.path, home)
        self.devices.append(FieldDevice(home, self.far_end.open))

    @rule(which=places, keep=st.booleans())
    def revoke(self, which: int, keep: bool) -> None:
        """An official revokes a device, with or without a last trusted record."""
        device = self._device(which)
        held = [row for row, _ in self.far_end.held() if row.device_id == _id(device)]
        known = {standing.device_id for standing in self.far_end.standings()}
        if _id(device) in known and _id(device) not in self.revoked:
            trusted = [(row.seq, row.hash) for row in held if row.seq is not None]
            self.far_end.revoke(_id(device), trusted[0] if keep and trusted else None)
            self.revoked.add(_id(device))

    @rule()
    def back_up(self) -> None:
        """The administrator makes a backup."""
        self.backup = self.far_end.back_up()

    @precondition(lambda self: self.backup is not None and not self.revoked)
    @rule()
    def restore(self) -> None:
        """The disk is gone; the newest backup is put back."""
        self.far_end.restore(self.backup)

    @invariant()
    def what_was_acknowledged_is_still_there(self) -> None:
        for device in self.devices:
            assert set(self.acknowledged.get(str(device.home.path), ())) <= set(
                device.records
            )

    @invariant()
    def every_position_is_taken_once_and_every_hash_kept_once(self) -> None:
        rows = [row for row, _ in self.far_end.held()]
        assert len({row.position for row in rows}) == len(rows)
        assert len({row.hash for row in rows}) == len(rows)

    def teardown(self) -> None:
        try:
            for _ in range(2):
                for device in self.devices:
                    self._sync(device, [])
            self._queues_are_empty_and_the_ledger_holds_all()
            self._the_ledger_stands_as_in_any_other_order()
            self.far_end.require_sound()
        finally:
            self.far_end.close()
            shutil.rmtree(self.folder)

    def _queues_are_empty_and_the_ledger_holds_all(self) -> None:
        held = {row.hash for row, _ in self.far_end.held()}
        for device in self.devices:
            assert set(device.states.values()) <= {"delivered"}
            assert {record.hash for record in device.records.values()} <= held

    def _the_ledger_stands_as_in_any_other_order(self) -> None:
        held = self.far_end.held()
        expected = _standings_in_canonical_order(held, self.far_end.standings())
        assert {row.hash: row.standing for row, _ in held} == expected

    def _sync(self, device: FieldDevice, plan: list[str]) -> None:
        class Open:
            def __init__(self, far_end: FarEnd) -> None:
                self._way = far_end.open("")

            def __enter__(self) -> BadLink:
                return BadLink(self._way.__enter__(), plan)

            def __exit__(self, *error: Any) -> None:
                self._way.__exit__(*error)

        with stamina.set_testing(True, attempts=1):
            device.sync(lambda _url: Open(self.far_end))

    def _push_raw(self, device: FieldDevice, texts: list[str]) -> list[Outcome]:
        with open_outbox(device.home) as outbox:
            identity = outbox.require_identity()
        with self.far_end.open("") as transport:
            reply = transport.push(
                identity.token or "", texts, None, identity.certificate
            )
        return [Outcome(item["outcome"]) for item in reply.items]

    def _device(self, which: int) -> FieldDevice:
        return self.devices[which % len(self.devices)]

    def _acknowledge(self, device: FieldDevice, id_: str) -> None:
        self.acknowledged.setdefault(str(device.home.path), []).append(id_)


def _id(device: FieldDevice) -> str:
    with open_outbox(device.home) as outbox:
        return outbox.require_identity().device_id


def _standings_in_canonical_order(
    held: list[tuple[Held, str]], devices: list[DeviceStanding]
) -> dict[str, Standing]:
    """Put the same records into an empty ledger, sorted by hash."""
    ledger = MemoryLedger(device._replace(**_UNTOUCHED) for device in devices)
    held = sorted(held, key=lambda pair: pair[0].hash)
    for came_after_a_revocation in (False, True):
        texts = [
            text for row, text in held if row.needs_proof == came_after_a_revocation
        ]
        opened = [open_record(text) for text in texts]
        candidates = [
            Candidate(record, fault=next(iter(explain(record.payload or {})), None))
            for record in opened
        ]
        ingest(candidates, ledger, now=NOW, receipt_id="r")
        for device in devices:
            known = ledger.devices([device.device_id])[device.device_id]
            ledger.set_device(device._replace(fork_from_seq=known.fork_from_seq))
        reconsider(ledger, now=NOW, device_ids=[d.device_id for d in devices])
    return {entry.row.hash: entry.row.standing for entry in ledger.entries.values()}


_UNTOUCHED = {
    "state": DeviceState.ACTIVE,
    "trusted_seq": None,
    "trusted_hash": None,
    "fork_from_seq": None,
}
_STRANGER = key_of("a stranger")
_NOWHERE = "01890000-0000-7000-8000-000000000000"


def _run(make_far_end: Callable[[], FarEnd], examples: int) -> None:
    machine = type("ProtocolMachine", (Protocol,), {"make_far_end": make_far_end})
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=examples,
            stateful_step_count=30,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )


def test_any_course_keeps_the_promises_in_memory() -> None:
    _run(MemoryFarEnd, SHORT_EXAMPLES)


def test_any_course_keeps_the_promises_on_both_databases(bureau: Bureau) -> None:
    _run(lambda: SqlFarEnd(bureau), SHORT_SQL_EXAMPLES)


@pytest.mark.soak
def test_many_courses_keep_the_promises_in_memory() -> None:
    _run(MemoryFarEnd, SOAK_EXAMPLES)


@pytest.mark.soak
def test_many_courses_keep_the_promises_on_both_databases(bureau: Bureau) -> None:
    _run(lambda: SqlFarEnd(bureau), SOAK_EXAMPLES)


@pytest.fixture(params=["sqlite", "postgresql"])
def bureau(request: pytest.FixtureRequest) -> Iterator[Bureau]:
    home = Path(tempfile.mkdtemp(prefix="gi-machine-", dir=MEMORY_DISK))
    url = f"sqlite:///{home / 'gi.sqlite3'}"
    if request.param == "postgresql":
        url = request.getfixturevalue("postgres_url")
    opened = open_bureau(home, url, Clock())
    yield opened
    opened.engine.dispose()
    shutil.rmtree(home)
