"""Records, drafts and versions as the device tells them."""

from typing import Any

from fieldkit.device import Device
from fieldkit.language import say
from fieldkit.outbox import Draft, PhotoCount, StoredRecord
from fieldkit.vault.errors import refusal_of

NO_PHOTOS = PhotoCount(0, 0, 0)


def entry(stored: StoredRecord, photos: PhotoCount) -> dict[str, Any]:
    """Return a record as ``--json`` tells it; times are UTC."""
    record = stored.record
    reason = refusal_of(stored.fault).message if stored.fault else record.reason
    return {
        "id": record.id,
        "seq": record.seq,
        "kind": record.kind,
        "state": record.state.value,
        "outcome": record.outcome.value if record.outcome else None,
        "status": record.status,
        "code": stored.fault or record.code,
        "field": record.field,
        "reason": say(reason) if reason else None,
        "reasons": {"zh": reason.zh, "en": reason.en} if reason else None,
        "record_no": stored.record_no,
        "amends": record.amends,
        "observation_id": stored.root_id,
        "sealed_at": record.sealed_at,
        "received_at": stored.received_at,
        "position": stored.server_position,
        "receipt_id": record.receipt_id,
        "hash": record.hash,
        "device_id": stored.device_id,
        "photos": photos._asdict(),
    }


def draft_entry(draft: Draft) -> dict[str, Any]:
    """Return a draft in the same shape; it has no id and no sequence yet."""
    named = ("id", "seq", "outcome", "status", "code", "field", "reason", "reasons")
    return dict.fromkeys(named) | {
        "kind": "observation",
        "state": "draft",
        "draft": draft.number,
        "started_at": draft.started_at,
        "photos": NO_PHOTOS._asdict(),
    }


def described(opened: Device, stored: StoredRecord) -> dict[str, Any]:
    """Return all that the device knows of a record.

    Raises
    ------
    ContentAltered, StoreKeyGone
        Its content cannot be opened here.
    """
    from fieldkit.photos import PhotoStore
    from sync.record import open_record

    if stored.fault:
        raise refusal_of(stored.fault)
    counts = opened.outbox.photo_counts([stored.position])
    payload = open_record(stored.record.compact).payload or {}
    body = payload.get("body", {})
    photos = PhotoStore(opened.home.photos_path)
    return entry(stored, counts.get(stored.position, NO_PHOTOS)) | {
        "body": body,
        "clock": payload.get("clock"),
        "prev": payload.get("prev"),
        "evidence_files": [
            {
                "id": item["id"],
                "file_name": item["file_name"],
                "sha256": item["sha256"],
                "is_on_disk": photos.find(item["sha256"]) is not None,
            }
            for item in body.get("evidence", ())
        ],
        "versions": [
            entry(version, counts.get(version.position, NO_PHOTOS))
            for version in opened.outbox.versions(stored.root_id)
        ],
        "jws": stored.record.compact,
    }
