"""A server put back to an older backup says so, and loses nothing in the end."""

import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import psycopg
import pytest
import sqlalchemy as sa
from bureau_rig import Clock, open_bureau
from inspector import Inspector, codes, outcomes

from server.bureau import Bureau
from server.database import reading
from server.devices import TrustedUntil, revoke_device
from server.epochs import current_epoch
from server.intake import Intake
from server.keys import Revocation, keep_revocation
from server.tables import device, epoch, observation, record
from sync.jws import encode

PutBack = Callable[[], None]


def back_up_sqlite(bureau: Bureau, path: Path) -> PutBack:
    """Copy the file as it is; putting it back drops all that came since."""
    here = Path(str(bureau.engine.url.database))
    with (
        closing(sqlite3.connect(path)) as copy,
        closing(sqlite3.connect(here)) as original,
    ):
        original.backup(copy)

    def put_back() -> None:
        bureau.engine.dispose()
        for suffix in ("-wal", "-shm"):
            here.with_name(here.name + suffix).unlink(missing_ok=True)
        shutil.copy(path, here)

    return put_back


def back_up_postgres(bureau: Bureau, server: str) -> PutBack:
    """Copy the database beside it; putting it back drops all that came since."""
    here = bureau.engine.url.database
    bureau.engine.dispose()

    def copy(original: str, to: str) -> None:
        with psycopg.connect(server, autocommit=True) as connection:
            connection.execute(f'DROP DATABASE IF EXISTS "{to}" WITH (FORCE)')
            connection.execute(f'CREATE DATABASE "{to}" TEMPLATE "{original}"')

    def put_back() -> None:
        bureau.engine.dispose()
        copy(f"{here}_old", str(here))

    copy(str(here), f"{here}_old")
    return put_back


@pytest.fixture
def back_up(
    any_bureau: Bureau, tmp_path: Path, request: pytest.FixtureRequest
) -> Iterator[Callable[[], PutBack]]:
    """Back up the bureau's database now; the result puts it back."""
    if any_bureau.engine.dialect.name == "sqlite":
        yield lambda: back_up_sqlite(any_bureau, tmp_path / "old.sqlite3")
        return
    server = request.getfixturevalue("postgres_server")
    yield lambda: back_up_postgres(any_bureau, server)
    with psycopg.connect(server, autocommit=True) as connection:
        name = f"{any_bureau.engine.url.database}_old"
        connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


@pytest.fixture
def intake(any_bureau: Bureau) -> Intake:
    return Intake(
        any_bureau.settings, any_bureau.engine, any_bureau.key, any_bureau.clock
    )


def epoch_of(bureau: Bureau) -> int:
    with reading(bureau.engine) as connection:
        return current_epoch(connection)


def test_a_receipt_of_what_is_not_held_opens_a_new_epoch_before_the_answer(
    any_bureau: Bureau, intake: Intake, back_up: Callable[[], PutBack]
) -> None:
    """cht-core#8093: clients believe they are done."""
    inspector = Inspector(any_bureau)
    early, late = inspector.observe(), inspector.observe()
    inspector.push(intake, early)
    put_back = back_up()
    (receipt,) = inspector.push(intake, late).receipts
    put_back()
    reply = inspector.push(intake, last_receipt=receipt)
    assert reply.epoch == epoch_of(any_bureau) == 2
    again = inspector.push(intake, early, late, last_receipt=receipt)
    assert outcomes(again) == ["replayed", "stored"]
    assert again.epoch == 2
    with reading(any_bureau.engine) as connection:
        assert connection.scalar(sa.select(sa.func.count(observation.c.id))) == 2
        reasons = connection.scalars(sa.select(epoch.c.reason)).all()
    assert reasons == ["init", "receipt-not-held"]


def test_a_receipt_of_what_is_held_opens_nothing(
    any_bureau: Bureau, intake: Intake
) -> None:
    inspector = Inspector(any_bureau)
    (receipt,) = inspector.push(intake, inspector.observe()).receipts
    assert inspector.push(intake, last_receipt=receipt).epoch == 1


HEADER, NUL_ID = encode(b'{"alg":"ES256"}'), encode(b'{"receipt_id":"\\u0000"}')


