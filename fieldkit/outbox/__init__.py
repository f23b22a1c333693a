"""The device's outbox: sealed records, their fate, photographs and drafts."""

from fieldkit.outbox.opening import open_outbox
from fieldkit.outbox.rows import DeviceIdentity, Draft, PhotoCount, StoredRecord
from fieldkit.outbox.store import SqliteOutbox

__all__ = [
    "DeviceIdentity",
    "Draft",
    "PhotoCount",
    "SqliteOutbox",
    "StoredRecord",
    "open_outbox",
]
