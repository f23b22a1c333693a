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
from server.tables import epoch, ledger_head, metadata


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
