"""Which photographs a record names: what a device may then upload, and no more."""

import re
from collections.abc import Iterable
from typing import Any

from server.rows import Rows
from server.tables import record_blob
from sync.ingest import Kept
from sync.record import OpenedRecord

_is_sha256 = re.compile(r"[0-9a-f]{64}").fullmatch
_MAX_BYTES = 2**53 - 1
_MAX_MEDIA_TYPE_CHARS = 100


def keep_named_blobs(
    rows: Rows, kept: Iterable[Kept], opened: Iterable[OpenedRecord | None]
) -> None:
    """Note the photographs that new records name.

    Also those of a quarantined record, as far as its list can be read: a
    ruling may yet accept it, and the photographs are evidence.

    Parameters
    ----------
    opened : iterable of OpenedRecord
        The record of each of `kept`, in the same order.
    """
    rows.insert(
        record_blob,
        [
            (
                row.position,
                file["sha256"],
                row.id,
                row.device_id,
                file["bytes"],
                file["media_type"],
            )
            for (_, row), record in zip(kept, opened, strict=True)
            for file in named_blobs(record)
        ],
    )


def named_blobs(record: OpenedRecord | None) -> list[dict[str, Any]]:
    """Return the readable, distinct photographs of a record's ``blobs``."""
    listed = record.payload.get("blobs") if record and record.payload else None
    if not isinstance(listed, list):
        return []
    return list({file["sha256"]: file for file in listed if _is_blob(file)}.values())


def _is_blob(file: object) -> bool:
    if not isinstance(file, dict):
        return False
    sha256, size, media_type = map(file.get, ("sha256", "bytes", "media_type"))
    return (
        isinstance(sha256, str)
        and _is_sha256(sha256) is not None
        and type(size) is int
        and 0 < size <= _MAX_BYTES
        and isinstance(media_type, str)
        and len(media_type) <= _MAX_MEDIA_TYPE_CHARS
        and media_type.isprintable()
    )
