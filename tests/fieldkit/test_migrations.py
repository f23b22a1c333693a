"""An upgrade with rows pending (lesson 13: Eventra#2744 dropped the queue)."""

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from older_outbox import write_as_version

from fieldkit.capture import Recorder
from fieldkit.home import Home, open_home
from fieldkit.outbox import DeviceIdentity, SqliteOutbox, open_outbox
from fieldkit.outbox.connection import connect
from fieldkit.outbox.migrations import NEWEST, STEPS, migrate, version_of
from geo.errors import Message
from sync.keys import SigningKey
from sync.outbox_port import OutboxState

SERVER_KEY = SigningKey.from_random(b"server".ljust(48, b"."))
PENDING = 3
PAST_VERSIONS = range(1, NEWEST)


def old_outbox(path: Path, version: int) -> list[str]:
    """An outbox of a past version with unsent, delivered and refused records."""
    with closing(connect(path)) as connection:
        migrate(connection, path, upto=version)
        for number in range(1, PENDING + 1):
            connection.execute(
                "INSERT INTO record (device_id, seq, id, hash, kind, sealed_at, jws) "
                "VALUES ('d1', ?, ?, ?, 'observation', '2023-12-02T02:20:00.000Z', ?)",
                (number, f"id-{number}", f"hash-{number}", f"a.b.{number}"),
            )
        connection.execute(
            "INSERT INTO record (device_id, seq, id, hash, kind, sealed_at, jws, "
            "state, outcome, receipt_id, epoch) VALUES ('d1', 4, 'id-4', 'hash-4', "
            "'observation', '2023-12-02T02:20:00.000Z', 'a.b.4', 'delivered', "
            "'stored', 'r1', 1)"
        )
        connection.execute("INSERT INTO chain VALUES ('d1', 4, 'hash-4')")
        connection.execute("INSERT INTO meta VALUES ('status_cursor', '17')")
        connection.execute(
            "INSERT INTO photo (sha256, bytes, media_type) "
            "VALUES ('ab', 3, 'image/jpeg')"
        )
        connection.execute("INSERT INTO record_photo VALUES (4, 'ab')")
        connection.execute(
            "INSERT INTO record (device_id, seq, id, hash, kind, sealed_at, jws, "
            "state, field, reason_zh, reason_en) VALUES ('d1', 5, 'id-5', 'hash-5', "
            "'observation', '2023-12-02T02:20:00.000Z', 'a.b.5', 'refused', "
            "'evidence', '缺照片', 'no photograph')"
        )
        identity = DeviceIdentity(
            device_id="d1",
            unit_code="360734",
            unit_name="寻乌县",
            officers=(),
            server_url="http://127.0.0.1:9",
            server_jwk=SERVER_KEY.public_jwk,
            certificate="certificate",
            epoch=1,
            enrolled_at="2023-11-01T00:00:00.000Z",
        )
        connection.execute(
            "INSERT INTO meta VALUES ('identity', ?)", (identity.to_json(),)
        )
        if version > 1:
            connection.execute(
                "INSERT INTO draft (started_at, changed_at, body) VALUES "
                "('2023-12-02T02:20:00.000Z', '2023-12-02T02:20:00.000Z', ?)",
                ('{"answers": {"note": "半途"}}',),
            )
        return [row[0] for row in connection.execute("SELECT jws FROM record")]


@pytest.mark.parametrize("version", PAST_VERSIONS)
def test_every_past_version_upgrades_with_its_rows_pending(
    tmp_path: Path, version: int
) -> None:
    home = open_home(tmp_path / "device")
    sealed_before = old_outbox(home.outbox_path, version)
    with open_outbox(home) as outbox:
        assert [record.compact for record in outbox.records()] == sealed_before
        assert [record.seq for record in outbox.pending(500)] == [1, 2, 3]
        assert outbox.status_cursor() == 17
        (refused,) = outbox.records(OutboxState.REFUSED)
        assert refused.reason == Message("缺照片", "no photograph")
        assert refused.field == "evidence"
        assert outbox.blob_counts("id-4") == (0, 1)
        assert [blob.record_id for blob in outbox.blobs_pending()] == ["id-4"]
        assert outbox.counts()["delivered"] == 1
        assert outbox.require_identity().unit_name == "寻乌县"
        if version > 1:
            (draft,) = outbox.drafts()
            assert draft.body == {"answers": {"note": "半途"}}


