"""Photographs encrypted in chunks: any part can be read, none exchanged or cut."""

import hashlib
import io
import os

import pytest

from sync.envelope import StoreKey, held_in
from sync.errors import EnvelopeAltered
from sync.sealed_photo import (
    CHUNK_BYTES,
    HEAD_BYTES,
    TAG_BYTES,
    PhotoReader,
    PhotoWriter,
    is_sealed_photo,
    sealed_bytes,
)

STORE = StoreKey("ab" * 8, b"k" * 32)
KEYS = held_in({STORE.id: STORE.key})
SIZES = [0, 1, CHUNK_BYTES - 1, CHUNK_BYTES, CHUNK_BYTES + 1, 3 * CHUNK_BYTES]


def content_of(size: int) -> bytes:
    return hashlib.shake_256(b"photograph").digest(size)


def sealed(content: bytes, step: int = 10_000) -> tuple[bytes, str]:
    file = io.BytesIO()
    writer = PhotoWriter(file, STORE, os.urandom)
    for start in range(0, len(content), step):
        writer.write(content[start : start + step])
    digest = writer.finish()
    assert writer.size_bytes == len(content)
    return file.getvalue(), digest


def reader(data: bytes, sha256: str) -> PhotoReader:
    return PhotoReader(io.BytesIO(data), sha256, KEYS)


@pytest.mark.parametrize("size", SIZES)
def test_every_part_is_read_as_it_was(size: int) -> None:
    content = content_of(size)
    data, digest = sealed(content)
    assert digest == hashlib.sha256(content).hexdigest()
    assert is_sealed_photo(data)
    assert len(data) == sealed_bytes(size)
    read = reader(data, digest)
    assert read.size_bytes == size
    assert b"".join(read.chunks()) == content
    edges = {0, 1, size // 2, size - 1, size, size + 9, CHUNK_BYTES, CHUNK_BYTES + 1}
    for start in edges:
        for stop in edges:
            if 0 <= start <= stop:
                assert read.read_range(start, stop) == content[start:stop]


def test_nothing_of_the_original_lies_in_the_file() -> None:
    content = "甲某的照片".encode() * 20_000
    data, _ = sealed(content)
    assert content[:15] not in data


def test_chunks_cannot_change_places_or_be_cut_off() -> None:
    data, digest = sealed(content_of(3 * CHUNK_BYTES))
    step = CHUNK_BYTES + TAG_BYTES
    head, rest = data[:HEAD_BYTES], data[HEAD_BYTES:]
    first, second, third = (rest[n * step : (n + 1) * step] for n in range(3))
    for other in (second + first + third, first + second, first + third):
        with pytest.raises(EnvelopeAltered):
            list(reader(head + other, digest).chunks())


def test_a_photograph_does_not_open_under_another_name_or_key() -> None:
    data, digest = sealed(content_of(100))
    with pytest.raises(EnvelopeAltered):
        reader(data, "00" * 32)
    with pytest.raises(EnvelopeAltered):
        PhotoReader(io.BytesIO(data), digest, held_in({}))
    with pytest.raises(EnvelopeAltered):
        PhotoReader(io.BytesIO(data), digest, held_in({STORE.id: b"x" * 32}))


def test_no_byte_of_the_file_can_be_changed_or_left_out() -> None:
    data, digest = sealed(content_of(100))
    for number in range(len(data)):
        changed = bytearray(data)
        changed[number] ^= 1
        with pytest.raises(EnvelopeAltered):
            list(reader(bytes(changed), digest).chunks())
        with pytest.raises(EnvelopeAltered):
            list(reader(data[:number], digest).chunks())


def test_a_file_whose_writing_was_interrupted_opens_to_nobody() -> None:
    file = io.BytesIO()
    PhotoWriter(file, STORE, os.urandom).write(content_of(2 * CHUNK_BYTES))
    with pytest.raises(EnvelopeAltered):
        reader(file.getvalue(), "00" * 32)
