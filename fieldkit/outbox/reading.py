"""Finding records, photographs and counts in the outbox."""

import json
import sqlite3
from collections.abc import Collection

from fieldkit.outbox.rows import (
    COLUMNS,
    TEXT,
    PhotoCount,
    StoredRecord,
    stored_record,
)
from sync.outbox_port import BlobRef, OutboxState, PendingBlob

_LISTED = "FROM json_each(?)"


def _listed(positions: Collection[int]) -> str:
    return json.dumps(list(positions))


def records(
    connection: sqlite3.Connection, state: OutboxState | None = None
) -> list[StoredRecord]:
    """Return the records in the order of sealing, of one state or all."""
    where, values = ("WHERE state = ?", (state.value,)) if state else ("", ())
    rows = connection.execute(
        f"SELECT {COLUMNS} FROM record {where} ORDER BY position", values
    )
    return [stored_record(row) for row in rows]


def page(
    connection: sqlite3.Connection, state: str | None, offset: int, limit: int
) -> tuple[list[StoredRecord], int]:
    """Return some records, the newest first, and how many there are in all.

    ``state`` is a record's state or the server's newest word on it.
    """
    where, values = _in_state(state)
    rows = connection.execute(
        f"SELECT {COLUMNS} FROM record {where} ORDER BY position DESC LIMIT ? OFFSET ?",
        (*values, limit, offset),
    )
    found = [stored_record(row) for row in rows]
    counted = connection.execute(f"SELECT count(*) FROM record {where}", values)
    return found, int(counted.fetchone()[0])


def names(connection: sqlite3.Connection, state: str | None) -> list[tuple[int, str]]:
    """Return (position, id) of records, the newest first; ``state`` as of `page`."""
    where, values = _in_state(state)
    return connection.execute(
        f"SELECT position, id FROM record {where} ORDER BY position DESC", values
    ).fetchall()


def _in_state(state: str | None) -> tuple[str, tuple[str, ...]]:
    return ("WHERE ? IN (state, status)", (state,)) if state else ("", ())


def at(
    connection: sqlite3.Connection, positions: Collection[int]
) -> list[StoredRecord]:
    """Return the records at these positions, the newest first."""
    rows = connection.execute(
        f"SELECT {COLUMNS} FROM record WHERE position IN (SELECT value {_LISTED}) "
        "ORDER BY position DESC",
        (_listed(positions),),
    )
    return [stored_record(row) for row in rows]


def by_id(connection: sqlite3.Connection, record_id: str) -> StoredRecord | None:
    """Return the record of this id."""
    row = connection.execute(
        f"SELECT {COLUMNS} FROM record WHERE id = ?", (record_id,)
    ).fetchone()
    return stored_record(row) if row else None


def find(connection: sqlite3.Connection, name: str) -> list[StoredRecord]:
    """Return the records whose id begins with ``name``, or with that number."""
    # LIKE would read % and _ in what a person typed.
    rows = connection.execute(
        f"SELECT {COLUMNS} FROM record WHERE substr(id, 1, ?) = ? "
        f"OR substr({TEXT}, 1, ?) = ? ORDER BY position",
        (len(name), name, len(name) + 1, f"{name}\n"),
    )
    return [stored_record(row) for row in rows]


def versions(connection: sqlite3.Connection, root_id: str) -> list[StoredRecord]:
    """Return an observation and what changed it, oldest first."""
    rows = connection.execute(
        f"SELECT {COLUMNS} FROM record WHERE id = ? OR amendment_of = ? "
        "ORDER BY position",
        (root_id, root_id),
    )
    return [stored_record(row) for row in rows]


def newest(connection: sqlite3.Connection, kind: str) -> StoredRecord | None:
    """Return the record of that kind sealed last."""
    row = connection.execute(
        f"SELECT {COLUMNS} FROM record WHERE kind = ? ORDER BY position DESC LIMIT 1",
        (kind,),
    ).fetchone()
    return stored_record(row) if row else None


