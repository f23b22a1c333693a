"""A protected origin: the polygons of one right in one version, and its document.

The document is a GeoJSON Feature (RFC 7946). Its canonical bytes are what is stored
and sent, and their SHA-256 is the area's identity in every verdict.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from math import isfinite
from typing import Any

import geojson
import shapely
from shapely import MultiPolygon, Polygon
from shapely.geometry import mapping, shape

from geo.border import Border
from geo.cover import Cover
from geo.datum import Datum
from geo.edges import edges_of
from geo.errors import AreaRefused, Message
from geo.validity import require_valid

FORMAT = "gi-area/1"
# The geojson library rounds to 6 decimals unless told otherwise; so many keep all.
_EVERY_DIGIT = 400


@dataclass(frozen=True, kw_only=True)
class Area:
    """One version of a protected origin, valid by construction.

    Parameters
    ----------
    right, version : str
        The right's key (``"gannan-navel-orange"``) and the version's name.
    geometry : Polygon or MultiPolygon
        Degrees, (longitude, latitude), on a ground datum. Holes are outside.
    tolerance_m : float
        How far the digitised border may be from the legal one.
    datum : Datum
        WGS 84 or CGCS2000; `geo.area_file.import_area` converts the others.
    in_force_from, in_force_to : date
        First and last day in force, both inclusive; None is open.
    member_codes : tuple of str
        Administrative codes that belong to the area, as prefixes, former codes
        too. Empty if it was never defined by administrative units.
    supersedes : str, optional
        The version of the same right that this one may overlap in time.
    legal_act, source : str
        What defines the border; where the polygons are from.
    converted_from : Datum, optional
        The file's datum if it was converted; its error is in ``tolerance_m``.
    confirmed : bool
        Whether a bureau has confirmed it against the legal text.

    Raises
    ------
    AreaRefused
        With the place and the reason: see `geo.validity` for the geometry;
        ``area-datum``, ``area-tolerance``, ``area-in-force``, ``area-member-code``,
        ``area-name`` for the rest.
    """

    right: str
    version: str
    geometry: Polygon | MultiPolygon
    tolerance_m: float
    datum: Datum
    in_force_from: date
    in_force_to: date | None = None
    source: str = ""
    legal_act: str = ""
    member_codes: tuple[str, ...] = ()
    supersedes: str | None = None
    converted_from: Datum | None = None
    confirmed: bool = False

    def __post_init__(self) -> None:
        """Refuse what cannot be a protected origin."""
        object.__setattr__(self, "tolerance_m", float(self.tolerance_m))
        object.__setattr__(self, "member_codes", tuple(self.member_codes))
        _require_terms(self)
        require_valid(self.geometry)

    @property
    def area_version(self) -> str:
        """Right and version in one: ``"gannan-navel-orange/default-1"``."""
        return f"{self.right}/{self.version}"

    @cached_property
    def cover(self) -> Cover:
        """The polygons, ready to be asked what they cover."""
        return Cover([self.geometry])

    @cached_property
    def border(self) -> Border:
        """The border, ready to be measured from many positions."""
        return Border(edges_of(self.geometry))

    @cached_property
    def document_bytes(self) -> bytes:
        """The canonical bytes of the area's document, as stored and sent."""
        return canonical_bytes(area_document(self))

    @cached_property
    def sha256(self) -> str:
        """SHA-256 of `document_bytes`, in hex."""
        return hashlib.sha256(self.document_bytes).hexdigest()

    def is_in_force(self, on: date) -> bool:
        """Whether `on` is within the days in force, first and last included."""
        return self.in_force_from <= on and (
            self.in_force_to is None or on <= self.in_force_to
        )


def canonical_bytes(document: Mapping[str, Any]) -> bytes:
    """Return the canonical bytes: sorted keys, no spaces, UTF-8, no NaN."""
    return json.dumps(
        document,
        ensure_ascii=False,
        allow_nan=False,
        sort_keys=True,
        separators=(",", ":"),
    ).encode()


