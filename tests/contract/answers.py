"""A server's answers to an outbox, signed as a server would."""

from datetime import timedelta

from contract.sealing import NOW, Device, key_of

from sync.outbox_port import BlobRef, Outbox
from sync.outcome import ItemOutcome, Outcome, Standing
from sync.reasons import REASONS
from sync.receipt import (
    Receipt,
    make_blob_receipt,
    make_receipt,
    open_blob_receipt,
    open_receipt,
)
from sync.record import Sealed

SERVER_KEY = key_of("server")


def seal_next(device: Device) -> Sealed:
    return device.sealed("observation", None, None, {"unit_code": device.unit_code})


def saved(outbox: Outbox, device: Device, *blobs: BlobRef) -> Sealed:
    sealed = seal_next(device)
    outbox.append(sealed, outbox.head(), blobs)
    return sealed


def answer(
    sealed: Sealed, outcome: Outcome = Outcome.STORED, code: str | None = None
) -> ItemOutcome:
    reason = REASONS[code] if code else None
    standing = None if outcome is Outcome.REFUSED else Standing.STORED
    return ItemOutcome(
        sealed.id, sealed.hash, outcome, code, None, reason, standing=standing
    )


def receipt_for(
    sealed: Sealed,
    outcome: Outcome = Outcome.STORED,
    *,
    epoch: int = 1,
    position: int = 1,
) -> Receipt:
    item = ItemOutcome(
        sealed.id, sealed.hash, outcome, position=position, received_at="2023"
    )
    compact = make_receipt(
        SERVER_KEY,
        receipt_id=f"r{position}",
        device_id=sealed.device_id,
        epoch=epoch,
        items=[item],
        issued_at=NOW + timedelta(minutes=position),
    )
    return open_receipt(compact, SERVER_KEY.verifying_key)


def hand_over(outbox: Outbox, blob: BlobRef) -> None:
    compact = make_blob_receipt(
        SERVER_KEY,
        device_id="d1",
        epoch=1,
        sha256=blob.sha256,
        bytes=blob.bytes,
        received_at=NOW,
    )
    outbox.record_blob_receipt(open_blob_receipt(compact, SERVER_KEY.verifying_key))
