"""Which county a position is in, and whether that can be told."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely import MultiPolygon, Polygon
from shapely.geometry import shape

from geo.border import Border, Edges, edges_of, edges_together
from geo.datum import to_wgs84
from geo.errors import CountiesRefused, GeoError, Message
from geo.fix import Fix
from geo.plane import Floats, rounded_m
from geo.validity import require_valid

CountyKind = Literal["member", "other", "none"]

#: 90 % of the shipped borders are off by less than 660 m against a finer source.
COUNTY_TOLERANCE_M = 700.0


@dataclass(frozen=True, slots=True)
class County:
    """One county of a map; ``is_member`` says whether it is one of the bureau's."""

    code: str
    name: str
    geometry: Polygon | MultiPolygon
    is_member: bool


@dataclass(frozen=True, slots=True)
class CountyHit:
    """The county that covers a position.

    ``kind`` is ``member`` (one of the bureau's own), ``other`` (any other that the
    map holds) or ``none``, where ``code`` and ``name`` are None. ``is_ambiguous``:
    another county is within the band, so the position may be in that one.
    """

    code: str | None
    name: str | None
    is_ambiguous: bool
    kind: CountyKind


class CountyMap:
    """Counties as one map; a shared border belongs to the smaller code.

    Raises
    ------
    CountiesRefused
        ``counties-duplicate`` if a code occurs twice, ``counties-empty``.
    """

    def __init__(
        self, counties: Iterable[County], *, tolerance_m: float = COUNTY_TOLERANCE_M
    ) -> None:
        self.counties = tuple(sorted(counties, key=lambda county: county.code))
        self.tolerance_m = float(tolerance_m)
        self._place = {county.code: n for n, county in enumerate(self.counties)}
        if len(self._place) != len(self.counties):
            raise CountiesRefused(
                "counties-duplicate",
                Message("有重复的县级代码。", "A county code occurs twice."),
            )
        if not self.counties:
            raise CountiesRefused(
                "counties-empty", Message("没有任何县。", "There is no county.")
            )
        self._geometries = np.array([c.geometry for c in self.counties], dtype=object)
        shapely.prepare(self._geometries)
        self._bounds = shapely.bounds(self._geometries)
        self._edges, self._owner = _edges_with_owner(self._geometries)
        self._borders: dict[int, Border] = {}

    @classmethod
    def from_geojson(cls, document: Mapping[str, Any]) -> "CountyMap":
        """The map that a county document describes (`geo.package_data` has one).

        A FeatureCollection with ``tolerance_m``; each feature has ``adcode``,
        ``name`` and ``is_member``, polygons in degrees on the ground datum.

        Raises
        ------
        CountiesRefused
            ``counties-document`` with the feature as the place.
        """
        counties = [
            _county(feature, f"features[{n}]")
            for n, feature in enumerate(document.get("features", ()))
        ]
        tolerance_m = float(document.get("tolerance_m", COUNTY_TOLERANCE_M))
        return cls(counties, tolerance_m=tolerance_m)

    @property
    def codes(self) -> tuple[str, ...]:
        """Every county's code, in order."""
        return tuple(self._place)

    @property
    def member_codes(self) -> tuple[str, ...]:
        """The codes of the bureau's own counties, in order."""
        return tuple(county.code for county in self.counties if county.is_member)

    def name(self, code: str) -> str | None:
        """The county's name, or None if the map does not hold it."""
        county = self.get(code)
        return county.name if county else None

    def geometry(self, code: str) -> Polygon | MultiPolygon | None:
        """The county's polygons in degrees on the ground datum, or None."""
        county = self.get(code)
        return county.geometry if county else None

    def get(self, code: str) -> County | None:
        """The county of this code, or None."""
        place = self._place.get(code)
        return None if place is None else self.counties[place]

    def locate(self, fix: Fix, *, convert: bool = True) -> CountyHit:
        """The county that covers a fix.

        Ambiguous if any other county is within the band: radius plus tolerance
        plus the error of a conversion. Ambiguous too, if the radius is unknown,
        or if the fix needs a conversion that is switched off (then no county).
        """
        if not (convert or fix.datum.is_ground):
            return CountyHit(None, None, True, "none")
        ground = to_wgs84(fix.lon_deg, fix.lat_deg, fix.datum)
        place = self._covering(ground.lon_deg, ground.lat_deg)
        is_ambiguous = True
        if fix.radius95_m is not None:
            band_m = fix.radius95_m + self.tolerance_m + ground.error_m
            border = self._border_of_others(place)
            away_m = border.metres_from(ground.lon_deg, ground.lat_deg)
            is_ambiguous = rounded_m(away_m) <= band_m
        return self._hit(place, is_ambiguous)

    def _hit(self, place: int, is_ambiguous: bool) -> CountyHit:
        if place < 0:
            return CountyHit(None, None, is_ambiguous, "none")
        county = self.counties[place]
        kind: CountyKind = "member" if county.is_member else "other"
        return CountyHit(county.code, county.name, is_ambiguous, kind)

    def _covering(self, lon_deg: float, lat_deg: float) -> int:
        west, south, east, north = self._bounds.T
        near = np.flatnonzero(
            (west <= lon_deg)
            & (lon_deg <= east)
            & (south <= lat_deg)
            & (lat_deg <= north)
        )
        covers = shapely.intersects_xy(self._geometries[near], lon_deg, lat_deg)
        return int(near[covers][0]) if covers.any() else -1

    def _border_of_others(self, place: int) -> Border:
        if place not in self._borders:
            self._borders[place] = Border(self._edges_of_others(place))
        return self._borders[place]

    def _edges_of_others(self, place: int) -> Edges:
        """The edges of every county but this one (-1: of every county)."""
        return self._edges if place < 0 else self._edges.take(self._owner != place)


def _edges_with_owner(
    geometries: NDArray[np.object_],
) -> tuple[Edges, NDArray[np.int64]]:
    """Each county's own edges, with its place; a shared border occurs twice."""
    per_county = [edges_of(geometry) for geometry in geometries]
    owner = np.repeat(np.arange(len(per_county)), [len(edges) for edges in per_county])
    return edges_together(per_county), owner


def _county(feature: Mapping[str, Any], place: str) -> County:
    try:
        terms = feature["properties"]
        polygons = shape(dict(feature["geometry"]))
        require_valid(polygons, place=place)
        if not isinstance(polygons, Polygon | MultiPolygon):
            raise TypeError(polygons.geom_type)
        return County(
            str(terms["adcode"]), str(terms["name"]), polygons, bool(terms["is_member"])
        )
    except (KeyError, TypeError, ValueError, GeoError) as error:
        raise CountiesRefused(
            "counties-document",
            Message(
                f"县界文件有误：{error}", f"The county document is faulty: {error}"
            ),
            place,
        ) from error