@pytest.mark.parametrize("version", PAST_VERSIONS)
def test_nothing_stays_in_clear_after_the_upgrade(tmp_path: Path, version: int) -> None:
    home = open_home(tmp_path / "device")
    sealed_before = old_outbox(home.outbox_path, version)
    in_clear = [text.encode() for text in (*sealed_before, "半途", "寻乌县", "缺照片")]
    assert in_clear[0] in home.outbox_path.read_bytes()
    open_outbox(home).close()
    for file in [path for path in home.path.rglob("*") if path.is_file()]:
        assert not any(text in file.read_bytes() for text in in_clear), file
    assert not list(home.path.glob("*.copy"))


@pytest.mark.parametrize("version", PAST_VERSIONS)
def test_the_copy_made_before_stays_until_every_row_was_read(
    tmp_path: Path, version: int
) -> None:
    home = open_home(tmp_path / "device")
    sealed_before = old_outbox(home.outbox_path, version)
    reader = sqlite3.connect(home.outbox_path)
    with closing(reader):
        # Whoever still reads the old rows keeps them, and with them the copy.
        reader.execute("BEGIN")
        reader.execute("SELECT * FROM record").fetchone()
        open_outbox(home).close()
        require_copy(home, version, sealed_before)
    open_outbox(home).close()
    assert not list(home.path.glob("*.copy"))


def require_copy(home: Home, version: int, sealed_before: list[str]) -> None:
    copy = home.path / f"outbox.sqlite3.v{version}.copy"
    with closing(sqlite3.connect(copy)) as connection:
        assert version_of(connection) == version
        assert [row[0] for row in connection.execute("SELECT jws FROM record")] == (
            sealed_before
        )


@pytest.mark.parametrize("version", PAST_VERSIONS)
def test_a_step_that_fails_leaves_the_old_version_whole(
    tmp_path: Path, version: int
) -> None:
    home = open_home(tmp_path / "device")
    sealed_before = old_outbox(home.outbox_path, version)
    with closing(connect(home.outbox_path)) as connection:
        # What the last step wants to create is there already, so it must fail.
        connection.execute("CREATE TABLE record_encrypted (in_the_way TEXT)")
    with pytest.raises(sqlite3.OperationalError):
        open_outbox(home)
    with closing(connect(home.outbox_path)) as connection:
        assert version_of(connection) == version
        found = connection.execute("SELECT jws FROM record").fetchall()
        assert [row[0] for row in found] == sealed_before
        columns = connection.execute("PRAGMA table_info(record)").fetchall()
        assert "jws" in [column[1] for column in columns]
        assert version > 1 or "status" not in [column[1] for column in columns]


def test_a_new_outbox_needs_no_copy(home: Home) -> None:
    assert not list(home.path.glob("*.copy"))
    with closing(connect(home.outbox_path)) as connection:
        assert version_of(connection) == NEWEST == len(STEPS)


def test_the_chain_goes_on_where_it_was_before_the_upgrade(
    recorder: Recorder, quick: dict[str, Any], home: Home
) -> None:
    first = recorder.record(quick).sealed
    # As the first version left it: without what later steps added.
    recorder.outbox.close()
    write_as_version(home, 1)
    recorder.outbox = SqliteOutbox(home.outbox_path)
    with recorder.outbox:
        second = recorder.record(quick).sealed
    assert (second.seq, second.prev) == (first.seq + 1, first.hash)
