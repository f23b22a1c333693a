"""Small basemaps: pictures of one colour, and MBTiles files of them."""

import sqlite3
import struct
import zlib
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path

BOUNDS = "113.9,24.4,116.7,27.2"
SIDE_PX = 256


def png(red: int, green: int, blue: int) -> bytes:
    """Return a picture of one colour, 256 pixels wide and high."""
    header = struct.pack(">2I5B", SIDE_PX, SIDE_PX, 8, 2, 0, 0, 0)
    line = b"\0" + bytes((red, green, blue)) * SIDE_PX
    pixels = zlib.compress(line * SIDE_PX)
    chunks = ((b"IHDR", header), (b"IDAT", pixels), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + named + struct.pack(">I", zlib.crc32(named))
        for named, data in ((kind + data, data) for kind, data in chunks)
    )


def write_mbtiles(
    path: Path, tiles: Iterable[tuple[int, int, int, bytes]], bounds: str = BOUNDS
) -> Path:
    """Write tiles, each (zoom, x, y from the north, picture)."""
    with closing(sqlite3.connect(path)) as file, file:
        file.execute("CREATE TABLE metadata (name TEXT, value TEXT)")
        file.execute(
            "CREATE TABLE tiles (zoom_level INTEGER, tile_column INTEGER,"
            " tile_row INTEGER, tile_data BLOB)"
        )
        told = [("name", "赣州影像"), ("format", "png"), ("bounds", bounds)]
        file.executemany("INSERT INTO metadata VALUES (?, ?)", told)
        file.executemany(
            "INSERT INTO tiles VALUES (?, ?, ?, ?)",
            [(z, x, (1 << z) - 1 - y, data) for z, x, y, data in tiles],
        )
    return path
