"""Rows encrypted at rest: good in their own place and unaltered, or not at all."""

import hashlib
import itertools
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.envelope import StoreKey, held_in, open_row, place_of, seal_row
from sync.errors import EnvelopeAltered
from sync.keys import SigningKey
from sync.store_key import (
    WrappedStoreKey,
    is_for_server,
    make_store_key,
    wrapped_for_server,
)

STORE = StoreKey("ab" * 8, b"k" * 32)
KEYS = held_in({STORE.id: STORE.key})
PLACE = place_of("record", "device", 7, "id", None)
DEVICE_KEY = b"d" * 32
SERVER = SigningKey.from_random(b"server".ljust(48, b"."))
OTHER_SERVER = SigningKey.from_random(b"other".ljust(48, b"."))


def drawn() -> Callable[[int], bytes]:
    numbers = itertools.count()
    return lambda size: hashlib.shake_256(b"%d" % next(numbers)).digest(size)


@given(content=st.binary(max_size=400))
def test_what_was_sealed_opens_in_its_place(content: bytes) -> None:
    envelope = seal_row(STORE, PLACE, content, drawn())
    assert open_row(KEYS, PLACE, envelope) == content
    assert content not in envelope or len(content) < 8


@pytest.mark.parametrize(
    "other",
    [
        place_of("record", "device", 8, "id", None),
        place_of("record", "device", "7", "id", None),
        place_of("record", "device", 7, "id", ""),
        place_of("reason", "device", 7, "id", None),
        place_of("record", "device", 7, "id"),
    ],
)
def test_in_another_row_or_column_it_does_not_open(other: tuple[str, ...]) -> None:
    envelope = seal_row(STORE, PLACE, b"content", drawn())
    with pytest.raises(EnvelopeAltered):
        open_row(KEYS, other, envelope)


def test_no_byte_of_it_can_be_changed_or_left_out() -> None:
    envelope = seal_row(STORE, PLACE, b"content", drawn())
    for number in range(len(envelope)):
        changed = bytearray(envelope)
        changed[number] ^= 1
        with pytest.raises(EnvelopeAltered):
            open_row(KEYS, PLACE, bytes(changed))
        with pytest.raises(EnvelopeAltered):
            open_row(KEYS, PLACE, envelope[:number])


def test_each_row_has_a_key_and_a_nonce_of_its_own() -> None:
    source = drawn()
    first, second = (seal_row(STORE, PLACE, b"same", source) for _ in range(2))
    assert first[9:49] != second[9:49]
    assert first[49:61] != second[49:61]


def test_a_key_tells_nothing_of_itself_when_printed() -> None:
    assert str(STORE) == "StoreKey(abababababababab)"


def made() -> tuple[StoreKey, WrappedStoreKey]:
    return make_store_key(
        "device-key", DEVICE_KEY, number=1, created_at="", random_bytes=drawn()
    )


def test_a_store_key_opens_with_the_device_key_and_with_no_other() -> None:
    store, wrapped = made()
    kept = WrappedStoreKey.from_json(wrapped.to_json())
    assert kept.open_with(DEVICE_KEY) == store
    with pytest.raises(EnvelopeAltered):
        kept.open_with(b"e" * 32)


def test_the_server_and_no_other_recovers_a_store_key() -> None:
    store, wrapped = made()
    with pytest.raises(EnvelopeAltered):
        wrapped.recover_with(SERVER)
    assert not is_for_server(wrapped, SERVER.public_jwk)
    for_server = wrapped_for_server(wrapped, store, SERVER.public_jwk)
    kept = WrappedStoreKey.from_json(for_server.to_json())
    assert is_for_server(kept, SERVER.public_jwk)
    assert kept.recover_with(SERVER) == store
    assert kept.open_with(DEVICE_KEY) == store
    with pytest.raises(EnvelopeAltered):
        kept.recover_with(OTHER_SERVER)


def test_what_is_kept_of_a_store_key_does_not_hold_it() -> None:
    store, wrapped = made()
    text = wrapped_for_server(wrapped, store, SERVER.public_jwk).to_json()
    assert store.key.hex() not in text
    assert DEVICE_KEY.hex() not in text


@pytest.mark.parametrize("text", ["", "{}", "[]", '{"v": 2}', '{"v": 1, "id": "../x"}'])
def test_what_is_no_store_key_is_told(text: str) -> None:
    with pytest.raises(EnvelopeAltered):
        WrappedStoreKey.from_json(text)
