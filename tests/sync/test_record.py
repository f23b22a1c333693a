"""Sealing and opening: the same arguments, the same bytes; what is odd is said."""

import json
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import orjson
import pytest
from contract.sealing import NOW, Device, key_of, record_id
from hypothesis import given
from hypothesis import strategies as st

from sync.errors import MalformedJws, RecordTooLarge
from sync.jws import compact
from sync.record import (
    MAX_RECORD_BYTES,
    RECORD_TYP,
    Sealed,
    open_record,
    payload_of,
    seal,
)

KEY = key_of("d1")


def sealed(**changes: Any) -> Sealed:
    given: dict[str, Any] = {
        "id": record_id(1),
        "device_id": "d1",
        "seq": 1,
        "prev": None,
        "kind": "observation",
        "amends": None,
        "sealed_at": NOW,
        "clock": {},
        "body": {"note": "甲"},
        "blobs": [],
    }
    return seal(KEY, payload_of(**{**given, **changes}))


def test_sealing_is_a_function_of_its_arguments() -> None:
    assert sealed() == sealed()
    assert sealed().hash != sealed(body={"note": "乙"}).hash


def test_the_order_of_members_does_not_matter() -> None:
    assert sealed(body={"a": 1, "b": 2}) == sealed(body={"b": 2, "a": 1})


def test_what_was_sealed_opens_as_it_was() -> None:
    record = sealed(seq=2, prev="ab" * 32, kind="amendment", amends=record_id(7))
    opened = open_record(record.compact)
    assert opened.envelope_fault is None
    assert opened[3:10] == (
        record_id(1), "d1", 2, "ab" * 32, "amendment", record_id(7), record.hash,
    )  # fmt: skip
    assert KEY.verifying_key.verify(opened.jws)


def test_times_are_sealed_in_utc() -> None:
    beijing = timezone(timedelta(hours=8))
    record = sealed(sealed_at=datetime(2023, 12, 2, 10, 20, tzinfo=beijing))
    assert record.sealed_at == "2023-12-02T02:20:00.000Z"
    with pytest.raises(ValueError, match="naive"):
        sealed(sealed_at=datetime(2023, 12, 2, 10, 20))


def test_a_record_above_256_kib_is_not_sealed() -> None:
    room = MAX_RECORD_BYTES * 3 // 4 - 2000
    assert len(sealed(body={"note": "x" * room}).compact) < MAX_RECORD_BYTES
    with pytest.raises(RecordTooLarge):
        sealed(body={"note": "x" * (room + 2000)})


def test_a_faster_decoder_reads_the_same() -> None:
    record = Device("d1").observe(note="甲", number=1.5)
    assert open_record(record.compact, loads=orjson.loads) == record


def test_what_is_no_jws_names_no_signer() -> None:
    for text in ("", "a.b", "a.b.c", "甲.乙.丙", b"\xff.\xff.\xff"):
        with pytest.raises(MalformedJws):
            open_record(text)


@given(
    st.dictionaries(
        st.sampled_from(["v", "id", "device_id", "seq", "prev", "kind", "amends"]),
        st.none() | st.booleans() | st.integers() | st.text(max_size=5)
        | st.lists(st.none(), max_size=1)
        | st.floats(allow_nan=False, allow_infinity=False),
    )
)  # fmt: skip
def test_any_odd_envelope_is_filed_and_never_raises(changes: dict[str, Any]) -> None:
    payload = {
        "v": 1, "id": record_id(1), "device_id": "d1", "seq": 2, "prev": "ab" * 32,
        "kind": "amendment", "amends": record_id(2), **changes,
    }  # fmt: skip
    text = compact({"kid": "d1", "typ": RECORD_TYP}, json.dumps(payload).encode(), KEY)
    opened = open_record(text)
    again = open_record(text, loads=orjson.loads)
    assert opened[3:] == again[3:], "whoever decodes, it is filed alike"
    odd = {name for name, value in changes.items() if not _is_as_before(name, value)}
    assert (opened.envelope_fault is not None) == bool(odd)
    assert opened.device_id == "d1"
    assert len(opened.id) == 36
    assert opened.seq is None or opened.seq >= 1


def _is_as_before(name: str, value: object) -> bool:
    if name == "v":
        return type(value) is int and value == 1
    if name == "seq":
        return type(value) is int and 2 <= value < 2**53
    return False


def test_a_record_of_another_type_is_faulty() -> None:
    text = compact({"kid": "d1", "typ": "JWT"}, b'{"v":1}', KEY)
    fault = open_record(text).envelope_fault
    assert fault is not None
    assert (fault.field, fault.code) == ("", "envelope-typ")


def test_a_year_far_off_seals_as_any_other() -> None:
    """Clock ten years off: clocks never reject."""
    record = sealed(sealed_at=datetime(2033, 1, 1, tzinfo=UTC))
    assert open_record(record.compact).envelope_fault is None
