"""Which positions are so near to another county that they may lie in it."""

from collections.abc import Sequence
from functools import cached_property
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray
from shapely import MultiPolygon, Polygon

from geo.border import Border
from geo.cells import Labels
from geo.edges import Edges, edges_of, edges_together
from geo.plane import Floats

Flags: TypeAlias = NDArray[np.bool_]

_SHARED = -1


class CountyBorders:
    """The borders of counties, each edge once, sorted by whose it is.

    A shared edge is another county's wherever one stands, so it is asked first,
    and for everyone at once; an edge that only one county has (the rim of the map)
    counts for all but that county.
    """

    def __init__(self, polygons: Sequence[Polygon | MultiPolygon]) -> None:
        self._edges, self._owner = _edges_with_owner(polygons)
        self._of_others: dict[int, Border | None] = {}
        self._polygons = tuple(polygons)
        self._of_one: dict[int, Border] = {}

    @cached_property
    def all(self) -> Border:
        """Every border of every county."""
        return Border(self._edges)

    def is_other_near(
        self, place: Labels, lon_deg: Floats, lat_deg: Floats, band_m: Floats
    ) -> Flags:
        """Tell for positions in counties whether another county is within a band.

        ``place`` is each position's own county, -1 if it has none.
        """
        is_near = _is_near(self._shared, lon_deg, lat_deg, band_m)
        rows = np.flatnonzero(~is_near)
        at_rim = _is_near(self._rim, lon_deg[rows], lat_deg[rows], band_m[rows])
        rows = rows[at_rim]
        for own in np.unique(place[rows]):
            at = rows[place[rows] == own]
            rim = self._rim_of_others(int(own))
            is_near[at] = _is_near(rim, lon_deg[at], lat_deg[at], band_m[at])
        return is_near

    def is_near(
        self, place: int, lon_deg: Floats, lat_deg: Floats, band_m: Floats
    ) -> Flags:
        """Tell for positions whether the border of the county at a place is near."""
        if place not in self._of_one:
            self._of_one[place] = Border(edges_of(self._polygons[place]))
        return self._of_one[place].is_within(lon_deg, lat_deg, band_m)

    @cached_property
    def _shared(self) -> Border | None:
        return self._border(self._owner == _SHARED)

    @cached_property
    def _rim(self) -> Border | None:
        return self._border(self._owner != _SHARED)

    def _rim_of_others(self, own: int) -> Border | None:
        if own not in self._of_others:
            of_others = (self._owner != _SHARED) & (self._owner != own)
            self._of_others[own] = self._border(of_others)
        return self._of_others[own]

    def _border(self, chosen: Flags) -> Border | None:
        return Border(self._edges.take(chosen)) if chosen.any() else None


def _is_near(
    border: Border | None, lon_deg: Floats, lat_deg: Floats, band_m: Floats
) -> Flags:
    if border is None or len(lon_deg) == 0:
        return np.zeros(len(lon_deg), bool)
    return border.is_within(lon_deg, lat_deg, band_m)


def _edges_with_owner(
    polygons: Sequence[Polygon | MultiPolygon],
) -> tuple[Edges, NDArray[np.int64]]:
    """Return each edge once, with the place of its county or that it is shared."""
    per_county = [edges_of(polygon) for polygon in polygons]
    every = edges_together(per_county)
    owner = np.repeat(np.arange(len(per_county)), [len(edges) for edges in per_county])
    columns = np.column_stack((every.x, every.y, every.along_x, every.along_y))
    _, first, count = np.unique(columns, axis=0, return_index=True, return_counts=True)
    # In the order of the rings, so that edges filed together lie together.
    order = np.argsort(first)
    first, is_shared = first[order], count[order] > 1
    return every.take(first), np.where(is_shared, _SHARED, owner[first])
