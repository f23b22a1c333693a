"""The tables, as SQLAlchemy Core describes them.

The ledger only ever grows; everything in `findings` can be computed again
from it. Ids are text, times are ISO 8601 UTC text, JSON is text: what a
bureau's PostgreSQL-like database holds and a person can read.
"""

from server.tables.blobs import blob, record_blob
from server.tables.devices import device, enrolment_code
from server.tables.findings import lot, lot_verdict, observation, violation
from server.tables.guesses import enrolment_guess
from server.tables.ledger import (
    epoch,
    ledger_head,
    receipt,
    record,
    ruling,
    status_event,
)
from server.tables.metadata import metadata
from server.tables.reference import area, reference_document, reference_manifest

__all__ = [
    "area",
    "blob",
    "device",
    "enrolment_code",
    "enrolment_guess",
    "epoch",
    "ledger_head",
    "lot",
    "lot_verdict",
    "metadata",
    "observation",
    "receipt",
    "record",
    "record_blob",
    "reference_document",
    "reference_manifest",
    "ruling",
    "status_event",
    "violation",
]
