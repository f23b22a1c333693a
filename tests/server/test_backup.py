"""Backup and restore: the same rows back, in a new epoch, or nothing touched."""

import json
import stat
import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from server.backup import BackupRefused, read_manifest, require_whole, write_backup
from server.bureau import Bureau
from server.database import open_engine, writing
from server.epochs import current_epoch, ensure_epoch
from server.keys import Revocation, keep_revocation
from server.migrations import upgrade
from server.restore import restore_backup
from server.settings import Settings
from server.tables import (
    device,
    ledger_head,
    metadata,
    record,
    reference_manifest,
    status_event,
)
from sync.keys import SigningKey

KEY = SigningKey.from_random(bytes(range(48)))
# These a restore writes itself: the new epoch, and a manifest newer than it.
OWN = ("ledger_head", "epoch", "reference_document", "reference_manifest")
NOW = datetime(2024, 1, 5, 8, tzinfo=UTC)


def quiet(_table: str, _rows: int) -> None:
    pass


def value_for(column: sa.Column[Any], n: int) -> Any:
    """A value for any column: Chinese, quotes and line ends where it is text."""
    if isinstance(column.type, sa.Boolean):
        return n % 2 == 0
    if isinstance(column.type, sa.Double):
        return -0.1 * n
    if isinstance(column.type, sa.Text):
        return f'寻乌 "{n}"\n' if n or column.primary_key else f"{n}"
    return n


def row_of(table: sa.Table, n: int) -> dict[str, Any]:
    values = {column.name: value_for(column, n) for column in table.columns}
    for key in table.foreign_keys:
        values[key.parent.name] = value_for(key.column, n)
    return values


def fill(engine: sa.Engine, rows: int = 3) -> None:
    """Put rows into every table, without the software that would."""
    upgrade(engine)
    with writing(engine) as connection:
        ensure_epoch(connection, NOW)
        for table in metadata.sorted_tables:
            if table.name in OWN:
                continue
            connection.execute(table.insert(), [row_of(table, n) for n in range(rows)])
        connection.execute(ledger_head.update().values(position=3))


def put_back(engine: sa.Engine, path: Path, replace: bool = False) -> None:
    settings = Settings(home=path.parent / "home", database_url=str(engine.url))
    bureau = Bureau(settings, engine, KEY, lambda: NOW)
    restore_backup(bureau, path, quiet, replace=replace)


def contents(engine: sa.Engine) -> dict[str, list[Any]]:
    with engine.connect() as connection:
        return {
            table.name: sorted(map(tuple, connection.execute(sa.select(table))))
            for table in metadata.sorted_tables
            if table.name not in OWN
        }


@pytest.fixture
def engine(database_url: str) -> Iterator[sa.Engine]:
    engine = open_engine(database_url)
    yield engine
    engine.dispose()


@pytest.fixture
def other_engine(tmp_path: Path) -> Iterator[sa.Engine]:
    engine = open_engine(f"sqlite:///{tmp_path / 'other.sqlite3'}")
    yield engine
    engine.dispose()


def test_every_row_of_every_table_comes_back_in_another_database(
    engine: sa.Engine, other_engine: sa.Engine, tmp_path: Path
) -> None:
    fill(engine, rows=1203)
    write_backup(engine, tmp_path / "b.zip", NOW, quiet)
    put_back(other_engine, tmp_path / "b.zip")
    assert contents(other_engine) == contents(engine)


def test_a_backup_of_sqlite_goes_into_either_database(
    engine: sa.Engine, other_engine: sa.Engine, tmp_path: Path
) -> None:
    fill(other_engine, rows=5)
    write_backup(other_engine, tmp_path / "b.zip", NOW, quiet)
    put_back(engine, tmp_path / "b.zip")
    assert contents(engine) == contents(other_engine)


def test_a_restore_opens_a_new_epoch_above_both(
    engine: sa.Engine, other_engine: sa.Engine, tmp_path: Path
) -> None:
    """Lesson 10: restored from a backup, and clients believe they are done."""
    fill(engine)
    write_backup(engine, tmp_path / "b.zip", NOW, quiet)
    for _ in range(3):
        put_back(engine, tmp_path / "b.zip", replace=True)
    with engine.connect() as connection:
        assert current_epoch(connection) == 4
        head = connection.execute(sa.select(ledger_head)).one()
    assert (head.position, head.epoch) == (3, 4)


def test_a_database_in_use_is_not_overwritten_unless_told(
    engine: sa.Engine, tmp_path: Path
) -> None:
    fill(engine)
    write_backup(engine, tmp_path / "b.zip", NOW, quiet)
    with writing(engine) as connection:
        connection.execute(status_event.delete())
    before = contents(engine)
    with pytest.raises(BackupRefused) as refused:
        put_back(engine, tmp_path / "b.zip")
    assert refused.value.code == "restore-not-empty"
    assert contents(engine) == before
    put_back(engine, tmp_path / "b.zip", replace=True)
    assert len(contents(engine)["status_event"]) == 3


def altered(path: Path, member: str, change: Any) -> None:
    with zipfile.ZipFile(path) as archive:
        kept = {name: archive.read(name) for name in archive.namelist()}
    kept[member] = change(kept[member])
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in kept.items():
            archive.writestr(name, data)


