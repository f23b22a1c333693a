"""The counties and the default protected origin that the package carries.

Where they come from and how far to trust them: ``geo/data/PROVENANCE.md``.
"""

import json
from functools import cache
from importlib.resources import files
from typing import Any

from geo.area import Area, area_from_document
from geo.counties import COUNTY_TOLERANCE_M, CountyMap

DEFAULT_RIGHT = "gannan-navel-orange"

_MEMBERS = "ganzhou_counties.geojson"
_NEIGHBOURS = "neighbour_counties.geojson"
_DEFAULT_AREA = "gannan-navel-orange.area.geojson"


def counties_document() -> dict[str, Any]:
    """Return Ganzhou's 18 counties and the 77 around them as one document.

    What a device gets as reference: CGCS2000, ``tolerance_m`` for all, and per
    feature ``adcode``, ``name`` and ``is_member``, in order of the code.
    """
    features = [
        _county_feature(feature, is_member=name == _MEMBERS)
        for name in (_MEMBERS, _NEIGHBOURS)
        for feature in _read(name)["features"]
    ]
    return {
        "type": "FeatureCollection",
        "format": "gi-counties/1",
        "datum": "CGCS2000",
        "tolerance_m": COUNTY_TOLERANCE_M,
        "source": _read(_MEMBERS)["features"][0]["properties"]["source"],
        "features": sorted(features, key=lambda feature: str(feature["id"])),
    }


def default_area_document() -> dict[str, Any]:
    """Return the default protected origin's document (see `geo.area`)."""
    return _read(_DEFAULT_AREA)


@cache
def load_counties() -> CountyMap:
    """Return the map of `counties_document`; the same object every time."""
    return CountyMap.from_geojson(counties_document())


@cache
def default_area() -> Area:
    """Return the 18 counties as the protected origin, unconfirmed, to 700 m.

    The same object every time.
    """
    return area_from_document(default_area_document())


def _county_feature(feature: dict[str, Any], *, is_member: bool) -> dict[str, Any]:
    terms = feature["properties"]
    return {
        "type": "Feature",
        "id": terms["adcode"],
        "bbox": feature["bbox"],
        "properties": {
            "adcode": terms["adcode"],
            "name": terms["name"],
            "is_member": is_member,
        },
        "geometry": feature["geometry"],
    }


def _read(name: str) -> dict[str, Any]:
    text = files("geo").joinpath("data", name).read_text(encoding="utf-8")
    document: dict[str, Any] = json.loads(text)
    return document
