"""A basemap made by the server is read by the field app, tile by tile."""

import hashlib
import json
import struct
from pathlib import Path
from typing import Any

import pytest
from app.node import node_json
from mbtiles import png, write_mbtiles
from typer.testing import CliRunner

from server.basemap import convert
from server.cli import app
from server.errors import BasemapFault

READ_TILES = Path(__file__).parents[1] / "app" / "views" / "map" / "read_tiles.mjs"
Tiles = list[tuple[int, int, int, bytes]]


def read_by_the_app(file: Path, asked: list[tuple[int, int, int]], folder: Path) -> Any:
    question = folder / "asked.json"
    question.write_text(json.dumps({"file": str(file), "tiles": asked}), "utf-8")
    return node_json(READ_TILES, str(question))


def check_every_tile(tiles: Tiles, tmp_path: Path) -> Any:
    made = tmp_path / "made.pmtiles"
    contents = convert(write_mbtiles(tmp_path / "given.mbtiles", tiles), made)
    asked = [(z, x, y) for z, x, y, _ in tiles]
    report = read_by_the_app(made, asked, tmp_path)
    assert report["sha256"] == [hashlib.sha256(p).hexdigest() for *_, p in tiles]
    assert contents.tiles == len(tiles)
    return report


def test_every_tile_is_where_the_app_looks_for_it(tmp_path: Path) -> None:
    sea, land = png(0, 0, 200), png(90, 160, 90)
    tiles = [(0, 0, 0, land)]
    tiles += [(3, x, y, sea if x < 5 else land) for x in range(8) for y in range(8)]
    report = check_every_tile(tiles, tmp_path)
    assert report["terms"] == {
        "leastZoom": 0,
        "mostZoom": 3,
        "west": 113.9,
        "south": 24.4,
        "east": 116.7,
        "north": 27.2,
    }
    assert report["mediaType"] == "image/png"
    assert (tmp_path / "made.pmtiles").stat().st_size < 4 * len(land) + 2_000


def test_a_directory_too_large_for_one_is_parted(tmp_path: Path) -> None:
    """Pictures as different as photographs: no two are alike or of one size."""
    tiles = [(8, x, y, photograph(x, y)) for x in range(256) for y in range(0, 256, 3)]
    check_every_tile(tiles, tmp_path)
    header = (tmp_path / "made.pmtiles").read_bytes()[:127]
    (leaves_bytes,) = struct.unpack_from("<Q", header, 48)
    assert leaves_bytes > 0


def photograph(x: int, y: int) -> bytes:
    shaken = hashlib.shake_256(b"%d %d" % (x, y))
    return b"\x89PNG" + shaken.digest(16 + 2 * shaken.digest(1)[0])


def test_a_tile_that_is_not_there_is_none(tmp_path: Path) -> None:
    made = tmp_path / "made.pmtiles"
    convert(write_mbtiles(tmp_path / "a.mbtiles", [(2, 1, 1, png(1, 2, 3))]), made)
    report = read_by_the_app(
        made, [(2, 0, 0), (2, 3, 3), (0, 0, 0), (9, 1, 1)], tmp_path
    )
    assert report["sha256"] == [None] * 4


@pytest.mark.parametrize(
    ("tiles", "code"),
    [
        ([], "basemap-empty"),
        ([(0, 0, 0, b"\x1f\x8b\x08 a vector tile")], "basemap-not-pictures"),
        ([(0, 0, 0, png(1, 1, 1)), (1, 0, 0, b"\xff\xd8\xff")], "basemap-not-pictures"),
    ],
)
def test_what_is_no_basemap_is_refused_and_nothing_is_left(
    tiles: Tiles, code: str, tmp_path: Path
) -> None:
    given = write_mbtiles(tmp_path / "given.mbtiles", tiles)
    with pytest.raises(BasemapFault) as refused:
        convert(given, tmp_path / "made.pmtiles")
    assert refused.value.code == code
    assert [place.name for place in tmp_path.iterdir()] == ["given.mbtiles"]


def test_a_file_that_is_there_is_not_replaced(tmp_path: Path) -> None:
    given = write_mbtiles(tmp_path / "given.mbtiles", [(0, 0, 0, png(1, 1, 1))])
    with pytest.raises(BasemapFault, match="exists"):
        convert(given, given)


@pytest.mark.parametrize("content", [b"", b"PMTiles", b"SQLite format 3\0 cut short"])
def test_what_is_no_mbtiles_is_refused_by_its_name(
    content: bytes, tmp_path: Path
) -> None:
    given = tmp_path / "given.mbtiles"
    given.write_bytes(content)
    with pytest.raises(BasemapFault, match=r"given\.mbtiles"):
        convert(given, tmp_path / "made.pmtiles")
    with pytest.raises(BasemapFault, match=r"missing\.mbtiles"):
        convert(tmp_path / "missing.mbtiles", tmp_path / "made.pmtiles")


def test_the_command_says_what_it_made(tmp_path: Path) -> None:
    given = write_mbtiles(tmp_path / "given.mbtiles", [(4, 3, 3, png(1, 1, 1))])
    words = ["basemap", str(given), str(tmp_path / "made.pmtiles")]
    done = CliRunner().invoke(app, words, env={"GI_LANG": "en"})
    assert done.exit_code == 0
    assert "1 tiles, zoom 4 to 4" in done.output