@pytest.mark.parametrize("text", ["", "a.b.c", "nonsense", f"{HEADER}.{NUL_ID}.AA"])
def test_what_is_no_receipt_of_ours_proves_nothing(
    any_bureau: Bureau, intake: Intake, text: str
) -> None:
    inspector = Inspector(any_bureau)
    assert inspector.push(intake, last_receipt=text).epoch == 1


def test_another_devices_receipt_proves_nothing(
    any_bureau: Bureau, intake: Intake, back_up: Callable[[], PutBack]
) -> None:
    inspector, other = Inspector(any_bureau), Inspector(any_bureau, 2)
    put_back = back_up()
    (receipt,) = inspector.push(intake, inspector.observe()).receipts
    put_back()
    assert other.push(intake, last_receipt=receipt).epoch == 1


def test_a_second_restore_of_the_same_backup_is_noticed_too(
    any_bureau: Bureau, intake: Intake, back_up: Callable[[], PutBack]
) -> None:
    inspector = Inspector(any_bureau)
    put_back = back_up()
    (first,) = inspector.push(intake, inspector.observe()).receipts
    put_back()
    (second,) = inspector.push(intake, inspector.observe(), last_receipt=first).receipts
    put_back()
    assert inspector.push(intake, last_receipt=second).epoch == 3


def test_a_device_enrolled_after_the_backup_is_heard_by_its_certificate(
    any_bureau: Bureau, intake: Intake, back_up: Callable[[], PutBack]
) -> None:
    put_back = back_up()
    inspector = Inspector(any_bureau)
    put_back()
    reply = inspector.push(intake, inspector.observe())
    assert (outcomes(reply), codes(reply)) == (["quarantined"], ["device-unknown"])
    assert len(reply.receipts) == 1
    assert reply.epoch == 2
    with reading(any_bureau.engine) as connection:
        row = connection.execute(sa.select(device)).mappings().one()
    assert (row["state"], row["unit_code"]) == ("recovered", inspector.unit)


def test_a_device_revoked_after_the_backup_stays_revoked(
    any_bureau: Bureau, intake: Intake, back_up: Callable[[], PutBack]
) -> None:
    """The revocations lie apart from the database, in a file of their own."""
    put_back = back_up()
    inspector = Inspector(any_bureau)
    put_back()
    revocation = Revocation(inspector.id, "2023-12-02T02:20:00.000Z")
    keep_revocation(any_bureau.settings.keys_folder, revocation)
    reply = inspector.push(intake, inspector.observe())
    assert codes(reply) == ["device-revoked"]


def test_a_database_put_back_behind_our_back_trusts_no_revoked_device(
    any_bureau: Bureau, intake: Intake, back_up: Callable[[], PutBack]
) -> None:
    """The thief is the first to push after it: nobody has told of the restore."""
    thief = Inspector(any_bureau)
    put_back = back_up()
    revoke_device(any_bureau, thief.id)
    put_back()
    assert codes(thief.push(intake, thief.observe())) == ["device-revoked"]


def test_a_restore_that_is_noticed_takes_trust_from_every_revoked_device(
    any_bureau: Bureau, intake: Intake, back_up: Callable[[], PutBack]
) -> None:
    """What the thief had made counts in the old database; no push of his is needed."""
    honest, thief = Inspector(any_bureau), Inspector(any_bureau, 2)
    genuine, forged = thief.observe(), thief.observe()
    thief.push(intake, genuine, forged)
    put_back = back_up()
    revoke_device(any_bureau, thief.id, TrustedUntil(genuine.seq, genuine.hash))
    (receipt,) = honest.push(intake, honest.observe()).receipts
    put_back()
    honest.push(intake, last_receipt=receipt)
    with reading(any_bureau.engine) as connection:
        found = connection.execute(
            sa.select(record.c.standing).order_by(record.c.position)
        ).scalars()
        assert list(found) == ["stored", "quarantined"]


def test_a_certificate_of_another_server_is_not_enough(
    any_bureau: Bureau, intake: Intake, tmp_path: Path, clock: Clock
) -> None:
    elsewhere = open_bureau(
        tmp_path / "other", f"sqlite:///{tmp_path / 'other.sqlite3'}", clock
    )
    stranger = Inspector(elsewhere)
    elsewhere.engine.dispose()
    assert codes(stranger.push(intake, stranger.observe())) == ["unknown-device"]
    with reading(any_bureau.engine) as connection:
        assert connection.scalars(sa.select(record.c.id)).all() == []
        assert connection.scalars(sa.select(device.c.id)).all() == []