@pytest.mark.parametrize(
    ("member", "change", "code"),
    [
        ("tables/record.jsonl", lambda b: b.replace(b"1", b"2", 1), "backup-damaged"),
        ("tables/record.jsonl", lambda b: b + b.splitlines()[0], "backup-damaged"),
        ("tables/device.jsonl", lambda b: b"", "backup-damaged"),
        ("manifest.json", lambda b: b"{}", "backup-malformed"),
        ("manifest.json", lambda b: b"", "backup-malformed"),
        (
            "manifest.json",
            lambda b: json.dumps(json.loads(b) | {"revision": "9999"}).encode(),
            "backup-revision",
        ),
    ],
)
def test_a_damaged_backup_is_refused_before_anything_is_touched(
    engine: sa.Engine, tmp_path: Path, member: str, change: Any, code: str
) -> None:
    fill(engine)
    write_backup(engine, tmp_path / "b.zip", NOW, quiet)
    altered(tmp_path / "b.zip", member, change)
    before = contents(engine)
    with pytest.raises(BackupRefused) as refused:
        put_back(engine, tmp_path / "b.zip", replace=True)
    assert refused.value.code == code
    assert contents(engine) == before


def test_a_backup_with_a_flipped_byte_is_refused_in_words(
    engine: sa.Engine, tmp_path: Path
) -> None:
    fill(engine, rows=200)
    path = tmp_path / "b.zip"
    write_backup(engine, path, NOW, quiet)
    with zipfile.ZipFile(path) as archive:
        middle = archive.getinfo("tables/record.jsonl")
        at = middle.header_offset + middle.compress_size // 2
    whole, refusals = path.read_bytes(), set()
    for offset in range(at, at + 60):
        path.write_bytes(whole[:offset] + b"\xff" + whole[offset + 1 :])
        with zipfile.ZipFile(path) as archive, pytest.raises(BackupRefused) as refused:
            require_whole(archive, read_manifest(archive))
        refusals.add(refused.value.code)
    assert refusals == {"backup-damaged"}


def test_a_file_that_is_no_backup_or_not_there_is_refused(
    engine: sa.Engine, tmp_path: Path
) -> None:
    (tmp_path / "b.zip").write_bytes(b"PK but not really")
    for name, code in (("b.zip", "backup-malformed"), ("c.zip", "backup-missing")):
        with pytest.raises(BackupRefused) as refused:
            put_back(engine, tmp_path / name)
        assert refused.value.code == code


def test_a_backup_is_private_and_never_overwrites(
    engine: sa.Engine, tmp_path: Path
) -> None:
    upgrade(engine)
    path = tmp_path / "b.zip"
    write_backup(engine, path, NOW, quiet)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    with pytest.raises(BackupRefused) as refused:
        write_backup(engine, path, NOW, quiet)
    assert refused.value.code == "backup-exists"
    assert list(tmp_path.glob("*.partial")) == []


def test_a_record_that_comes_during_the_backup_is_whole_or_absent(
    engine: sa.Engine, other_engine: sa.Engine, tmp_path: Path
) -> None:
    """Taken from one state: no event without its record, whatever commits meanwhile."""
    fill(engine)

    def write_more(_table: str, _rows: int) -> None:
        with writing(engine) as connection:
            n = 100 + connection.scalar(sa.select(sa.func.count()).select_from(record))
            connection.execute(record.insert().values(row_of(record, n)))

    manifest = write_backup(engine, tmp_path / "b.zip", NOW, write_more)
    assert {entry.rows for entry in manifest.tables if entry.name == "record"} == {3}
    put_back(other_engine, tmp_path / "b.zip")
    assert len(contents(other_engine)["record"]) == 3


def test_a_device_revoked_since_the_backup_stays_revoked(
    engine: sa.Engine, tmp_path: Path
) -> None:
    """Revocations are kept apart from the database, so a restore forgets none."""
    fill(engine)
    with writing(engine) as connection:
        connection.execute(record.delete())  # made-up ones cannot be judged anew
    write_backup(engine, tmp_path / "b.zip", NOW, quiet)
    device_id = value_for(device.c.id, 1)
    revocation = Revocation(device_id, "2024-01-05T08:00:00.000Z")
    keep_revocation(tmp_path / "home" / "keys", revocation)
    put_back(engine, tmp_path / "b.zip", replace=True)
    with engine.connect() as connection:
        state = connection.scalar(
            sa.select(device.c.state).where(device.c.id == device_id)
        )
    assert state == "revoked"


def test_after_a_restore_the_reference_is_signed_anew_with_a_higher_serial(
    engine: sa.Engine, tmp_path: Path
) -> None:
    """Devices hold a newer manifest than the backup's and take no older one."""
    upgrade(engine)
    write_backup(engine, tmp_path / "b.zip", NOW, quiet)
    serials = []
    for _ in range(2):
        put_back(engine, tmp_path / "b.zip", replace=True)
        with engine.connect() as connection:
            newest = sa.select(sa.func.max(reference_manifest.c.serial))
            serials.append(connection.scalar(newest))
    assert serials[0] == serials[1] == int(NOW.timestamp())
