"""How far a border is from positions, however many edges and positions there are."""

from collections.abc import Iterator
from functools import cached_property
from math import sqrt

import numpy as np
from numpy.typing import NDArray

from geo.edges import Bounds, Edges, bounds_of
from geo.nearest import NearestEdges
from geo.plane import Floats, metres_per_degree, rounded_many_m

_BUNDLE = 32
# A bundle is left out only if it is farther by more than rounding could hide (1 mm).
_SLACK = 1.0 + 1e-9
_SLACK_SQ_M = 1e-6
# A distance rounded to 0.1 m may be within a band that it is not within itself.
_ROUNDED_M = 0.1
# Laying out the grid of nearest edges takes as long as asking for tens of thousands.
_MANY = 20_000
_PAIRS_AT_ONCE = 8_192


class Border:
    """A border ready to be asked how far away it is.

    Edges are kept in bundles of neighbours with a box around each, and only the
    bundles that can hold the nearest edge are measured; where very many positions
    are asked, `geo.nearest` takes over. The answer is that of measuring every edge,
    to the last bit, whichever way it was found.

    Parameters
    ----------
    edges : Edges
        At least one.
    bounds : (west, south, east, north), optional
        Where most positions will be, in degrees; by default the edges' own bounds.
    """

    def __init__(self, edges: Edges, bounds: Bounds | None = None) -> None:
        self.edges = edges
        self._bounds = bounds or bounds_of(edges)
        self._asked = 0
        count = -(-len(edges) // _BUNDLE)
        padded = np.minimum(np.arange(count * _BUNDLE), len(edges) - 1)
        self._bundled = edges.take(padded.reshape(count, _BUNDLE))
        self._boxes = _boxes(self._bundled)

    def metres_from(self, lon_deg: float, lat_deg: float) -> float:
        """Return the distance to the nearest edge in metres, not rounded."""
        east, north = metres_per_degree(lat_deg)
        at_least = self._at_least(lon_deg, lat_deg, east, north)
        first = self._bundled.take(at_least.argmin())
        squared = first.squared_metres_from(lon_deg, lat_deg, east, north).min()
        rivals = np.flatnonzero(at_least <= squared * _SLACK + _SLACK_SQ_M)
        if len(rivals) > 1:
            edges = self._bundled.take(rivals)
            squared = edges.squared_metres_from(lon_deg, lat_deg, east, north).min()
        return sqrt(squared)

    def metres_from_many(self, lon_deg: Floats, lat_deg: Floats) -> Floats:
        """Return `metres_from` for arrays, with the same bits."""
        self._asked += len(lon_deg)
        if self._asked < _MANY:
            return self._by_bundles(lon_deg, lat_deg)
        is_filed = self._grid.is_filed(lon_deg, lat_deg)
        if is_filed.all():
            return self._grid.metres_from(lon_deg, lat_deg)
        metres = np.empty(len(lon_deg))
        metres[is_filed] = self._grid.metres_from(lon_deg[is_filed], lat_deg[is_filed])
        metres[~is_filed] = self._by_bundles(lon_deg[~is_filed], lat_deg[~is_filed])
        return metres

    def is_within(
        self, lon_deg: Floats, lat_deg: Floats, band_m: Floats
    ) -> NDArray[np.bool_]:
        """Tell where the distance, rounded as it is compared, is within a band."""
        self._asked += len(lon_deg)
        if self._asked < _MANY:
            return self._within_by_bundles(lon_deg, lat_deg, band_m)
        is_within = np.zeros(len(lon_deg), bool)
        filed = self._grid.is_filed(lon_deg, lat_deg)
        at = np.flatnonzero(filed)
        near = self._grid.may_be_within(lon_deg[at], lat_deg[at], band_m[at])
        rows = np.union1d(at[near], np.flatnonzero(~filed))
        metres = self.metres_from_many(lon_deg[rows], lat_deg[rows])
        is_within[rows] = rounded_many_m(metres) <= band_m[rows]
        return is_within

    @cached_property
    def _grid(self) -> NearestEdges:
        return NearestEdges(self.edges, self._bounds)

    def _by_bundles(self, lon_deg: Floats, lat_deg: Floats) -> Floats:
        squared = np.empty(len(lon_deg))
        for rows in self._few_at_once(len(lon_deg)):
            squared[rows] = self._squared(lon_deg[rows, None], lat_deg[rows, None])
        return np.sqrt(squared, out=squared)

    def _few_at_once(self, count: int) -> Iterator[slice]:
        """Yield slices of positions that fit the processor's cache with all boxes."""
        at_once = max(1, _PAIRS_AT_ONCE // len(self._boxes[0]))
        for start in range(0, count, at_once):
            yield slice(start, start + at_once)

    def _within_by_bundles(
        self, lon_deg: Floats, lat_deg: Floats, band_m: Floats
    ) -> NDArray[np.bool_]:
        """Measure only the bundles whose box is within the band, which few are."""
        squared = np.full(len(lon_deg), np.inf)
        for rows in self._few_at_once(len(lon_deg)):
            lon, lat = lon_deg[rows, None], lat_deg[rows, None]
            east, north = metres_per_degree(lat)
            at_most = (band_m[rows, None] + _ROUNDED_M) ** 2
            near = self._at_least(lon, lat, east, north) <= at_most
            self._measure(squared[rows], near, lon, lat, east, north)
        is_within: NDArray[np.bool_] = rounded_many_m(np.sqrt(squared)) <= band_m
        return is_within

    def _squared(self, lon: Floats, lat: Floats) -> Floats:
        """Return squared distances from positions given as columns."""
        east, north = metres_per_degree(lat)
        at_least = self._at_least(lon, lat, east, north)
        first = self._bundled.take(at_least.argmin(axis=1))
        squared: Floats = first.squared_metres_from(lon, lat, east, north).min(axis=1)
        # The bundle just measured is a rival too; measuring it twice does no harm.
        near = at_least <= (squared * _SLACK + _SLACK_SQ_M)[:, None]
        self._measure(squared, near, lon, lat, east, north)
        return squared

    def _measure(
        self,
        squared: Floats,
        near: NDArray[np.bool_],
        lon: Floats,
        lat: Floats,
        east: Floats,
        north: Floats,
    ) -> None:
        """Lower `squared` to what the bundles marked for each position measure."""
        row, bundle = np.nonzero(near)
        for start in range(0, len(row), _PAIRS_AT_ONCE // _BUNDLE):
            pairs = slice(start, start + _PAIRS_AT_ONCE // _BUNDLE)
            at = row[pairs]
            edges = self._bundled.take(bundle[pairs])
            rival = edges.squared_metres_from(lon[at], lat[at], east[at], north[at])
            np.minimum.at(squared, at, rival.min(axis=1))

    def _at_least(
        self,
        lon: float | Floats,
        lat: float | Floats,
        east: float | Floats,
        north: float | Floats,
    ) -> Floats:
        """Return the squared distance to each bundle's box."""
        west, south, far_east, far_north = self._boxes
        dx = np.maximum(np.maximum(west - lon, lon - far_east), 0.0) * east
        dy = np.maximum(np.maximum(south - lat, lat - far_north), 0.0) * north
        return np.asarray(dx * dx + dy * dy)


def _boxes(bundled: Edges) -> tuple[Floats, Floats, Floats, Floats]:
    x = np.stack((bundled.x, bundled.x + bundled.along_x))
    y = np.stack((bundled.y, bundled.y + bundled.along_y))
    both = (0, 2)
    return x.min(axis=both), y.min(axis=both), x.max(axis=both), y.max(axis=both)
