"""Batches, waiting, parts, manifests and epochs: small, and each by its promise."""

import hashlib
from typing import NamedTuple

import pytest
from contract.sealing import NOW, key_of, record_id
from hypothesis import given
from hypothesis import strategies as st

from sync.backoff import LONGEST_RETRY_AFTER_S, delay_s
from sync.batch import cut
from sync.epoch import next_epoch, was_restored
from sync.errors import MalformedDocument, StaleManifest
from sync.jws import sign_document
from sync.outcome import ItemOutcome, Outcome
from sync.parts import missing, part_count, part_range
from sync.receipt import Receipt, make_receipt, open_receipt
from sync.reference import DocumentRef, is_document, make_manifest, open_manifest

SERVER = key_of("server")


class Text(NamedTuple):
    compact: str


@given(st.lists(st.integers(1, 60)), st.integers(1, 5), st.integers(1, 100))
def test_batches_lose_nothing_and_keep_the_order(
    sizes: list[int], max_records: int, max_bytes: int
) -> None:
    records = [Text("x" * size) for size in sizes]
    batches = list(cut(records, max_records, max_bytes))
    assert [record for batch in batches for record in batch] == records
    for batch in batches:
        assert 1 <= len(batch) <= max_records
        assert len(batch) == 1 or sum(len(r.compact) for r in batch) <= max_bytes


def test_a_batch_holds_500_records() -> None:
    assert [len(batch) for batch in cut([Text("x")] * 1201)] == [500, 500, 201]


@given(st.integers(0, 10_000), st.floats(0, 1), st.none() | st.floats(0, 10_000))
def test_waiting_is_bounded_and_honours_retry_after(
    attempt: int, random_unit: float, retry_after_s: float | None
) -> None:
    delay = delay_s(attempt, random_unit, retry_after_s)
    assert 1.0 <= delay <= LONGEST_RETRY_AFTER_S + 2
    if retry_after_s is not None:
        assert delay >= min(retry_after_s, LONGEST_RETRY_AFTER_S)


@given(st.integers(0, 10_000_000))
def test_parts_cover_a_file_without_gap_or_overlap(size: int) -> None:
    ranges = [part_range(number, size) for number in range(part_count(size))]
    assert [0, *(stop for _, stop in ranges)] == [*(s for s, _ in ranges), size]
    assert missing(range(part_count(size)), size) == []


def test_there_is_no_part_beyond_the_file() -> None:
    for number, size in ((0, 0), (-1, 10), (1, 10)):
        with pytest.raises(ValueError, match="no part"):
            part_range(number, size)


def test_a_document_is_taken_by_size_and_hash() -> None:
    data = b"codes"
    digest = hashlib.sha256(data).hexdigest()
    reference = DocumentRef("codes", "codes", "1", digest, len(data))
    text = make_manifest(SERVER, serial=1, issued_at=NOW, documents=[reference])
    (opened,) = open_manifest(text, SERVER.verifying_key).documents
    assert opened == reference
    assert is_document(opened, data)
    assert not is_document(opened, b"cod")
    assert not is_document(opened, b"coded")


def test_an_older_manifest_is_not_taken() -> None:
    text = make_manifest(SERVER, serial=4, issued_at=NOW, documents=[])
    assert open_manifest(text, SERVER.verifying_key, min_serial=4).serial == 4
    with pytest.raises(StaleManifest):
        open_manifest(text, SERVER.verifying_key, min_serial=5)
    shapeless = sign_document({"serial": "x"}, "gi-reference+jws", SERVER)
    with pytest.raises(MalformedDocument):
        open_manifest(shapeless, SERVER.verifying_key)


def receipt(epoch: int) -> Receipt:
    item = ItemOutcome(
        record_id(1), "11" * 32, Outcome.STORED, position=1, received_at="t"
    )
    text = make_receipt(
        SERVER, receipt_id="r", device_id="d", epoch=epoch, items=[item], issued_at=NOW
    )
    return open_receipt(text, SERVER.verifying_key)


def test_a_receipt_without_its_record_shows_a_restored_server() -> None:
    """cht-core#8093: restored from a backup, and clients believe they are done."""
    assert was_restored(receipt(1), 1, lambda pairs: False)
    assert not was_restored(receipt(1), 1, lambda pairs: True)
    assert not was_restored(None, 1, lambda pairs: False)


def test_a_receipt_of_a_later_epoch_shows_an_older_backup() -> None:
    assert was_restored(receipt(2), 1, lambda pairs: True)
    assert next_epoch(1, receipt(2)) == 3


def test_a_receipt_of_an_earlier_epoch_proves_nothing_new() -> None:
    assert not was_restored(receipt(1), 2, lambda pairs: False)
    assert next_epoch(2, receipt(1)) == next_epoch(2, None) == 3
