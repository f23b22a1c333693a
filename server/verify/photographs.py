"""Photographs: each file that was confirmed lies there whole, unaltered."""

import hashlib
from pathlib import Path

import sqlalchemy as sa

from server.blob_files import blob_path
from server.tables import blob, record_blob
from server.verify.faults import Report
from sync.errors import ProtocolError
from sync.keys import VerifyingKey
from sync.receipt import open_blob_receipt

_PART_BYTES = 1 << 20


def check_photographs(
    connection: sa.Connection, folder: Path, key: VerifyingKey, report: Report
) -> None:
    """Read every complete photograph, and count those still to come."""
    for row in connection.execute(sa.select(blob).order_by(blob.c.sha256)):
        if row.completed_at is None:
            continue
        report.checked["photographs"] += 1
        where = _first_record(connection, row.sha256)
        _check_receipt(row, key, where, report)
        found = _sha256(blob_path(folder, row.sha256))
        if found is None:
            report.add(
                "photograph-missing",
                f"照片文件 {row.sha256} 不见了",
                f"the file of photograph {row.sha256} is not there",
                *where,
            )
        elif found != (row.sha256, row.bytes):
            report.add(
                "photograph-altered",
                f"照片文件 {row.sha256} 已被改动",
                f"the file of photograph {row.sha256} is not what was confirmed",
                *where,
            )
    report.notes["photographs to come"] += _to_come(connection)
    report.notes["photographs of another size"] += _of_another_size(connection)


def _check_receipt(
    row: sa.Row[tuple[object, ...]],
    key: VerifyingKey,
    where: tuple[str | None, int | None],
    report: Report,
) -> None:
    try:
        attested = open_blob_receipt(row.receipt or "", key)
    except ProtocolError as fault:
        report.add(
            "receipt-invalid",
            f"照片 {row.sha256} 没有有效回执",
            f"photograph {row.sha256} has no valid receipt: {fault}",
            *where,
        )
        return
    report.compare(
        "receipt-differs",
        "photograph",
        (
            ("sha256", row.sha256, attested.sha256),
            ("bytes", row.bytes, attested.bytes),
            ("completed_at", row.completed_at, attested.received_at),
        ),
        where,
    )


def _sha256(path: Path) -> tuple[str, int] | None:
    digest, size = hashlib.sha256(), 0
    try:
        with path.open("rb") as file:
            while part := file.read(_PART_BYTES):
                digest.update(part)
                size += len(part)
    except OSError:
        return None
    return digest.hexdigest(), size


def _first_record(
    connection: sa.Connection, sha256: str
) -> tuple[str | None, int | None]:
    found = connection.execute(
        sa.select(record_blob.c.record_id, record_blob.c.record_position)
        .where(record_blob.c.sha256 == sha256)
        .order_by(record_blob.c.record_position)
        .limit(1)
    ).one_or_none()
    return (found.record_id, found.record_position) if found else (None, None)


def _to_come(connection: sa.Connection) -> int:
    named = sa.select(record_blob.c.sha256).distinct().subquery()
    here = sa.select(blob.c.sha256).where(blob.c.completed_at.is_not(None))
    count = sa.select(sa.func.count()).select_from(named)
    return int(connection.scalar(count.where(named.c.sha256.not_in(here))) or 0)


def _of_another_size(connection: sa.Connection) -> int:
    """Return how often a record names a photograph with a size that it has not.

    That is the device's word, kept as it was sealed; no receipt confirms it.
    """
    counted = sa.select(sa.func.count()).select_from(record_blob)
    joined = counted.join(blob, blob.c.sha256 == record_blob.c.sha256)
    differs = blob.c.completed_at.is_not(None) & (blob.c.bytes != record_blob.c.bytes)
    return int(connection.scalar(joined.where(differs)) or 0)
