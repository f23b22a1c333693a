"""Clearing up after the step that encrypted the outbox: nothing stays in clear.

The copy made before the upgrade holds every record as it was. It goes once the
encrypted file was opened and every row of it could be read; until then it
stays, and the next opening tries again.
"""

import sqlite3
from pathlib import Path

from fieldkit.disk import sync_folder
from fieldkit.outbox.rows import TEXT

_FIRST_ENCRYPTED = 3
OUTBOX, FILES = "outbox", "files"


def remove_remains(connection: sqlite3.Connection, path: Path) -> None:
    """Remove the copies in clear, unless something may still need them."""
    if not _is_all_readable(connection):
        return
    busy = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
    if busy:
        return
    for version in range(1, _FIRST_ENCRYPTED):
        copy = path.with_name(f"{path.name}.v{version}.copy")
        for file in (copy, copy.with_name(copy.name + ".part")):
            file.unlink(missing_ok=True)
    sync_folder(path.parent)
    note_removed(connection, OUTBOX)


def remains(connection: sqlite3.Connection) -> set[str]:
    """Return what may still lie here in clear: ``outbox``, ``files``."""
    row = connection.execute("SELECT value FROM meta WHERE key = 'remains'").fetchone()
    return set(row[0].split()) if row else set()


def note_removed(connection: sqlite3.Connection, part: str) -> None:
    """Note that nothing of this part lies here in clear any more."""
    left = " ".join(sorted(remains(connection) - {part}))
    connection.execute("UPDATE meta SET value = ? WHERE key = 'remains'", (left,))


def _is_all_readable(connection: sqlite3.Connection) -> bool:
    checks = (
        f"SELECT count(*) FROM record WHERE typeof({TEXT}) <> 'text'",
        "SELECT count(*) FROM draft WHERE typeof(opened(body, 'draft', id)) <> 'text'",
    )
    return not any(connection.execute(check).fetchone()[0] for check in checks)
