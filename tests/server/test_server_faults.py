"""The server is killed, or two of its workers meet: nothing is left half done."""

from collections.abc import Sequence
from typing import Any

import pytest
import sqlalchemy as sa
from inspector import Inspector, counts, outcomes
from pushing_process import Task, Worker

from server.bureau import Bureau
from server.database import reading
from server.intake import Intake, Push
from server.tables import observation, record, status_event
from sync.record import Sealed

Pushes = Sequence[tuple[Inspector, Sequence[Sealed]]]


def intake_of(bureau: Bureau) -> Intake:
    return Intake(bureau.settings, bureau.engine, bureau.key, bureau.clock)


def started(bureau: Bureau, pushes: Pushes, kill_at: int | None = None) -> Worker:
    """Start a worker that waits for `go` before it pushes."""
    pushed = [Push(who.id, [one.compact for one in sent]) for who, sent in pushes]
    return Worker(Task(bureau.settings, pushed, kill_at))


def go(*workers: Worker) -> list[list[dict[str, Any]]]:
    """Let the workers push at once; return what each replied."""
    for worker in workers:
        worker.go()
    return [worker.replies() for worker in workers]


@pytest.mark.parametrize("write", [1, 2, 4, 6, 8, 9])
def test_a_server_killed_in_a_batch_keeps_all_of_it_or_nothing(
    any_bureau: Bureau, write: int
) -> None:
    """MerginMaps/mobile#582, #4207: an interrupted upload leaves the server stuck."""
    inspector = Inspector(any_bureau)
    records = [inspector.observe() for _ in range(20)]
    before = counts(any_bureau)
    worker = started(any_bureau, [(inspector, records)], kill_at=write)
    assert go(worker) == [[]]
    assert worker.process.exitcode == -9
    assert counts(any_bureau) == before
    assert outcomes(inspector.push(intake_of(any_bureau), *records)) == ["stored"] * 20
    assert counts(any_bureau)["observation"] == 20


def test_what_a_killed_server_confirmed_is_there(any_bureau: Bureau) -> None:
    inspector = Inspector(any_bureau)
    batches = [[inspector.observe() for _ in range(10)] for _ in range(40)]
    pushes = [(inspector, batch) for batch in batches]
    worker = started(any_bureau, pushes)
    worker.go()
    confirmed = [worker.reply() for _ in range(3)]
    worker.process.kill()
    worker.end()
    found = counts(any_bureau)
    assert found["record"] % 10 == 0
    assert found["record"] == found["observation"] == found["position"]
    assert found["receipt"] == found["record"] // 10
    first_three = [record for batch in batches[:3] for record in batch]
    again = inspector.push(intake_of(any_bureau), *first_three)
    assert outcomes(again) == ["replayed"] * 30
    assert set(again.receipts) == {reply["receipts"][0] for reply in confirmed}


def test_two_workers_release_an_amendment_exactly_once(any_bureau: Bureau) -> None:
    """One takes the targets, the other the amendments, record by record, at once."""
    ours, theirs = Inspector(any_bureau, 1), Inspector(any_bureau, 2)
    targets = [ours.observe() for _ in range(15)]
    amendments = [theirs.amend(target, campaign="amended") for target in targets]
    workers = [
        started(any_bureau, [(who, [one]) for one in records])
        for who, records in ((ours, targets), (theirs, amendments))
    ]
    _, answers = go(*workers)
    parked = {
        answer["items"][0]["id"]
        for answer in answers
        if answer["items"][0]["outcome"] == "parked"
    }
    with reading(any_bureau.engine) as connection:
        standings = connection.scalars(sa.select(record.c.standing)).all()
        events = connection.execute(
            sa.select(status_event.c.record_id, status_event.c.status)
        ).all()
        campaigns = connection.scalars(sa.select(observation.c.campaign)).all()
        positions = [
            *connection.scalars(sa.select(record.c.position)),
            *connection.scalars(sa.select(status_event.c.position)),
        ]
    assert set(standings) == {"stored"}
    assert sorted(events) == sorted((id_, "released") for id_ in parked)
    assert campaigns == ["amended"] * 15
    assert sorted(positions) == list(range(1, len(positions) + 1))


def test_two_workers_given_the_same_batch_keep_it_once(any_bureau: Bureau) -> None:
    """formhub#678: a retry starts while the first request still runs."""
    inspector = Inspector(any_bureau)
    records = [inspector.observe() for _ in range(50)]
    workers = [started(any_bureau, [(inspector, records)]) for _ in range(2)]
    (one,), (other,) = go(*workers)
    said = sorted(answer["items"][0]["outcome"] for answer in (one, other))
    assert said == ["replayed", "stored"]
    assert one["receipts"] == other["receipts"]
    assert counts(any_bureau)["record"] == 50
