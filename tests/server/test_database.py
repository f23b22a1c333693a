"""Every connection is durable, every write has one owner."""

import threading
from collections.abc import Iterator

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from server import migrations
from server.database import open_engine, reading, writing
from server.errors import DatabaseFault, DatabaseNotReady
from server.tables import (
    epoch,
    ledger_head,
    lot,
    metadata,
    observation,
    record,
    violation,
)


@pytest.fixture
def engine(database_url: str) -> Iterator[sa.Engine]:
    engine = open_engine(database_url)
    migrations.upgrade(engine)
    yield engine
    engine.dispose()


def test_sqlite_syncs_every_commit_to_disk(sqlite_url: str) -> None:
    engine = open_engine(sqlite_url)
    with engine.connect() as connection:
        asked = ("journal_mode", "synchronous", "foreign_keys")
        found = [connection.exec_driver_sql(f"PRAGMA {a}").scalar() for a in asked]
    engine.dispose()
    assert found == ["wal", 2, 1]


def test_a_sqlite_that_cannot_keep_a_journal_is_refused() -> None:
    engine = open_engine("sqlite://")  # in memory: lost with the process
    with pytest.raises(DatabaseFault) as refusal, engine.connect():
        pass
    assert refusal.value.code == "database-not-durable"


def test_a_postgres_that_confirms_before_it_is_durable_is_refused(
    postgres_url: str,
) -> None:
    engine = open_engine(postgres_url + "&options=-csynchronous_commit%3Doff")
    with pytest.raises(DatabaseFault) as refusal, engine.connect():
        pass
    engine.dispose()
    assert refusal.value.code == "database-not-durable"


def test_another_kind_of_database_is_refused() -> None:
    with pytest.raises(DatabaseFault):
        open_engine("mysql://localhost/x")


def test_the_migrations_end_at_the_tables_of_the_code(engine: sa.Engine) -> None:
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, metadata) == []


def test_findings_by_id_become_those_of_the_content_that_counts(
    database_url: str,
) -> None:
    engine = open_engine(database_url)
    migrations.upgrade(engine, "0003")
    with writing(engine) as connection:
        for position, id_ in ((1, "a"), (2, "b"), (3, "b")):
            _hold(connection, position, id_)
        for version_id, position in (("a", 1), ("b", 3)):
            _observe(connection, version_id, position)
            connection.exec_driver_sql(
                f"INSERT INTO violation VALUES ('{version_id}', 'v1', '{version_id}',"
                " 'TM-202', true, true, 'open')"
            )
            connection.exec_driver_sql(
                f"INSERT INTO lot VALUES ('{version_id}', 'g1', '{version_id}',"
                " NULL, 'inside')"
            )
    migrations.upgrade(engine)
    with reading(engine) as connection:
        acts = connection.execute(sa.select(violation.c[:2])).all()
        lots = connection.execute(sa.select(lot)).all()
    engine.dispose()
    assert sorted(map(tuple, acts)) == [(1, "v1"), (3, "v1")]
    assert sorted(map(tuple, lots)) == [(n, "g1", None, "inside") for n in (1, 3)]


def _hold(connection: sa.Connection, position: int, id_: str) -> None:
    connection.execute(
        record.insert().values(
            position=position,
            id=id_,
            hash=str(position),
            device_id="d1",
            received_at="",
            receipt_id="",
            outcome="stored",
            standing="stored",
            needs_proof=False,
            jws="",
        )
    )


def _observe(connection: sa.Connection, version_id: str, position: int) -> None:
    connection.execute(
        observation.insert().values(
            id=version_id,
            version_id=version_id,
            version_hash=str(position),
            version_position=position,
            device_id="d1",
            unit_code="360734",
            acted_on="2023-12-02",
            county_kind="none",
            county_ambiguous=False,
            county_unit_mismatch=False,
            premises_key="p1",
            synthetic=False,
            status="current",
            counts=True,
            photos_named=0,
        )
    )


def test_migrating_twice_changes_nothing(engine: sa.Engine) -> None:
    migrations.upgrade(engine)
    assert migrations.is_current(engine)


def test_the_schema_needed_is_the_last_migration_by_alembics_count() -> None:
    scripts = ScriptDirectory.from_config(migrations.config_of())
    assert migrations.newest() == scripts.get_current_head()


def test_a_database_of_another_version_is_not_current(engine: sa.Engine) -> None:
    with writing(engine) as connection:
        connection.execute(sa.text("UPDATE alembic_version SET version_num = '0001'"))
    assert not migrations.is_current(engine)


def test_an_empty_database_says_to_run_init(database_url: str) -> None:
    engine = open_engine(database_url)
    assert not migrations.is_current(engine)
    with (
        pytest.raises(DatabaseNotReady, match="gi-server init"),
        writing(engine) as connection,
    ):
        connection.execute(sa.select(ledger_head))
    engine.dispose()


def test_an_error_inside_rolls_everything_back(engine: sa.Engine) -> None:
    def write_and_fail() -> None:
        with writing(engine) as connection:
            connection.execute(epoch.insert().values(n=9, opened_at="", reason=""))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        write_and_fail()
    with reading(engine) as connection:
        assert connection.execute(sa.select(epoch)).all() == []


def test_a_reader_sees_one_state_throughout(engine: sa.Engine) -> None:
    head = sa.select(ledger_head.c.position)
    with reading(engine) as reader:
        before = reader.scalar(head)
        with writing(engine) as writer:
            writer.execute(ledger_head.update().values(position=7))
        assert reader.scalar(head) == before == 0


def test_writers_take_turns(engine: sa.Engine) -> None:
    """Read, then write one more: of 40 such turns in 4 threads none is lost."""
    barrier = threading.Barrier(4)

    def count_up() -> None:
        barrier.wait()
        for _ in range(10):
            with writing(engine) as connection:
                seen = connection.scalar(sa.select(ledger_head.c.position))
                connection.execute(ledger_head.update().values(position=seen + 1))

    threads = [threading.Thread(target=count_up) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with reading(engine) as connection:
        assert connection.scalar(sa.select(ledger_head.c.position)) == 40
