"""Opening the outbox: durable, or not at all."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from fieldkit.errors import (
    NotEnrolled,
    OutboxBusy,
    OutboxDamaged,
    OutboxTooNew,
    OutboxUnsafe,
)
from fieldkit.home import Home, open_home
from fieldkit.outbox import SqliteOutbox, open_outbox
from fieldkit.outbox.connection import connect, require_durable, writing


def test_every_open_asserts_the_log_and_full_synchronisation(home: Home) -> None:
    with closing(connect(home.outbox_path)) as connection:
        assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
        assert connection.execute("PRAGMA synchronous").fetchone() == (2,)
        assert connection.execute("PRAGMA foreign_keys").fetchone() == (1,)


def test_a_database_that_cannot_keep_a_log_is_refused() -> None:
    with (
        closing(sqlite3.connect(":memory:")) as volatile,
        pytest.raises(OutboxUnsafe) as refused,
    ):
        require_durable(volatile)
    assert "journal_mode=memory" in refused.value.message.en


def test_a_file_set_to_lazy_writing_is_set_back(home: Home) -> None:
    with closing(sqlite3.connect(home.outbox_path)) as lax:
        lax.execute("PRAGMA journal_mode=DELETE")
        lax.execute("PRAGMA synchronous=OFF")
    with closing(connect(home.outbox_path)) as connection:
        assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
        assert connection.execute("PRAGMA synchronous").fetchone() == (2,)


def test_a_damaged_file_is_told_and_left_as_it_is(tmp_path: Path) -> None:
    home = open_home(tmp_path / "device")
    rubbish = b"not a database at all" * 400
    home.outbox_path.write_bytes(rubbish)
    with pytest.raises(OutboxDamaged):
        open_outbox(home)
    assert home.outbox_path.read_bytes() == rubbish


def test_an_outbox_of_newer_software_is_not_touched(home: Home) -> None:
    with closing(sqlite3.connect(home.outbox_path)) as newer:
        newer.execute("PRAGMA user_version=999")
    before = home.outbox_path.read_bytes()
    with pytest.raises(OutboxTooNew) as refused:
        open_outbox(home)
    assert "999" in refused.value.message.zh
    assert home.outbox_path.read_bytes() == before


def test_a_writer_that_will_not_let_go_is_told_as_busy(home: Home) -> None:
    with (
        closing(connect(home.outbox_path)) as other,
        SqliteOutbox(home.outbox_path, busy_timeout_s=0.01) as outbox,
        writing(other),
        pytest.raises(OutboxBusy),
    ):
        outbox.set_meta("a", "b")


def test_a_failed_change_leaves_nothing_half_done(home: Home) -> None:
    def half_a_change() -> None:
        with closing(connect(home.outbox_path)) as connection, writing(connection):
            connection.execute("INSERT INTO meta VALUES ('half', 'done')")
            raise RuntimeError("the second half")

    with pytest.raises(RuntimeError):
        half_a_change()
    with open_outbox(home) as outbox:
        assert outbox.meta("half") is None


def test_a_device_without_identity_says_how_to_get_one(tmp_path: Path) -> None:
    with (
        open_outbox(open_home(tmp_path / "new")) as outbox,
        pytest.raises(NotEnrolled) as refused,
    ):
        outbox.head()
    assert "fieldkit enrol" in refused.value.message.zh
