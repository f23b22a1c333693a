"""Receipts: a device believes these, whole, from its server, and nothing else."""

import pytest
from contract.sealing import NOW, key_of, record_id

from sync.errors import BadSignature, MalformedDocument, MalformedJws, WrongAudience
from sync.jws import sign_document
from sync.outcome import ItemOutcome, Outcome
from sync.receipt import (
    BLOB_RECEIPT_TYP,
    RECEIPT_TYP,
    make_blob_receipt,
    make_receipt,
    open_blob_receipt,
    open_receipt,
)

SERVER = key_of("server")
SERVER_KEY = SERVER.verifying_key


def receipt(*items: ItemOutcome) -> str:
    return make_receipt(
        SERVER, receipt_id="r1", device_id="d1", epoch=3, items=items, issued_at=NOW
    )


def item(number: int, outcome: Outcome = Outcome.STORED) -> ItemOutcome:
    return ItemOutcome(
        record_id(number), f"{number:064x}", outcome, position=number, received_at="t"
    )


def blob_receipt() -> str:
    return make_blob_receipt(
        SERVER, device_id="d1", epoch=3, sha256="ab" * 32, bytes=9, received_at=NOW
    )


def test_it_covers_exactly_its_bytes() -> None:
    opened = open_receipt(receipt(item(1), item(2, Outcome.FORK)), SERVER_KEY, "d1")
    assert opened.covers(record_id(1), f"{1:064x}")
    assert opened.covers(record_id(2), f"{2:064x}")
    assert not opened.covers(record_id(1), f"{2:064x}")
    assert (opened.epoch, opened.issued_at) == (3, "2023-12-03T08:00:00.000Z")


@pytest.mark.parametrize("outcome", Outcome)
def test_it_attests_what_is_newly_kept_and_only_that(outcome: Outcome) -> None:
    opened = open_receipt(receipt(item(1, outcome)), SERVER_KEY)
    attested = bool(opened.items)
    not_new = outcome in (Outcome.REFUSED, Outcome.RETRY, Outcome.REPLAYED)
    assert attested is not not_new


def test_another_servers_receipt_is_not_believed() -> None:
    other = key_of("another server").verifying_key
    with pytest.raises(BadSignature):
        open_receipt(receipt(item(1)), other)
    with pytest.raises(BadSignature):
        open_blob_receipt(blob_receipt(), other)


def test_another_devices_receipt_is_not_believed() -> None:
    with pytest.raises(WrongAudience):
        open_receipt(receipt(item(1)), SERVER_KEY, "d2")
    with pytest.raises(WrongAudience):
        open_blob_receipt(blob_receipt(), SERVER_KEY, "d2")


def test_one_kind_of_document_does_not_pass_as_another() -> None:
    with pytest.raises(MalformedDocument):
        open_receipt(blob_receipt(), SERVER_KEY)
    with pytest.raises(MalformedDocument):
        open_blob_receipt(receipt(item(1)), SERVER_KEY)
    with pytest.raises(MalformedJws):
        open_receipt("no receipt", SERVER_KEY)


@pytest.mark.parametrize(
    "change",
    [{"epoch": "3"}, {"epoch": True}, {"items": None}, {"items": [{}]},
     {"device_id": 1}, {"items": [{"id": 1}]}],
)  # fmt: skip
def test_a_signed_but_shapeless_receipt_is_refused(change: dict[str, object]) -> None:
    whole = {"receipt_id": "r", "device_id": "d", "epoch": 1, "issued_at": "t",
             "items": [], "sha256": "a", "bytes": 1, "received_at": "t"}  # fmt: skip
    assert open_receipt(sign_document(whole, RECEIPT_TYP, SERVER), SERVER_KEY)
    text = sign_document({**whole, **change}, RECEIPT_TYP, SERVER)
    with pytest.raises(MalformedDocument):
        open_receipt(text, SERVER_KEY)
    text = sign_document({"device_id": "d"}, BLOB_RECEIPT_TYP, SERVER)
    with pytest.raises(MalformedDocument):
        open_blob_receipt(text, SERVER_KEY)


def test_a_later_epoch_is_newer_than_a_higher_position() -> None:
    low = open_receipt(receipt(item(9)), SERVER_KEY)
    later = open_receipt(
        make_receipt(
            SERVER, receipt_id="r", device_id="d1", epoch=4, items=[item(1)],
            issued_at=NOW,
        ),
        SERVER_KEY,
    )  # fmt: skip
    assert later.order > low.order


def test_an_item_survives_the_reply() -> None:
    for outcome in Outcome:
        given = item(1, outcome)
        assert ItemOutcome.from_json({**given.to_json(), "unknown": 1}) == given
