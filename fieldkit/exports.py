"""What was handed over in a bundle, and whether anything would be left behind.

A bundle that was written is only noted; it counts once somebody says that the
file went to where it should.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass

from fieldkit.errors import Unsent
from fieldkit.identities import leave_identity
from fieldkit.outbox import SqliteOutbox
from geo.errors import Message
from sync.outbox_port import OutboxState

_EXPORTED = "exported"


@dataclass(frozen=True, slots=True)
class Left:
    """What the server has not received; ``unexported`` is also in no bundle."""

    records: frozenset[str]
    photos: frozenset[str]
    unexported_records: frozenset[str]
    unexported_photos: frozenset[str]


def mark_exported(
    outbox: SqliteOutbox, records: Iterable[str], photos: Iterable[str]
) -> None:
    """Note that these records (by id) and photographs (by hash) were handed over."""
    known = _exported(outbox)
    unsent = unsent_of(outbox)
    kept = {
        # What the server has by now needs no remembering.
        "records": sorted((known["records"] | set(records)) & unsent.records),
        "photos": sorted((known["photos"] | set(photos)) & unsent.photos),
    }
    outbox.set_meta(_EXPORTED, json.dumps(kept))


def unsent_of(outbox: SqliteOutbox) -> Left:
    """Return what the server has not received, and what of it is in no bundle."""
    known = _exported(outbox)
    records = frozenset(
        record.id
        for state in (OutboxState.SEALED, OutboxState.REFUSED)
        for record in outbox.records(state)
    )
    photos = frozenset(blob.sha256 for blob in outbox.blobs("held"))
    return Left(records, photos, records - known["records"], photos - known["photos"])


def exported_records(outbox: SqliteOutbox) -> frozenset[str]:
    """Return the records, by id, that were handed over and not yet received."""
    known = _exported(outbox)["records"]
    return known & unsent_of(outbox).records if known else known


def sign_out(outbox: SqliteOutbox) -> None:
    """Take the officer's identity from this device; its records stay.

    Raises
    ------
    Unsent
        A record, photograph or draft would be left behind; nothing was changed.
    """
    left, drafts = unsent_of(outbox), outbox.counts()["draft"]
    records, photos = len(left.unexported_records), len(left.unexported_photos)
    if records or photos or drafts:
        raise Unsent(
            Message(
                zh=f"还有未送达的记录 {records} 条、照片 {photos} 张、草稿 {drafts} "
                "份。请先同步，或导出离线包，并处理草稿。",
                en=f"{records} records, {photos} photographs and {drafts} drafts would "
                "be left behind. Sync or export them, and finish or remove the drafts.",
            )
        )
    leave_identity(outbox)


def _exported(outbox: SqliteOutbox) -> dict[str, frozenset[str]]:
    kept = json.loads(outbox.meta(_EXPORTED) or "{}")
    return {part: frozenset(kept.get(part, ())) for part in ("records", "photos")}
