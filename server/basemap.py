"""A basemap for the field app: the pictures of an MBTiles file as one PMTiles file.

MBTiles is SQLite, which a browser does not read by itself, and counts its rows from the
south; both hold pictures in Web Mercator.
"""

import hashlib
import json
import math
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from geo.errors import Message
from server.durable_files import completing
from server.errors import BasemapFault
from server.pmtiles import PICTURE_TYPES, Contents, Entry, head, tile_number

_WORLD = (-180.0, -85.05113, 180.0, 85.05113)
_COPIED_AT_ONCE = 1 << 20
_TOLD = ("name", "attribution", "description")
_TILES = """
    SELECT tile_number(zoom_level, tile_column, (1 << zoom_level) - 1 - tile_row) AS n,
           tile_data FROM tiles ORDER BY n
"""
_EMPTY = Message(
    zh="此 MBTiles 文件没有瓦片。请重新导出。",
    en="This MBTiles file holds no tiles. Export it again.",
)
_NOT_PICTURES = Message(
    zh="瓦片应全部为 PNG、JPEG 或 WebP 中的一种；矢量瓦片不能用。请导出栅格底图。",
    en="All tiles must be PNG, JPEG or WebP, of one kind; vector tiles are not shown. "
    "Export pictures.",
)


@dataclass
class _Pictures:
    """Pictures written one after another, each content once."""

    out: IO[bytes]
    entries: list[Entry] = field(default_factory=list)
    tiles: int = 0
    bytes_written: int = 0
    kinds: set[int] = field(default_factory=set)
    held: dict[bytes, Entry] = field(default_factory=dict)

    def add(self, number: int, picture: bytes) -> None:
        """Take the next tile; the numbers only rise."""
        self.kinds.add(_kind_of(picture))
        if len(self.kinds) > 1:
            raise BasemapFault("basemap-not-pictures", _NOT_PICTURES)
        self.tiles += 1
        at = self._place(number, picture)
        last = self.entries[-1] if self.entries else None
        if last and last.offset == at.offset and number == last.first + last.run:
            self.entries[-1] = Entry(last.first, last.run + 1, at.offset, at.length)
        else:
            self.entries.append(Entry(number, 1, at.offset, at.length))

    def _place(self, number: int, picture: bytes) -> Entry:
        digest = hashlib.sha256(picture).digest()
        if digest not in self.held:
            self.out.write(picture)
            self.held[digest] = Entry(number, 1, self.bytes_written, len(picture))
            self.bytes_written += len(picture)
        return self.held[digest]

    def contents(self, metadata: dict[str, str]) -> Contents:
        """Return what was taken, as the file's head tells it."""
        return Contents(
            entries=self.entries,
            tiles=self.tiles,
            pictures=len(self.held),
            picture_bytes=self.bytes_written,
            picture_type=next(iter(self.kinds)),
            bounds_deg=_bounds(metadata),
        )


def convert(source: Path, target: Path) -> Contents:
    """Write the pictures of an MBTiles file to a new PMTiles file; tell what it holds.

    When this returns the target is whole and durable; when it raises, nothing of it is
    there.

    Raises
    ------
    BasemapFault
        ``basemap-unreadable`` if the source is no MBTiles file, ``basemap-empty``,
        ``basemap-not-pictures`` (vector tiles, or kinds mixed), ``basemap-exists``.
    StorageFull
        The disk has no room.
    """
    if target.exists():
        raise BasemapFault("basemap-exists", _exists(target))
    with completing(target) as draft, tempfile.TemporaryFile(dir=target.parent) as file:
        pictures = _Pictures(file)
        metadata = _read(source, pictures)
        contents = pictures.contents(metadata)
        told = {name: metadata[name] for name in _TOLD if name in metadata}
        draft.write(head(contents, json.dumps(told, ensure_ascii=False).encode()))
        file.seek(0)
        while chunk := file.read(_COPIED_AT_ONCE):
            draft.write(chunk)
        draft.keep()
    return contents


def _read(source: Path, pictures: _Pictures) -> dict[str, str]:
    """Give every tile to `pictures` in order; return the metadata."""
    with _opened(source) as connection:
        for number, picture in connection.execute(_TILES):
            pictures.add(number, picture)
        metadata = dict(connection.execute("SELECT name, value FROM metadata"))
    if pictures.tiles == 0:
        raise BasemapFault("basemap-empty", _EMPTY)
    return metadata


@contextmanager
def _opened(source: Path) -> Iterator[sqlite3.Connection]:
    address = f"{source.absolute().as_uri()}?mode=ro"
    try:
        with closing(sqlite3.connect(address, uri=True)) as connection:
            connection.create_function("tile_number", 3, tile_number)
            yield connection
    except sqlite3.DatabaseError as fault:
        raise BasemapFault("basemap-unreadable", _unreadable(source)) from fault


def _kind_of(picture: bytes) -> int:
    for beginning, kind in PICTURE_TYPES.items():
        if picture.startswith(beginning):
            return kind
    raise BasemapFault("basemap-not-pictures", _NOT_PICTURES)


def _bounds(metadata: dict[str, str]) -> tuple[float, float, float, float]:
    """Return west, south, east, north; the world where the file does not say."""
    try:
        west, south, east, north = map(float, metadata.get("bounds", "").split(","))
    except ValueError:
        return _WORLD
    found = (west, south, east, north)
    is_sound = all(map(math.isfinite, found)) and max(map(abs, found)) <= 180
    return found if is_sound else _WORLD


def _exists(target: Path) -> Message:
    return Message(
        zh=f"{target} 已存在，不覆盖。请另取文件名。",
        en=f"{target} exists and is not replaced. Choose another name.",
    )


def _unreadable(source: Path) -> Message:
    return Message(
        zh=f"{source} 不是能读取的 MBTiles 文件。请检查路径，或重新导出。",
        en=f"{source} is no readable MBTiles file. Check the path, or export it again.",
    )
