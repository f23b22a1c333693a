"""A device's folder as an older version of the software would have left it."""

import json
import os
import sqlite3
from contextlib import closing

from fieldkit.draft_notes import DraftNotes
from fieldkit.home import Home
from fieldkit.keys import PemKeyStore
from fieldkit.outbox import open_outbox
from fieldkit.outbox.connection import connect, writing
from fieldkit.outbox.migrations import PLAIN_META, STEPS, migrate
from fieldkit.outbox.rows import TEXT
from fieldkit.photos import PhotoStore
from fieldkit.vault import vault_of
from sync.at_rest import split_record_text

SAME_TABLES = (
    "chain",
    "receipt",
    "photo",
    "record_photo",
    "reference_document",
    "reference_manifest",
)
LAST_IN_CLEAR = 2
LATER_COLUMNS = ("status", "status_at", "amendment_of")


def write_as_version(home: Home, version: int) -> None:
    """Turn the folder's outbox into one of ``version``, with all it holds."""
    assert version <= LAST_IN_CLEAR < len(STEPS)
    older = home.outbox_path.with_suffix(".older")
    with (
        open_outbox(home) as outbox,
        outbox._reading() as source,
        closing(connect(older)) as target,
    ):
        migrate(target, older, upto=version)
        target.execute("PRAGMA foreign_keys=OFF")
        with writing(target):
            copy_rows(source, target, version)
        target.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    for suffix in ("-wal", "-shm"):
        home.outbox_path.with_name(home.outbox_path.name + suffix).unlink(
            missing_ok=True
        )
    os.replace(older, home.outbox_path)


def leave_files_in_clear(home: Home) -> None:
    """Turn photographs, notes and keys into the plain files of older versions."""
    vault, photos = vault_of(home.path), PhotoStore(home.photos_path)
    for place in home.photos_path.glob("??/*"):
        content = photos.read(place.name)
        assert content is not None
        place.write_bytes(content)
    notes = DraftNotes(home.photos_path, vault)
    for draft in notes.drafts():
        for sha256 in notes.names(draft):
            text = json.dumps(notes.read(draft, sha256).to_json(), ensure_ascii=False)
            (notes.of(draft) / f"{sha256}.json").write_text(text, "utf-8")
            notes.remove(draft, sha256)
    for sealed in home.keys_path.glob("*.signing"):
        key = PemKeyStore(home).load(sealed.stem)
        sealed.with_suffix(".pem").write_bytes(key.to_pem())
        sealed.unlink()


def copy_rows(
    source: sqlite3.Connection, target: sqlite3.Connection, version: int
) -> None:
    for table in SAME_TABLES:
        insert_all(target, table, source.execute(f"SELECT * FROM {table}"))
    plain = ", ".join(f"'{name}'" for name in sorted(PLAIN_META))
    facts = source.execute(
        f"SELECT key, CASE WHEN key IN ({plain}) THEN value "
        "ELSE opened(value, 'meta', key) END FROM meta WHERE key <> 'remains'"
    )
    insert_all(target, "meta", facts)
    columns = (
        "position, device_id, seq, id, hash, kind, amends, sealed_at, state, outcome, "
        "code, server_position, received_at, receipt_id, epoch"
    )
    later = ", ".join(LATER_COLUMNS)
    rows = source.execute(
        f"SELECT {columns}, {later}, {TEXT}, opened(field, 'field', id), "
        "opened(reason, 'reason', id) FROM record ORDER BY position"
    )
    for row in rows.fetchall():
        *kept, text, field, reason = row
        number, jws = split_record_text(text)
        zh, en = json.loads(reason) if reason else (None, None)
        if version == 1:
            kept, names = kept[: -len(LATER_COLUMNS)], columns
        else:
            names = f"{columns}, {later}"
        values = (*kept, number, jws, field, zh, en)
        marks = ", ".join("?" * len(values))
        target.execute(
            f"INSERT INTO record ({names}, record_no, jws, field, reason_zh, reason_en)"
            f" VALUES ({marks})",
            values,
        )
    if version > 1:
        drafts = source.execute(
            "SELECT id, started_at, changed_at, opened(body, 'draft', id) FROM draft"
        )
        insert_all(target, "draft", drafts)


def insert_all(target: sqlite3.Connection, table: str, rows: sqlite3.Cursor) -> None:
    for row in rows.fetchall():
        target.execute(f"INSERT INTO {table} VALUES ({', '.join('?' * len(row))})", row)
