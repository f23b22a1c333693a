"""The outbox's tables, one step per version, with a copy of the file before.

A step is never changed once released: a device may be years behind and hold
records that nobody else has (lesson 13: Eventra#2744 dropped the queue).
"""

import os
import sqlite3
from contextlib import suppress
from pathlib import Path

from fieldkit.disk import no_room_in_words, require_room, sync_folder
from fieldkit.errors import OutboxTooNew
from fieldkit.outbox.connection import writing
from geo.errors import Message

SEALED_AND_DELIVERED = (
    "CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID",
    # The head survives the records before it: a sequence is never used twice.
    """CREATE TABLE chain (
        device_id TEXT PRIMARY KEY, seq INTEGER NOT NULL, hash TEXT NOT NULL
    ) WITHOUT ROWID""",
    """CREATE TABLE record (
        position INTEGER PRIMARY KEY, device_id TEXT NOT NULL, seq INTEGER NOT NULL,
        id TEXT NOT NULL UNIQUE, hash TEXT NOT NULL, kind TEXT NOT NULL,
        amends TEXT, sealed_at TEXT NOT NULL, record_no TEXT, jws TEXT NOT NULL,
        state TEXT NOT NULL DEFAULT 'sealed'
            CHECK (state IN ('sealed', 'delivered', 'refused')),
        outcome TEXT, code TEXT, field TEXT, reason_zh TEXT, reason_en TEXT,
        server_position INTEGER, received_at TEXT, receipt_id TEXT, epoch INTEGER
    )""",
    "CREATE INDEX record_unsent ON record (position) WHERE state = 'sealed'",
    """CREATE TABLE receipt (
        id TEXT PRIMARY KEY, epoch INTEGER NOT NULL, newest_position INTEGER NOT NULL,
        issued_at TEXT NOT NULL, jws TEXT NOT NULL
    )""",
    """CREATE TABLE photo (
        sha256 TEXT PRIMARY KEY, bytes INTEGER NOT NULL, media_type TEXT NOT NULL,
        state TEXT NOT NULL DEFAULT 'held'
            CHECK (state IN ('held', 'delivered', 'missing')),
        receipt TEXT, epoch INTEGER
    ) WITHOUT ROWID""",
    """CREATE TABLE record_photo (
        record_position INTEGER NOT NULL REFERENCES record (position),
        sha256 TEXT NOT NULL REFERENCES photo (sha256),
        PRIMARY KEY (record_position, sha256)
    ) WITHOUT ROWID""",
    "CREATE INDEX record_photo_by_hash ON record_photo (sha256)",
    """CREATE TABLE reference_document (
        sha256 TEXT PRIMARY KEY, name TEXT NOT NULL, kind TEXT NOT NULL,
        version TEXT NOT NULL, body BLOB NOT NULL
    ) WITHOUT ROWID""",
    """CREATE TABLE reference_manifest (
        serial INTEGER PRIMARY KEY, issued_at TEXT NOT NULL, jws TEXT NOT NULL,
        received_at TEXT NOT NULL
    )""",
)

LATER_STATUS_AND_DRAFTS = (
    "ALTER TABLE record ADD COLUMN status TEXT",
    "ALTER TABLE record ADD COLUMN status_at TEXT",
    "ALTER TABLE record ADD COLUMN amendment_of TEXT",
    """CREATE TABLE draft (
        id INTEGER PRIMARY KEY AUTOINCREMENT, started_at TEXT NOT NULL,
        changed_at TEXT NOT NULL, body TEXT NOT NULL
    )""",
)

PLAIN_META = frozenset(
    {"epoch", "status_cursor", "last_contact_at", "server_clock", "remains"}
)
"""Facts that stay in clear: the sync needs them, and they are times and numbers."""

_KEPT = """position, device_id, seq, id, hash, kind, amends, sealed_at, amendment_of,
    state, outcome, code, status, status_at, server_position, received_at,
    receipt_id, epoch"""
_PLAIN_NAMES = ", ".join(f"'{name}'" for name in sorted(PLAIN_META))

