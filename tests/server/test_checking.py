"""The checks of a batch: the same answers here and in the process beside."""

import os
import signal
import subprocess
import sys
from typing import Any

import pytest
from inspector import Inspector

from server.bureau import Bureau
from server.check_process import CheckProcess
from server.checking import CHUNK, Checks, Signer


@pytest.fixture
def inspector(bureau: Bureau) -> Inspector:
    return Inspector(bureau)


@pytest.fixture
def signer(inspector: Inspector) -> Signer:
    return Signer(inspector.id, inspector.key.verifying_key)


@pytest.fixture
def batch(bureau: Bureau, inspector: Inspector) -> list[Any]:
    """Two full chunks and a rest, with one of every fault among them."""
    records: list[Any] = [inspector.observe().compact for _ in range(2 * CHUNK + 3)]
    other = Inspector(bureau, 2)
    head, payload, signature = records[7].split(".")
    records[3] = inspector.observe(violations="none").compact
    records[5] = other.observe().compact
    records[7] = f"{head}.{payload}.{signature[::-1]}"
    records[11] = None
    records[13] = "no JWS\nat all"
    records[CHUNK + 1] = inspector.observe(unit_code="999999").compact
    return records


def started_by(checks: Checks) -> list[CheckProcess]:
    return list(checks._idle)


def test_a_process_beside_finds_what_the_thread_itself_finds(
    batch: list[Any], signer: Signer
) -> None:
    beside, here = Checks(1), Checks(0)
    found = beside.check(batch, signer)
    assert found == here.check(batch, signer)
    assert len(started_by(beside)) == 1
    assert not started_by(here)
    assert [(one.refusal, one.fault is None) for one in found[:14]] == [
        *[(None, True)] * 3,
        (None, False),
        (None, True),
        ("not-your-device", True),
        (None, True),
        ("bad-signature", True),
        *[(None, True)] * 3,
        ("malformed", True),
        (None, True),
        ("malformed", True),
    ]


def test_what_fills_no_chunk_starts_no_process(
    batch: list[Any], signer: Signer
) -> None:
    checks = Checks(1)
    checks.check(batch[: CHUNK - 1], signer)
    assert not started_by(checks)


def test_a_killed_process_costs_no_answer_and_is_replaced(
    batch: list[Any], signer: Signer
) -> None:
    checks = Checks(1)
    expected = checks.check(batch, signer)
    (first,) = started_by(checks)
    os.kill(first.pid, signal.SIGKILL)
    assert checks.check(batch, signer) == expected
    (second,) = started_by(checks)
    assert second.pid != first.pid


def test_a_process_that_cannot_live_is_not_started_for_ever(
    batch: list[Any], signer: Signer, monkeypatch: pytest.MonkeyPatch
) -> None:
    checks, here = Checks(1), Checks(0)
    monkeypatch.setattr(sys, "executable", "/nowhere/python")
    expected = here.check(batch, signer)
    for _ in range(11):  # two chunks each
        assert checks.check(batch, signer) == expected
    monkeypatch.undo()
    checks.check(batch, signer)
    assert not started_by(checks)


def test_ctrl_c_is_left_to_the_worker(batch: list[Any], signer: Signer) -> None:
    checks = Checks(1)
    checks.check(batch, signer)
    (process,) = started_by(checks)
    os.kill(process.pid, signal.SIGINT)
    assert all(one.is_signed for one in process.check(signer.key, [batch[0]]))


def test_the_process_ends_when_its_worker_is_killed() -> None:
    code = "from server.check_process import CheckProcess as P; p = P(); input('up')"
    with subprocess.Popen(
        [sys.executable, "-c", code], stdin=-1, stdout=-1, stderr=subprocess.STDOUT
    ) as worker:
        assert worker.stdout is not None
        assert worker.stdout.read(2) == b"up"
        worker.kill()
        # Both write their errors there: it ends when the last of them has.
        assert worker.communicate(timeout=60) == (b"", None)


def test_candidates_keep_the_order_of_the_request(
    batch: list[Any], signer: Signer
) -> None:
    found = Checks(2).check(batch, signer)
    kept = [one.opened.compact if one.opened else None for one in found]
    assert [text for text in kept if text] == [
        text for text in batch if text and "\n" not in text
    ]
