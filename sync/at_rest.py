"""What of a device's outbox is encrypted, and how each place is named.

The device writes it, and the server reads it when it recovers what a broken
device still holds.
"""

RECORD = "record"
RECORD_COLUMNS = (
    "device_id",
    "seq",
    "id",
    "hash",
    "kind",
    "amends",
    "sealed_at",
    "amendment_of",
)
"""The columns that name a record's place: what lies in clear is bound to it too."""
REASON, FIELD = "reason", "field"
"""What the server said of a record, by the record's id."""
DRAFT = "draft"
"""By the draft's number."""
DRAFT_PHOTO = "draft-photo"
"""By the draft's number and the photograph's hash."""
META = "meta"
"""By the fact's name."""
SIGNING_KEY = "signing-key"
"""By the device's id, under the device key alone: no server may seal for a device."""


def record_text(record_no: str | None, compact: str) -> str:
    """Return what a record's envelope holds: its number, and the sealed bytes."""
    return f"{record_no or ''}\n{compact}"


def split_record_text(text: str) -> tuple[str | None, str]:
    """Return the record number, None if it has none, and the sealed bytes."""
    record_no, _, compact = text.partition("\n")
    return record_no or None, compact
