"""Which county a position is in, and whether that can be told."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray
from shapely import MultiPolygon, Polygon
from shapely.geometry import shape

from geo.border import Border
from geo.cells import NOWHERE
from geo.cover import Cover
from geo.datum import Datum
from geo.errors import CountiesRefused, GeoError, Message
from geo.fix import Fix
from geo.neighbours import CountyBorders
from geo.positions import ground_positions
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


@dataclass(frozen=True, slots=True, eq=False)
class CountyHits:
    """`CountyHit` for many positions; ``place`` in ``counties`` of the map, or -1."""

    place: NDArray[np.int16]
    is_ambiguous: NDArray[np.bool_]
    county_map: "CountyMap"

    def __len__(self) -> int:
        """Return the number of positions."""
        return len(self.place)

    def codes(self) -> NDArray[np.object_]:
        """Return each position's county code, None where there is no county."""
        # Place -1, no county, takes the last.
        return np.array([*self.county_map.codes, None], dtype=object)[self.place]

    def at(self, row: int) -> CountyHit:
        """Return what `CountyMap.locate` answers for one of the positions."""
        return self.county_map.hit(int(self.place[row]), bool(self.is_ambiguous[row]))


class CountyMap:
    """Counties as one map; a shared border belongs to the smaller code.

    The polygons are to meet without overlaps, sharing the vertices of their borders.

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
        polygons = [county.geometry for county in self.counties]
        self._cover = Cover(polygons)
        self._borders = CountyBorders(polygons)

    @classmethod
    def from_geojson(cls, document: Mapping[str, Any]) -> "CountyMap":
        """Return the map that a county document describes.

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
        """Return the county's name, or None if the map does not hold it."""
        county = self.get(code)
        return county.name if county else None

    def geometry(self, code: str) -> Polygon | MultiPolygon | None:
        """Return the county's polygons in degrees on the ground datum, or None."""
        county = self.get(code)
        return county.geometry if county else None

    def get(self, code: str) -> County | None:
        """Return the county of this code, or None."""
        place = self._place.get(code)
        return None if place is None else self.counties[place]

    @property
    def border(self) -> Border:
        """The borders of all counties together."""
        return self._borders.all

    def locate(self, fix: Fix, *, convert: bool = True) -> CountyHit:
        """Return the county that covers a fix.

        Ambiguous if any other county is within the band: radius plus tolerance
        plus the error of a conversion. Ambiguous too, if the radius is unknown,
        or if the fix needs a conversion that is switched off (then no county).
        """
        hits = self.locate_many(
            np.array([fix.lon_deg]),
            np.array([fix.lat_deg]),
            fix.radius95_m,
            fix.datum,
            convert=convert,
        )
        return hits.at(0)

    def may_be_in(
        self, fix: Fix, codes: Collection[str], *, convert: bool = True
    ) -> bool:
        """Tell whether a fix is in one of these counties, or within the band of one.

        True where that cannot be told: the radius is unknown, or the fix needs a
        conversion that is switched off. A code that the map does not hold is nowhere.
        """
        at = ground_positions(
            [fix.lon_deg], [fix.lat_deg], fix.radius95_m, fix.datum, convert=convert
        )
        if not at.is_on_ground[0] or np.isnan(at.radius95_m[0]):
            return True
        own = int(self._cover.places_of(at.lon_deg, at.lat_deg)[0])
        band_m = at.radius95_m + self.tolerance_m + at.error_m
        places = {self._place[code] for code in codes if code in self._place}
        return own in places or any(
            self._borders.is_near(place, at.lon_deg, at.lat_deg, band_m)[0]
            for place in places
        )

    def locate_many(
        self,
        lon_deg: ArrayLike,
        lat_deg: ArrayLike,
        radius95_m: ArrayLike | None,
        datum: Datum | Sequence[Datum] = Datum.WGS84,
        *,
        convert: bool = True,
    ) -> CountyHits:
        """Locate whole arrays of positions, with the very answers of `locate`.

        Parameters and refusals are those of `geo.positions.ground_positions`.
        """
        at = ground_positions(lon_deg, lat_deg, radius95_m, datum, convert=convert)
        place = np.full(len(at.lon_deg), NOWHERE, np.int16)
        is_ambiguous = np.ones(len(place), bool)
        known = np.flatnonzero(at.is_on_ground)
        place[known] = self._cover.places_of(at.lon_deg[known], at.lat_deg[known])
        known = known[~np.isnan(at.radius95_m[known])]
        band_m = at.radius95_m + self.tolerance_m + at.error_m
        is_ambiguous[known] = self._borders.is_other_near(
            place[known], at.lon_deg[known], at.lat_deg[known], band_m[known]
        )
        return CountyHits(place, is_ambiguous, self)

    def hit(self, place: int, is_ambiguous: bool) -> CountyHit:
        """Return the hit of the county at a place in ``counties``, -1 being none."""
        if place < 0:
            return CountyHit(None, None, is_ambiguous, "none")
        county = self.counties[place]
        kind: CountyKind = "member" if county.is_member else "other"
        return CountyHit(county.code, county.name, is_ambiguous, kind)


def _county(feature: Mapping[str, Any], place: str) -> County:
    try:
        terms = feature["properties"]
        polygons = require_valid(shape(dict(feature["geometry"])), place=place)
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
