"""Finding records, photographs and counts in the outbox."""

import sqlite3

from fieldkit.outbox.rows import COLUMNS, PhotoCount, PhotoOnFile, StoredRecord

_PHOTO = "photo.sha256, photo.bytes, photo.media_type, photo.state, receipt, photo.epoch"


def records(
    connection: sqlite3.Connection, state: str | None = None
) -> list[StoredRecord]:
    """Return the records in the order of sealing, of one state or all."""
    where, values = ("WHERE state = ?", (state,)) if state else ("", ())
    rows = connection.execute(
        f"SELECT {COLUMNS} FROM record {where} ORDER BY position", values
    )
    return [StoredRecord.from_row(row) for row in rows]


def find(connection: sqlite3.Connection, name: str) -> list[StoredRecord]:
    """Return the records whose id begins with ``name``, or with that number."""
    # LIKE would read % and _ in what a person typed.
    rows = connection.execute(
        f"SELECT {COLUMNS} FROM record WHERE substr(id, 1, ?) = ? OR record_no = ? "
        "ORDER BY position",
        (len(name), name, name),
    )
    return [StoredRecord.from_row(row) for row in rows]


def versions(connection: sqlite3.Connection, root_id: str) -> list[StoredRecord]:
    """Return an observation and what changed it, oldest first."""
    rows = connection.execute(
        f"SELECT {COLUMNS} FROM record WHERE id = ? OR amendment_of = ? "
        "ORDER BY position",
        (root_id, root_id),
    )
    return [StoredRecord.from_row(row) for row in rows]


def newest(connection: sqlite3.Connection, kind: str) -> StoredRecord | None:
    """Return the record of that kind sealed last."""
    row = connection.execute(
        f"SELECT {COLUMNS} FROM record WHERE kind = ? ORDER BY position DESC LIMIT 1",
        (kind,),
    ).fetchone()
    return StoredRecord.from_row(row) if row else None


def counts(connection: sqlite3.Connection) -> dict[str, int]:
    """Return how many drafts, sealed and delivered records there are."""
    found = dict(
        connection.execute("SELECT state, count(*) FROM record GROUP BY state").fetchall()
    )
    drafts = connection.execute("SELECT count(*) FROM draft").fetchone()[0]
    return {
        "draft": drafts,
        "sealed": found.get("sealed", 0),
        "delivered": found.get("delivered", 0),
    }


def outcomes(connection: sqlite3.Connection) -> dict[str, int]:
    """Return how many records have each newest status, or outcome without one."""
    rows = connection.execute(
        "SELECT coalesce(status, outcome), count(*) FROM record "
        "WHERE coalesce(status, outcome) IS NOT NULL GROUP BY 1"
    )
    return dict(rows.fetchall())


def oldest_unsent_at(connection: sqlite3.Connection) -> str | None:
    """Return when the oldest record without a receipt was sealed."""
    row = connection.execute(
        "SELECT sealed_at FROM record WHERE state = 'sealed' ORDER BY position LIMIT 1"
    ).fetchone()
    return row[0] if row else None


def photos(connection: sqlite3.Connection, state: str | None = None) -> list[PhotoOnFile]:
    """Return the photographs on file in the order they were first named."""
    where, values = ("WHERE photo.state = ?", (state,)) if state else ("", ())
    rows = connection.execute(
        f"SELECT {_PHOTO} FROM photo JOIN record_photo USING (sha256) {where} "
        "GROUP BY photo.sha256 ORDER BY min(record_position)",
        values,
    )
    return [PhotoOnFile(*row) for row in rows]


def photos_to_send(connection: sqlite3.Connection) -> list[PhotoOnFile]:
    """Return held photographs that a delivered record names: records go first."""
    rows = connection.execute(
        f"SELECT {_PHOTO} FROM photo JOIN record_photo USING (sha256) "
        "JOIN record ON record.position = record_position "
        "WHERE photo.state = 'held' AND record.state = 'delivered' "
        "GROUP BY photo.sha256 ORDER BY min(record_position)"
    )
    return [PhotoOnFile(*row) for row in rows]


def photo(connection: sqlite3.Connection, sha256: str) -> PhotoOnFile | None:
    """Return one photograph by the hash of its bytes."""
    row = connection.execute(
        f"SELECT {_PHOTO} FROM photo WHERE sha256 = ?", (sha256,)
    ).fetchone()
    return PhotoOnFile(*row) if row else None


def photo_counts(connection: sqlite3.Connection) -> dict[int, PhotoCount]:
    """Return by record position how many photographs it names and how many arrived."""
    rows = connection.execute(
        "SELECT record_position, count(*), sum(state = 'delivered'), "
        "sum(state = 'missing') FROM record_photo JOIN photo USING (sha256) "
        "GROUP BY record_position"
    )
    return {row[0]: PhotoCount(*row[1:]) for row in rows}
