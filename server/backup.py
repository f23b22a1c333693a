"""A backup: every table as lines of JSON in one ZIP, readable without this program.

It is taken from one state of the ledger while the server runs, and goes into
SQLite and PostgreSQL alike. Photographs are files of their own that never
change (copy ``GI_HOME/blobs``); keys and revocations are kept apart from the
database on purpose (``GI_HOME/keys``).
"""

import hashlib
import os
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from datetime import datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

import orjson
import sqlalchemy as sa
from alembic.runtime.migration import MigrationContext

from geo.errors import Message
from server.database import reading
from server.durable_files import sync_folder
from server.epochs import current_epoch, timestamp
from server.errors import ServerError
from server.tables import ledger_head, metadata

FORMAT = "gi-backup/1"
MANIFEST = "manifest.json"
_ROWS_AT_ONCE = 2_000
_LINE = orjson.OPT_APPEND_NEWLINE | orjson.OPT_NON_STR_KEYS  # quoted column names

Tell = Callable[[str, int], None]


class BackupRefused(ServerError):
    """A backup cannot be written there, or is not whole."""


@dataclass(frozen=True, slots=True)
class TableEntry:
    """One table in a backup: the bytes that its lines must have."""

    name: str
    rows: int
    bytes: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a backup holds, and of which state of which database."""

    made_at: str
    software: str
    revision: str | None
    epoch: int
    position: int
    tables: tuple[TableEntry, ...]

    def document(self) -> dict[str, Any]:
        """Return the manifest as it stands in the ZIP."""
        return {"format": FORMAT, **asdict(self)}


def write_backup(engine: sa.Engine, path: Path, now: datetime, tell: Tell) -> Manifest:
    """Write a whole backup of one state to `path`, or nothing.

    Parameters
    ----------
    path : Path
        Must not exist; readable by its owner only.
    tell : callable
        Told a table's name and how many of its rows are written, every now
        and then.

    Raises
    ------
    BackupRefused
        ``backup-exists``.
    """
    if path.exists():
        raise BackupRefused(
            "backup-exists",
            Message(
                zh=f"{path} 已存在，不会覆盖", en=f"{path} exists; not overwritten"
            ),
        )
    draft = path.with_name(path.name + ".partial")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
                with reading(engine) as connection:
                    manifest = _write_tables(connection, archive, now, tell)
                text = orjson.dumps(manifest.document(), option=orjson.OPT_INDENT_2)
                archive.writestr(MANIFEST, text)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
        sync_folder(path.parent)
    finally:
        draft.unlink(missing_ok=True)
    return manifest


def read_manifest(archive: zipfile.ZipFile) -> Manifest:
    """Return the manifest of a backup.

    Raises
    ------
    BackupRefused
        ``backup-malformed`` if it is not a backup of this format.
    """
    try:
        document = orjson.loads(archive.read(MANIFEST))
        if document.pop("format") != FORMAT:
            raise ValueError("another format")
        tables = tuple(TableEntry(**entry) for entry in document.pop("tables"))
        return Manifest(**document, tables=tables)
    except (KeyError, TypeError, ValueError) as fault:
        raise BackupRefused(
            "backup-malformed",
            Message(
                zh=f"这不是本系统的备份文件（{fault}）："
                "请选 gi-server backup 写出的文件",
                en=f"not a backup of ours ({fault}): give a file that gi-server "
                "backup wrote",
            ),
        ) from fault


def require_whole(archive: zipfile.ZipFile, manifest: Manifest) -> None:
    """Read every table once and compare it with the manifest.

    Raises
    ------
    BackupRefused
        ``backup-damaged``, naming the table.
    """
    for entry in manifest.tables:
        digest, count = hashlib.sha256(), 0
        try:
            with archive.open(_member(entry.name)) as lines:
                for line in lines:
                    digest.update(line)
                    count += 1
        except (KeyError, zipfile.BadZipFile, zlib.error, EOFError, OSError):
            count = -1
        if count != entry.rows or digest.hexdigest() != entry.sha256:
            raise BackupRefused(
                "backup-damaged",
                Message(
                    zh=f"备份文件损坏：表 {entry.name}",
                    en=f"the backup is damaged: table {entry.name}",
                ),
            )


def read_rows(archive: zipfile.ZipFile, table: sa.Table) -> Iterator[tuple[Any, ...]]:
    """Yield a table's rows, their values in the order of its columns."""
    names = [column.name for column in table.columns]
    with archive.open(_member(table.name)) as lines:
        for line in lines:
            row = orjson.loads(line)
            yield tuple(row[name] for name in names)


def revision_of(connection: sa.Connection) -> str | None:
    """Return the migration that the database stands at; None before the first."""
    return MigrationContext.configure(connection).get_current_revision()


def _write_tables(
    connection: sa.Connection, archive: zipfile.ZipFile, now: datetime, tell: Tell
) -> Manifest:
    return Manifest(
        made_at=timestamp(now),
        software=version("gi-fieldkit"),
        revision=revision_of(connection),
        epoch=current_epoch(connection),
        position=int(connection.scalar(sa.select(ledger_head.c.position)) or 0),
        tables=tuple(
            _write_table(connection, archive, table, tell)
            for table in metadata.sorted_tables
        ),
    )


def _write_table(
    connection: sa.Connection, archive: zipfile.ZipFile, table: sa.Table, tell: Tell
) -> TableEntry:
    keys = list(table.primary_key.columns)
    streaming = connection.execution_options(yield_per=_ROWS_AT_ONCE)
    found = streaming.execute(sa.select(table).order_by(*keys)).mappings()
    digest, size, count = hashlib.sha256(), 0, 0
    with archive.open(_member(table.name), "w", force_zip64=True) as member:
        for part in found.partitions(_ROWS_AT_ONCE):
            data = b"".join(_line(row) for row in part)
            member.write(data)
            digest.update(data)
            size += len(data)
            count += len(part)
            tell(table.name, count)
    return TableEntry(table.name, count, size, digest.hexdigest())


def _line(row: sa.RowMapping) -> bytes:
    return orjson.dumps(dict(row), option=_LINE)


def _member(table_name: str) -> str:
    return f"tables/{table_name}.jsonl"
