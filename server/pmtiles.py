"""PMTiles, version 3: how one file lists the tiles that it holds. Pure.

A tile's number is its place on a Hilbert curve, zoom by zoom; a directory is a table of
numbers, packed column by column
(https://github.com/protomaps/PMTiles/blob/main/spec/v3/spec.md). The field app's reader
is ``fieldkit/app/views/map/pmtiles.js``.
"""

import gzip
import struct
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate, chain

HEADER_BYTES = 127
PICTURE_TYPES = {b"\x89PNG": 2, b"\xff\xd8\xff": 3, b"RIFF": 4}
"""How a picture begins, and what the format calls its kind."""

_ROOT_BYTES_AT_MOST = 16_384 - HEADER_BYTES
_LEAF_ENTRIES = 4_096
_PLAIN, _GZIP = 1, 2


@dataclass(frozen=True, slots=True)
class Entry:
    """Tiles ``first`` to ``first + run - 1`` are one picture; run 0: a directory."""

    first: int
    run: int
    offset: int
    length: int


@dataclass(frozen=True)
class Contents:
    """What a file holds, its tiles in the order of their numbers."""

    entries: Sequence[Entry]
    tiles: int
    pictures: int
    picture_bytes: int
    picture_type: int
    bounds_deg: tuple[float, float, float, float]

    @property
    def zooms(self) -> tuple[int, int]:
        """The least and the greatest zoom."""
        last = self.entries[-1]
        return zoom_of(self.entries[0].first), zoom_of(last.first + last.run - 1)


def tile_number(zoom: int, x: int, y: int) -> int:
    """Return a tile's number; ``y`` counts from the north.

    >>> [tile_number(0, 0, 0), tile_number(1, 0, 1), tile_number(12, 3423, 1763)]
    [0, 2, 19078479]
    """
    side = 1 << zoom
    number = (side * side - 1) // 3
    half = side >> 1
    while half:
        right, lower = int(bool(x & half)), int(bool(y & half))
        number += half * half * ((3 * right) ^ lower)
        if not lower:
            if right:
                x, y = side - 1 - x, side - 1 - y
            x, y = y, x
        half >>= 1
    return number


def zoom_of(number: int) -> int:
    """Return the zoom of a tile by its number."""
    return next(zoom for zoom in range(32) if number < (4 ** (zoom + 1) - 1) // 3)


def head(contents: Contents, metadata: bytes) -> bytes:
    """Return what stands before the pictures: header, directories, JSON metadata."""
    root, leaves = _directories(contents.entries)
    told = gzip.compress(metadata, mtime=0)
    parts = (len(root), len(told), len(leaves), contents.picture_bytes)
    starts = accumulate(parts[:-1], initial=HEADER_BYTES)
    places = chain.from_iterable(zip(starts, parts, strict=True))
    counts = (contents.tiles, len(contents.entries), contents.pictures)
    kinds = (1, _GZIP, _PLAIN, contents.picture_type)
    west, south, east, north = contents.bounds_deg
    middle = ((west + east) / 2, (south + north) / 2)
    least, most = contents.zooms
    bounds, centre = map(_e7, contents.bounds_deg), map(_e7, middle)
    header = struct.pack(
        "<7sB11Q6B4iB2i",
        *(b"PMTiles", 3, *places, *counts, *kinds, least, most),
        *(*bounds, least, *centre),
    )
    return header + root + told + leaves


def _directories(entries: Sequence[Entry]) -> tuple[bytes, bytes]:
    """Return the root, and the leaves where the root alone would be too large."""
    root, leaves, size = _directory(entries), b"", _LEAF_ENTRIES
    while len(root) > _ROOT_BYTES_AT_MOST:
        packed = [
            (entries[start].first, _directory(entries[start : start + size]))
            for start in range(0, len(entries), size)
        ]
        ends = accumulate((len(leaf) for _, leaf in packed), initial=0)
        root = _directory(
            [
                Entry(first, 0, start, len(leaf))
                for (first, leaf), start in zip(packed, ends, strict=False)
            ]
        )
        leaves = b"".join(leaf for _, leaf in packed)
        size *= 2
    return root, leaves


def _directory(entries: Sequence[Entry]) -> bytes:
    firsts = [entry.first for entry in entries]
    gaps = [number - last for last, number in zip([0, *firsts], firsts, strict=False)]
    ends = [None, *(entry.offset + entry.length for entry in entries)]
    places = [
        0 if entry.offset == end else entry.offset + 1
        for entry, end in zip(entries, ends, strict=False)
    ]
    runs, lengths = [e.run for e in entries], [e.length for e in entries]
    numbers: Iterable[int] = chain([len(entries)], gaps, runs, lengths, places)
    return gzip.compress(bytes(chain.from_iterable(map(_varint, numbers))), mtime=0)


def _varint(value: int) -> Iterator[int]:
    while value > 127:
        yield value & 127 | 128
        value >>= 7
    yield value


def _e7(degrees: float) -> int:
    return round(degrees * 1e7)