def area_document(area: Area) -> dict[str, Any]:
    """Return the area as a GeoJSON Feature of plain dicts, lists and numbers."""
    shape_class = getattr(geojson, area.geometry.geom_type)
    coordinates = mapping(area.geometry)["coordinates"]
    feature = geojson.Feature(
        geometry=shape_class(coordinates, precision=_EVERY_DIGIT),
        bbox=list(area.geometry.bounds),
        properties={
            "format": FORMAT,
            "right": area.right,
            "version": area.version,
            "tolerance_m": area.tolerance_m,
            "datum": area.datum.value,
            "converted_from": area.converted_from and area.converted_from.value,
            "member_codes": list(area.member_codes),
            "in_force_from": area.in_force_from.isoformat(),
            "in_force_to": area.in_force_to and area.in_force_to.isoformat(),
            "supersedes": area.supersedes,
            "legal_act": area.legal_act,
            "source": area.source,
            "confirmed": area.confirmed,
        },
    )
    plain: dict[str, Any] = json.loads(json.dumps(feature, allow_nan=False))
    return plain


def area_from_document(document: Mapping[str, Any]) -> Area:
    """Return the area that a document describes; its sha256 is the document's.

    Raises
    ------
    AreaRefused
        ``area-document`` if a member is missing or of the wrong kind, and
        whatever `Area` refuses.
    """
    try:
        terms = document["properties"]
        if terms["format"] != FORMAT:
            raise ValueError(f"format {terms['format']!r}")
        last_day, converted_from = terms["in_force_to"], terms["converted_from"]
        return Area(
            right=terms["right"],
            version=terms["version"],
            geometry=require_valid(shape(dict(document["geometry"]))),
            tolerance_m=terms["tolerance_m"],
            datum=Datum(terms["datum"]),
            in_force_from=date.fromisoformat(terms["in_force_from"]),
            in_force_to=date.fromisoformat(last_day) if last_day else None,
            source=terms["source"],
            legal_act=terms["legal_act"],
            member_codes=tuple(terms["member_codes"]),
            supersedes=terms["supersedes"],
            converted_from=Datum(converted_from) if converted_from else None,
            confirmed=terms["confirmed"],
        )
    except (KeyError, TypeError, ValueError, shapely.errors.GEOSException) as error:
        raise AreaRefused(
            "area-document",
            Message(
                f"这不是有效的产地范围文件：{error}",
                f"This is not a document of a protected origin: {error}",
            ),
        ) from error


def _require_terms(area: Area) -> None:
    place = f"{area.right}/{area.version}"
    if not (area.right and area.version):
        raise AreaRefused(
            "area-name",
            Message("缺少权利或版本名称。", "The right or the version has no name."),
            place,
        )
    if not area.datum.is_ground:
        raise AreaRefused(
            "area-datum",
            Message(
                f"产地范围须为 WGS84 或 CGCS2000，不能是 {area.datum}。",
                f"An area is on WGS84 or CGCS2000, not {area.datum}; import converts.",
            ),
            place,
        )
    if not (isfinite(area.tolerance_m) and area.tolerance_m >= 0.0):
        raise AreaRefused(
            "area-tolerance",
            Message("边界容差须为不小于 0 的米数。", "The tolerance is below 0 m."),
            place,
        )
    if area.in_force_to is not None and area.in_force_to < area.in_force_from:
        raise AreaRefused(
            "area-in-force",
            Message("失效日期早于生效日期。", "It ends before it begins."),
            place,
        )
    _require_member_codes(area.member_codes, place)


def _require_member_codes(codes: tuple[str, ...], place: str) -> None:
    for code in codes:
        is_digits = code.isascii() and code.isdigit() and code.strip("0")
        if not is_digits or len(code) not in (2, 4, 6, 9, 12):
            raise AreaRefused(
                "area-member-code",
                Message(
                    f"成员代码“{code[:20]}”不是行政区划代码（2、4、6、9 或 12 位）。",
                    f"Member code {code[:20]!r} is not 2, 4, 6, 9 or 12 digits.",
                ),
                place,
            )
