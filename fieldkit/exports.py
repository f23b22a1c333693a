"""What was handed over in a bundle, and whether anything would be left behind.

A bundle that was written is only noted; it counts once somebody says that the
file went to where it should.
"""

import json
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from fieldkit.errors import Unsent
from fieldkit.identities import leave_identity
from fieldkit.outbox import SqliteOutbox
from geo.errors import Message

_EXPORTED = "exported"


@dataclass(frozen=True, slots=True)
class UnsentRecords:
    """What the server has not received, by id; ``unexported`` is also in no bundle."""

    all: frozenset[str]
    unexported: frozenset[str]


def mark_exported(
    outbox: SqliteOutbox, records: Iterable[str], photos: Iterable[str]
) -> None:
    """Note that these records (by id) and photographs (by hash) were handed over."""
    known = _exported(outbox)
    kept = {
        # What the server has by now needs no remembering.
        "records": sorted((known["records"] | set(records)) & outbox.unsent_ids()),
        "photos": sorted((known["photos"] | set(photos)) & _held(outbox)),
    }
    outbox.set_meta(_EXPORTED, json.dumps(kept))


def unsent_records(outbox: SqliteOutbox, unreadable: Collection[str]) -> UnsentRecords:
    """Return the records that the server has not received.

    Those that cannot be opened here are none: they can be neither sent nor exported.
    """
    records = outbox.unsent_ids() - frozenset(unreadable)
    return UnsentRecords(records, records - _exported(outbox)["records"])


def exported_records(outbox: SqliteOutbox) -> frozenset[str]:
    """Return the records, by id, that were handed over and not yet received."""
    known = _exported(outbox)["records"]
    return known & outbox.unsent_ids() if known else known


def sign_out(outbox: SqliteOutbox) -> None:
    """Take the officer's identity from this device; its records stay.

    Raises
    ------
    Unsent
        A record, photograph or draft would be left behind; nothing was changed.
    """
    closed = {stored.record.id for stored in outbox.unreadable()}
    records = len(unsent_records(outbox, closed).unexported)
    photos = len(_held(outbox) - _exported(outbox)["photos"])
    drafts = outbox.counts()["draft"]
    if records or photos or drafts:
        raise Unsent(
            Message(
                zh=f"还有未送达的记录 {records} 条、照片 {photos} 张、草稿 {drafts} "
                "份。请先同步，或在“队列”点“导出到文件”，并处理草稿。",
                en=f"{records} records, {photos} photographs and {drafts} drafts would "
                "be left behind. Sync, or tap “Export to a file” in the queue, and "
                "finish or remove the drafts.",
            )
        )
    leave_identity(outbox)


def _held(outbox: SqliteOutbox) -> frozenset[str]:
    return frozenset(blob.sha256 for blob in outbox.blobs("held"))


def _exported(outbox: SqliteOutbox) -> dict[str, frozenset[str]]:
    kept = json.loads(outbox.meta(_EXPORTED) or "{}")
    return {part: frozenset(kept.get(part, ())) for part in ("records", "photos")}
