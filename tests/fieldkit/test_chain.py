"""The device's chain: compare-and-set on its head, no sequence used twice."""

import subprocess
import sys
from contextlib import closing
from typing import Any

import pytest

from fieldkit.capture import Recorder
from fieldkit.home import Home
from fieldkit.outbox import SqliteOutbox, open_outbox
from fieldkit.outbox.connection import connect
from sync.errors import HeadMoved
from sync.outbox_port import Head
from sync.record import open_record

SEAL_MANY = """
import sys
from pathlib import Path
from fieldkit.capture import Recorder, ReferenceVersions
from fieldkit.home import Home
from fieldkit.outbox import open_outbox
home = Home(Path(sys.argv[1]))
with open_outbox(home) as outbox:
    recorder = Recorder(home, outbox, ReferenceVersions("2025-1", lambda day: {}))
    for number in range(int(sys.argv[2])):
        recorder.record({
            "site": {"premises_type": "shop", "fix": None, "no_fix_reason": "x"},
            "violations": [{"code": "NV-000"}],
        })
"""


def test_each_record_follows_the_one_before(
    recorder: Recorder, outbox: SqliteOutbox, quick: dict[str, Any]
) -> None:
    sealed = [recorder.record(quick).sealed for _ in range(5)]
    assert [s.seq for s in sealed] == [1, 2, 3, 4, 5]
    assert [s.prev for s in sealed] == [None, *(s.hash for s in sealed[:-1])]
    assert outbox.head() == Head(5, sealed[-1].hash)


def test_sealing_on_an_old_head_saves_nothing(
    recorder: Recorder, outbox: SqliteOutbox, quick: dict[str, Any]
) -> None:
    first = recorder.record(quick).sealed
    with pytest.raises(HeadMoved):
        outbox.append(first, Head(0, None))
    with pytest.raises(HeadMoved):
        outbox.append(first._replace(seq=2, prev="0" * 64), Head(1, "0" * 64))
    with pytest.raises(HeadMoved):
        outbox.append(first._replace(seq=3, prev=first.hash), Head(1, first.hash))
    assert [record.seq for record in outbox.records()] == [1]
    assert outbox.head() == Head(1, first.hash)


def test_a_sequence_is_not_used_again_when_its_record_is_gone(
    recorder: Recorder, home: Home, quick: dict[str, Any]
) -> None:
    recorder.record(quick)
    last = recorder.record(quick).sealed
    with closing(connect(home.outbox_path)) as connection:
        connection.execute("DELETE FROM record")
    following = recorder.record(quick).sealed
    assert (following.seq, following.prev) == (3, last.hash)


def test_four_processes_at_once_make_one_unbroken_chain(home: Home) -> None:
    each = 10
    workers = [
        subprocess.Popen([sys.executable, "-c", SEAL_MANY, str(home.path), str(each)])
        for _ in range(4)
    ]
    assert [worker.wait() for worker in workers] == [0] * len(workers)
    with open_outbox(home) as outbox:
        records = outbox.records()
    opened = [open_record(record.compact) for record in records]
    assert [one.seq for one in opened] == list(range(1, each * len(workers) + 1))
    assert [one.prev for one in opened] == [None, *(r.hash for r in records[:-1])]
    numbers = {(one.payload or {})["body"]["record_no"] for one in opened}
    assert len(numbers) == len(records)


def test_a_device_enrolled_anew_begins_a_chain_of_its_own(
    recorder: Recorder, outbox: SqliteOutbox, quick: dict[str, Any]
) -> None:
    from dataclasses import replace

    recorder.record(quick)
    outbox.set_identity(replace(outbox.require_identity(), device_id="new-device"))
    assert outbox.head() == Head(0, None)
    assert [record.seq for record in outbox.pending(500)] == [1]
