"""A backup put back: all of it or nothing, and in a new epoch.

The new epoch tells every device that records it believes delivered may be
gone, so that it offers them again.
"""

import zipfile
from itertools import islice
from pathlib import Path
from typing import NamedTuple

import sqlalchemy as sa

from geo.errors import Message
from server.backup import (
    BackupRefused,
    Manifest,
    Tell,
    read_manifest,
    read_rows,
    require_whole,
    revision_of,
)
from server.bureau import Bureau
from server.database import writing
from server.devices import revoke_again
from server.epochs import current_epoch, open_epoch
from server.forgotten import Decision, decisions
from server.migrations import upgrade
from server.publishing import publish
from server.reference_data import ReferenceData
from server.rows import rows_of
from server.tables import device, ledger_head, metadata, receipt, record

_ROWS_AT_ONCE = 1_000
_FILLED_BY_USE = (record, receipt, device)


class Restored(NamedTuple):
    """What was put back, and which decisions of the database before it lacks."""

    manifest: Manifest
    forgotten: list[Decision]


def restore_backup(
    bureau: Bureau, path: Path, tell: Tell, *, replace: bool = False
) -> Restored:
    """Put a backup's rows in place of the database's, and open a new epoch.

    Revocations are kept apart from the database and hold again afterwards;
    rulings and areas since the backup do not, and are named if they were here.

    Parameters
    ----------
    replace : bool
        Whether a database that already took records or devices may be
        emptied first; its rows are lost.
    tell : callable
        Told a table's name and how many of its rows are back.

    Raises
    ------
    BackupRefused
        ``backup-missing``, ``backup-malformed``, ``backup-damaged``,
        ``backup-revision`` (made by another version of the tables) or
        ``restore-not-empty``. The database is then as it was.
    """
    upgrade(bureau.engine)
    with _opened(path) as archive:
        manifest = read_manifest(archive)
        require_whole(archive, manifest)
        with writing(bureau.engine) as connection:
            _require_same_revision(connection, manifest)
            if not replace:
                _require_unused(connection)
            before = decisions(connection)
            _put_in_place(connection, bureau, archive, tell)
            held = {each.id for each in decisions(connection)}
    return Restored(manifest, [each for each in before if each.id not in held])


def _put_in_place(
    connection: sa.Connection, bureau: Bureau, archive: zipfile.ZipFile, tell: Tell
) -> None:
    now, seen = bureau.clock(), current_epoch(connection)
    _empty(connection)
    _fill(connection, archive, tell)
    open_epoch(connection, "restore", now, seen)
    publish(connection, bureau.key, now)
    references = ReferenceData(convert_datum=bureau.settings.convert_datum)
    revoke_again(connection, bureau.settings.keys_folder, references, now)


def _opened(path: Path) -> zipfile.ZipFile:
    try:
        return zipfile.ZipFile(path)
    except FileNotFoundError as fault:
        raise BackupRefused(
            "backup-missing", Message(zh=f"没有文件 {path}", en=f"there is no {path}")
        ) from fault
    except (zipfile.BadZipFile, OSError) as fault:
        raise BackupRefused(
            "backup-malformed",
            Message(
                zh=f"这不是完整的备份文件（{fault}）：请重新拷贝，或换一份备份",
                en=f"not a whole backup ({fault}): copy it again, or take another",
            ),
        ) from fault


def _require_same_revision(connection: sa.Connection, manifest: Manifest) -> None:
    if manifest.revision != revision_of(connection):
        raise BackupRefused(
            "backup-revision",
            Message(
                zh=f"备份来自另一版本的数据库结构（{manifest.revision}）："
                f"请用 {manifest.software} 版恢复后再升级",
                en=f"the backup has other tables ({manifest.revision}): restore it "
                f"with version {manifest.software}, then upgrade",
            ),
        )


def _require_unused(connection: sa.Connection) -> None:
    for table in _FILLED_BY_USE:
        if connection.execute(sa.select(sa.literal(1)).select_from(table)).first():
            raise BackupRefused(
                "restore-not-empty",
                Message(
                    zh="数据库中已有记录或设备；确认放弃它们请加 --replace",
                    en="the database holds records or devices already; "
                    "--replace gives them up",
                ),
            )


def _empty(connection: sa.Connection) -> None:
    for table in reversed(metadata.sorted_tables):
        if table is not ledger_head:  # its row is the writer's lock
            connection.execute(table.delete())


def _fill(connection: sa.Connection, archive: zipfile.ZipFile, tell: Tell) -> None:
    rows = rows_of(connection)
    for table in metadata.sorted_tables:
        found = read_rows(archive, table)
        if table is ledger_head:
            for _one, position, number in found:
                connection.execute(
                    ledger_head.update().values(position=position, epoch=number)
                )
            continue
        count = 0
        while part := list(islice(found, _ROWS_AT_ONCE)):
            rows.insert(table, part)
            count += len(part)
            tell(table.name, count)
