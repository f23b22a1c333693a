"""Receipts: the server's signed word that it has custody of what it was sent.

A device believes nothing else.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any, NamedTuple

from sync.clock import instant_text
from sync.errors import MalformedDocument, WrongAudience
from sync.jws import open_document, sign_document
from sync.keys import SigningKey, VerifyingKey
from sync.outcome import ItemOutcome, Outcome

RECEIPT_TYP = "gi-receipt+jws"
BLOB_RECEIPT_TYP = "gi-blob-receipt+jws"
RECEIPT_VERSION = 1


class ReceiptItem(NamedTuple):
    """One record that the server took into custody."""

    id: str
    hash: str
    position: int
    received_at: str
    outcome: Outcome


@dataclass(frozen=True)
class Receipt:
    """A receipt whose signature was verified."""

    receipt_id: str
    device_id: str
    epoch: int
    issued_at: str
    items: tuple[ReceiptItem, ...]
    compact: str

    def covers(self, id: str, hash: str) -> bool:
        """Tell whether this receipt attests custody of exactly these bytes."""
        return (id, hash) in self.held

    @property
    def order(self) -> tuple[int, int]:
        """What makes one receipt newer than another: epoch, then position."""
        return self.epoch, max((item.position for item in self.items), default=0)

    @cached_property
    def held(self) -> frozenset[tuple[str, str]]:
        """The (id, hash) of every record attested."""
        return frozenset((item.id, item.hash) for item in self.items)


@dataclass(frozen=True)
class BlobReceipt:
    """A verified receipt for one photograph."""

    device_id: str
    epoch: int
    sha256: str
    bytes: int
    received_at: str
    compact: str


def make_receipt(
    key: SigningKey,
    *,
    receipt_id: str,
    device_id: str,
    epoch: int,
    items: Sequence[ItemOutcome | ReceiptItem],
    issued_at: datetime,
) -> str:
    """Return the signed receipt for a batch; to be given out after the commit only.

    Items whose bytes are not kept are left out, and so are replays: their
    first receipt is sent again.
    """
    attested = [
        {
            "id": item.id,
            "hash": item.hash,
            "position": item.position,
            "received_at": item.received_at,
            "outcome": str(item.outcome),
        }
        for item in items
        if item.outcome.keeps_bytes and item.outcome is not Outcome.REPLAYED
    ]
    document = {
        "v": RECEIPT_VERSION,
        "receipt_id": receipt_id,
        "device_id": device_id,
        "epoch": epoch,
        "issued_at": instant_text(issued_at),
        "items": attested,
    }
    return sign_document(document, RECEIPT_TYP, key)


def open_receipt(
    compact: str, server_key: VerifyingKey, device_id: str | None = None
) -> Receipt:
    """Return a receipt after checking that the server signed it.

    Raises
    ------
    MalformedJws, BadSignature, MalformedDocument
        If it is not a receipt by this server.
    WrongAudience
        If `device_id` is given and the receipt is another device's.
    """
    document = open_document(compact, RECEIPT_TYP, server_key)
    try:
        receipt = Receipt(
            receipt_id=_text(document["receipt_id"]),
            device_id=_text(document["device_id"]),
            epoch=_number(document["epoch"]),
            issued_at=_text(document["issued_at"]),
            items=tuple(_item(item) for item in document["items"]),
            compact=compact,
        )
    except (KeyError, TypeError, ValueError) as error:
        raise MalformedDocument(f"not a receipt: {error}") from error
    _require_device(receipt.device_id, device_id)
    return receipt


def make_blob_receipt(
    key: SigningKey,
    *,
    device_id: str,
    epoch: int,
    sha256: str,
    bytes: int,
    received_at: datetime,
) -> str:
    """Return the signed receipt for a photograph that is complete and durable."""
    document = {
        "v": RECEIPT_VERSION,
        "device_id": device_id,
        "epoch": epoch,
        "sha256": sha256,
        "bytes": bytes,
        "received_at": instant_text(received_at),
    }
    return sign_document(document, BLOB_RECEIPT_TYP, key)


def open_blob_receipt(
    compact: str, server_key: VerifyingKey, device_id: str | None = None
) -> BlobReceipt:
    """Return a photograph's receipt; raises as `open_receipt` does."""
    document = open_document(compact, BLOB_RECEIPT_TYP, server_key)
    try:
        receipt = BlobReceipt(
            device_id=_text(document["device_id"]),
            epoch=_number(document["epoch"]),
            sha256=_text(document["sha256"]),
            bytes=_number(document["bytes"]),
            received_at=_text(document["received_at"]),
            compact=compact,
        )
    except (KeyError, TypeError, ValueError) as error:
        raise MalformedDocument(f"not a photograph's receipt: {error}") from error
    _require_device(receipt.device_id, device_id)
    return receipt


def _item(item: dict[str, Any]) -> ReceiptItem:
    return ReceiptItem(
        _text(item["id"]),
        _text(item["hash"]),
        _number(item["position"]),
        _text(item["received_at"]),
        Outcome(item["outcome"]),
    )


def _require_device(named: str, expected: str | None) -> None:
    if expected is not None and named != expected:
        raise WrongAudience(f"the receipt is for {named}, not for {expected}")


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError(f"{value!r} is not text")
    return value


def _number(value: object) -> int:
    if type(value) is not int:
        raise TypeError(f"{value!r} is not a whole number")
    return value
