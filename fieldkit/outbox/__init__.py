"""The device's outbox: sealed records, their fate, photographs and drafts."""

from fieldkit.outbox.delivery import KeptReceipt
from fieldkit.outbox.rows import (
    DeviceIdentity,
    Draft,
    PhotoCount,
    PhotoOnFile,
    StoredRecord,
)
from fieldkit.outbox.sealing import Head, NamedPhoto, Particulars
from fieldkit.outbox.store import SqliteOutbox, open_outbox

__all__ = [
    "DeviceIdentity",
    "Draft",
    "Head",
    "KeptReceipt",
    "NamedPhoto",
    "Particulars",
    "PhotoCount",
    "PhotoOnFile",
    "SqliteOutbox",
    "StoredRecord",
    "open_outbox",
]
