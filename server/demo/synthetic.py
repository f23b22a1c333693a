"""The remainder of the city's 2023 figure: no split by county was published.

So these records are drawn, from a fixed seed, and each says that it is
synthetic, in the data and in its text.
"""

import random
import struct
import zlib
from pathlib import Path
from typing import Any

import shapely

from geo.counties import CountyMap
from schemas.units import units
from server.demo.published import (
    CAMPAIGN,
    CITY_ACTS_2023,
    PRODUCT,
    RIGHT,
    RONGJIANG,
    XUNWU,
    outline_of,
)

Body = dict[str, Any]

SEED = 2023
PUBLISHED_ACTS = {XUNWU: 1}
_MARK = "合成数据，非真实案件 / synthetic, not a real case"
_PHOTO_SIDE_PX = 360
_LEAST_ACTS = 4

_OUTSIDE = (("350426", "福建尤溪"), ("440282", "广东南雄"), ("441426", "广东平远"))

# (code, premises, claims, evidenced origin: outside | inside | unknown | orchard)
_PATTERNS: tuple[tuple[str, str, list[str], str], ...] = (
    ("GI-101", "wholesale", ["protected_name"], "outside"),
    ("TM-202", "warehouse", ["protected_name"], "outside"),
    ("GI-105", "packing_plant", ["special_mark"], "inside"),
    ("HV-501", "orchard", ["protected_name"], "orchard"),
    ("OR-302", "packing_plant", ["protected_name"], "mixed"),
    ("TR-401", "shop", [], "unknown"),
    ("GI-101", "stall", ["protected_name"], "unknown"),
    ("TM-204", "printer", ["cert_mark"], "labels"),
    ("TR-405", "wholesale", [], "outside"),
    ("OR-301", "supermarket", ["protected_name"], "outside"),
    ("GI-101", "farm_market", ["protected_name"], "inside"),
)


def synthetic_campaign(counties: CountyMap) -> dict[str, list[Body]]:
    """Return, by unit, drawn observations that complete the published figure."""
    drawer = _Drawer(counties, random.Random(SEED))
    return {
        unit_code: drawer.observations_of(unit_code, acts)
        for unit_code, acts in _acts_by_unit().items()
    }


def synthetic_photo(number: int) -> bytes:
    """Return a PNG of coloured noise that says in a text chunk what it is."""
    noise = random.Random(number)
    side = _PHOTO_SIDE_PX
    rows = b"".join(b"\0" + noise.randbytes(side) for _ in range(side))
    header = struct.pack(">IIBBBBB", side, side, 8, 0, 0, 0, 0)
    text = f"Comment\0synthetic test picture {number}".encode()
    chunks = ((b"IHDR", header), (b"tEXt", text), (b"IDAT", zlib.compress(rows)))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        _png_chunk(kind, data) for kind, data in (*chunks, (b"IEND", b""))
    )


def add_photo(body: Body, folder: Path, number: int) -> None:
    """Give an observation a synthetic photograph, as a file in `folder`."""
    file = folder / f"synthetic-{number:03d}.png"
    file.write_bytes(synthetic_photo(number))
    body["evidence"].append({"path": str(file)})


def _png_chunk(kind: bytes, data: bytes) -> bytes:
    checksum = zlib.crc32(kind + data)
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", checksum)


def _acts_by_unit() -> dict[str, int]:
    """Share out what was not published; Rongjiang's published figure is zero."""
    codes = [unit.unit_code for unit in units() if unit.unit_code != RONGJIANG]
    left = CITY_ACTS_2023 - sum(PUBLISHED_ACTS.values())
    shares = dict.fromkeys(codes, _LEAST_ACTS)
    drawing = random.Random(SEED)
    for code in drawing.choices(codes, k=left - len(codes) * _LEAST_ACTS):
        shares[code] += 1
    return shares


class _Drawer:
    """Draws sites, lots and violations; the same ones in every run."""

    def __init__(self, counties: CountyMap, drawing: random.Random) -> None:
        self._counties = counties
        self._drawing = drawing
        self._hosts = {unit.unit_code: unit.host_counties[0] for unit in units()}
        self._drawn = 0

    def observations_of(self, unit_code: str, acts: int) -> list[Body]:
        bodies: list[Body] = []
        left = acts
        while left:
            both = left > 1 and len(bodies) % 4 == 3
            bodies.append(self._observation(unit_code, with_second_act=both))
            left -= 2 if both else 1
        return bodies

    def _observation(self, unit_code: str, *, with_second_act: bool) -> Body:
        code, premises, claims, origin = _PATTERNS[self._drawn % len(_PATTERNS)]
        self._drawn += 1
        seen_at = (
            f"2023-{11 + self._drawn % 2}-{3 + self._drawn % 25:02d}"
            f"T{9 + self._drawn % 8:02d}:{self._drawn % 60:02d}:00+08:00"
        )
        acts = [code, "TR-402"] if with_second_act else [code]
        return {
            "observed_at": seen_at,
            "campaign": CAMPAIGN,
            "site": self._site(unit_code, premises, seen_at),
            "goods": [self._lot(unit_code, claims, origin)],
            "violations": [
                {
                    "id": f"v{number}",
                    "code": act,
                    "goods": ["g1"],
                    "primary": number == 1,
                    "description": _MARK,
                }
                for number, act in enumerate(acts, 1)
            ],
            "evidence": [],
            "note": _MARK,
            "synthetic": True,
        }

    def _site(self, unit_code: str, premises: str, seen_at: str) -> Body:
        place = self._point_in(self._hosts[unit_code])
        fix = {
            "lon_deg": round(place.x, 6),
            "lat_deg": round(place.y, 6),
            "datum": "WGS84",
            "radius95_m": self._drawing.choice((5, 8, 12, 20, 65)),
            "source": "gnss",
            "is_mock": None,
            "fixed_at": seen_at,
        }
        name = f"合成主体{self._drawn:03d} (synthetic)"
        return {"premises_type": premises, "name": name, "fix": fix}

    def _lot(self, unit_code: str, claims: list[str], origin: str) -> Body:
        lot: Body = {
            "id": "g1",
            "product": PRODUCT,
            "rights": [RIGHT],
            "claims": claims,
            "quantity": {
                "value": str(self._drawing.randrange(20, 4000)),
                "unit": "jin",
            },
            "declared_origin": {"admin_code": self._hosts[unit_code]},
        }
        if origin == "labels":
            lot |= {"kind": "label", "quantity": {"value": "1200", "unit": "sticker"}}
            del lot["declared_origin"]
        lot["evidenced_origins"] = self._origins(unit_code, origin)
        return lot

    def _origins(self, unit_code: str, origin: str) -> list[Body]:
        far_code, far_name = self._drawing.choice(_OUTSIDE)
        far: Body = {"admin_code": far_code, "text": far_name, "basis": "documented"}
        near: Body = {"admin_code": self._hosts[unit_code], "basis": "documented"}
        known: dict[str, list[Body]] = {
            "outside": [far | {"share": 1}],
            "inside": [near | {"share": 1}],
            "mixed": [far | {"share": 0.4}, near | {"share": 0.6}],
        }
        return known.get(origin, [])

    def _point_in(self, county_code: str) -> shapely.Point:
        county = outline_of(self._counties, county_code)
        west, south, east, north = county.bounds
        while True:
            place = shapely.Point(
                self._drawing.uniform(west, east), self._drawing.uniform(south, north)
            )
            if shapely.covers(county, place):
                return place