def unreadable(
    connection: sqlite3.Connection, after: int, again: Collection[int]
) -> list[StoredRecord]:
    """Return the records whose content cannot be opened here.

    Tried are those sealed after a position, and those at the positions ``again``.
    """
    tried = (
        f"SELECT position FROM record WHERE position > ? UNION SELECT value {_LISTED}"
    )
    rows = connection.execute(
        f"SELECT {COLUMNS} FROM record WHERE position IN ({tried}) "
        f"AND typeof({TEXT}) = 'blob' ORDER BY position",
        (after, _listed(again)),
    )
    return [stored_record(row) for row in rows]


def newest_position(connection: sqlite3.Connection) -> int:
    """Return the position of the record sealed last, 0 if there is none."""
    row = connection.execute("SELECT max(position) FROM record").fetchone()
    return int(row[0] or 0)


def unsent_ids(connection: sqlite3.Connection) -> frozenset[str]:
    """Return the records without a receipt, by id."""
    rows = connection.execute("SELECT id FROM record WHERE state <> 'delivered'")
    return frozenset(id for (id,) in rows)


def counts(connection: sqlite3.Connection) -> dict[str, int]:
    """Return how many drafts there are, and records in each state."""
    drafts = connection.execute("SELECT count(*) FROM draft").fetchone()[0]
    found = dict(
        connection.execute(
            "SELECT state, count(*) FROM record GROUP BY state"
        ).fetchall()
    )
    return {"draft": drafts} | {
        state.value: found.get(state, 0) for state in OutboxState
    }


def statuses(connection: sqlite3.Connection) -> dict[str, int]:
    """Return how many records have each newest status."""
    rows = connection.execute(
        "SELECT status, count(*) FROM record WHERE status IS NOT NULL GROUP BY status"
    )
    return dict(rows.fetchall())


def oldest_unsent_at(connection: sqlite3.Connection) -> str | None:
    """Return when the oldest record without a receipt was sealed."""
    row = connection.execute(
        "SELECT sealed_at FROM record WHERE state <> 'delivered' "
        "ORDER BY position LIMIT 1"
    ).fetchone()
    return row[0] if row else None


def blobs_to_send(connection: sqlite3.Connection, limit: int) -> list[PendingBlob]:
    """Return held photographs that a delivered record names: records go first.

    Those whose file is gone are left out until they are taken in again.
    """
    rows = connection.execute(
        "SELECT photo.sha256, photo.bytes, photo.media_type, record.id, "
        "record.device_id, min(position) FROM photo JOIN record_photo USING (sha256) "
        "JOIN record ON record.position = record_position "
        "WHERE photo.state = 'held' AND record.state = 'delivered' "
        "GROUP BY photo.sha256 ORDER BY min(position) LIMIT ?",
        (limit,),
    )
    return [PendingBlob(*row[:5]) for row in rows]


def blobs(connection: sqlite3.Connection, state: str | None = None) -> list[BlobRef]:
    """Return the photographs on file, ``held``, ``delivered``, ``missing`` or all."""
    where, values = ("WHERE state = ?", (state,)) if state else ("", ())
    rows = connection.execute(
        f"SELECT sha256, bytes, media_type FROM photo {where} ORDER BY sha256", values
    )
    return [BlobRef(*row) for row in rows]


def blob_states(connection: sqlite3.Connection) -> dict[str, int]:
    """Count the photographs on file by where they are."""
    rows = connection.execute("SELECT state, count(*) FROM photo GROUP BY state")
    return dict(rows.fetchall())


def is_named(connection: sqlite3.Connection, sha256: str) -> bool:
    """Tell whether a record names this photograph."""
    row = connection.execute(
        "SELECT 1 FROM photo WHERE sha256 = ?", (sha256,)
    ).fetchone()
    return row is not None


def photo_counts(
    connection: sqlite3.Connection, positions: Collection[int] | None = None
) -> dict[int, PhotoCount]:
    """Return by record position, of some or all, how many photographs are where."""
    is_all = positions is None
    where = "" if is_all else f"WHERE record_position IN (SELECT value {_LISTED})"
    rows = connection.execute(
        "SELECT record_position, count(*), sum(state = 'delivered'), "
        "sum(state = 'missing') FROM record_photo JOIN photo USING (sha256) "
        f"{where} GROUP BY record_position",
        () if positions is None else (_listed(positions),),
    )
    return {row[0]: PhotoCount(*row[1:]) for row in rows}