ENCRYPTED_AT_REST = (
    """CREATE TABLE store_key (
        id TEXT PRIMARY KEY, wrapped TEXT NOT NULL
    ) WITHOUT ROWID""",
    """CREATE TABLE record_encrypted (
        position INTEGER PRIMARY KEY, device_id TEXT NOT NULL, seq INTEGER NOT NULL,
        id TEXT NOT NULL UNIQUE, hash TEXT NOT NULL, kind TEXT NOT NULL,
        amends TEXT, sealed_at TEXT NOT NULL, amendment_of TEXT,
        state TEXT NOT NULL DEFAULT 'sealed'
            CHECK (state IN ('sealed', 'delivered', 'refused')),
        outcome TEXT, code TEXT, status TEXT, status_at TEXT,
        server_position INTEGER, received_at TEXT, receipt_id TEXT, epoch INTEGER,
        envelope BLOB NOT NULL, field BLOB, reason BLOB
    )""",
    f"""INSERT INTO record_encrypted SELECT {_KEPT},
        sealed(coalesce(record_no, '') || char(10) || jws, 'record', device_id, seq,
            id, hash, kind, amends, sealed_at, amendment_of),
        sealed(field, 'field', id),
        CASE WHEN coalesce(reason_zh, reason_en) IS NOT NULL THEN sealed(
            json_array(coalesce(reason_zh, ''), coalesce(reason_en, '')),
            'reason', id) END
        FROM record""",
    "DROP TABLE record",
    "ALTER TABLE record_encrypted RENAME TO record",
    "CREATE INDEX record_unsent ON record (position) WHERE state = 'sealed'",
    "UPDATE draft SET body = sealed(body, 'draft', id)",
    "UPDATE meta SET value = sealed(value, 'meta', key) "
    f"WHERE key NOT IN ({_PLAIN_NAMES})",
    "INSERT INTO meta (key, value) VALUES ('remains', 'outbox files')",
)
"""Before it, everything lay in clear; `fieldkit.outbox.remains` clears up after it."""

STEPS: tuple[tuple[str, ...], ...] = (
    SEALED_AND_DELIVERED,
    LATER_STATUS_AND_DRAFTS,
    ENCRYPTED_AT_REST,
)
NEWEST = len(STEPS)


def migrate(connection: sqlite3.Connection, path: Path, *, upto: int = NEWEST) -> None:
    """Bring the tables to version ``upto``, every row kept.

    All steps happen in one transaction. Before it, a file that holds tables
    is copied to ``outbox.sqlite3.v<version>.copy``, durably. What a step
    encrypts needs the functions of `fieldkit.vault.columns` on the connection.

    Raises
    ------
    OutboxTooNew
        The file was written by a newer version; nothing is touched.
    DiskFull
        There is no room for the copy; nothing is touched.
    """
    found = version_of(connection)
    if found == upto:
        return
    if found > NEWEST:
        raise OutboxTooNew(
            Message(
                zh=f"本机记录由更新版本的软件写入（格式 {found}，本软件支持到 "
                f"{NEWEST}）。请升级软件；记录未受影响。",
                en=f"The records were written by a newer version of the software "
                f"(format {found}, this one knows {NEWEST}). Upgrade it; the "
                "records are untouched.",
            )
        )
    if found:
        copy_before(connection, path, found)
    # A table that others refer to is rebuilt (sqlite.org/lang_altertable.html, 7).
    connection.execute("PRAGMA foreign_keys=OFF")
    # What is deleted was in clear: its bytes are overwritten.
    connection.execute("PRAGMA secure_delete=ON")
    try:
        with writing(connection):
            _take_steps(connection, upto)
    finally:
        connection.execute("PRAGMA foreign_keys=ON")


def _take_steps(connection: sqlite3.Connection, upto: int) -> None:
    for step in range(version_of(connection), upto):
        for statement in STEPS[step]:
            connection.execute(statement)
    connection.execute(f"PRAGMA user_version={upto}")


def version_of(connection: sqlite3.Connection) -> int:
    """Return the version of the tables, 0 for an empty file."""
    return int(connection.execute("PRAGMA user_version").fetchone()[0])


def copy_before(connection: sqlite3.Connection, path: Path, version: int) -> Path:
    """Leave a durable copy of the database beside it and return its path."""
    copy = path.with_name(f"{path.name}.v{version}.copy")
    partial = copy.with_name(copy.name + ".part")
    require_room(path.parent, path.stat().st_size)
    try:
        with no_room_in_words(copy.name):
            partial.unlink(missing_ok=True)
            connection.execute("VACUUM INTO ?", (str(partial),))
            with partial.open("rb+") as file:
                os.fsync(file.fileno())
            os.replace(partial, copy)
            sync_folder(copy.parent)
    finally:
        with suppress(FileNotFoundError):
            partial.unlink()
    return copy
