"""How far a border is from one position, and from many, with the same answers."""

from functools import cached_property
from math import sqrt

import numpy as np

from geo.edges import Bounds, Edges, bounds_of
from geo.nearest import NearestEdges
from geo.plane import Floats, metres_per_degree

_BUNDLE = 32
# A bundle is left out only if it is farther by more than rounding could hide (1 mm).
_SLACK = 1.0 + 1e-9
_SLACK_SQ_M = 1e-6
# Laying out the grid of nearest edges takes as long as asking for thousands one by one.
_MANY = 1_000


class Border:
    """A border ready to be asked how far away it is.

    For one position, edges are kept in bundles of neighbours with a box around
    each, and only the bundles that can hold the nearest edge are measured; for
    many, see `geo.nearest`. Either way the answer is that of measuring every edge.

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
        self._padded = edges.take(padded)
        self._boxes = _boxes(self._padded, count)

    def metres_from(self, lon_deg: float, lat_deg: float) -> float:
        """Return the distance to the nearest edge in metres, not rounded."""
        east, north = metres_per_degree(lat_deg)
        west, south, far_east, far_north = self._boxes
        dx = np.maximum(np.maximum(west - lon_deg, lon_deg - far_east), 0.0) * east
        dy = np.maximum(np.maximum(south - lat_deg, lat_deg - far_north), 0.0) * north
        at_least = dx * dx + dy * dy
        nearest = int(at_least.argmin())
        first = self._padded.take(np.arange(nearest * _BUNDLE, (nearest + 1) * _BUNDLE))
        squared = first.squared_metres_from(lon_deg, lat_deg, east, north).min()
        rivals = np.flatnonzero(at_least <= squared * _SLACK + _SLACK_SQ_M)
        if len(rivals) > 1:
            chosen = (rivals[:, None] * _BUNDLE + np.arange(_BUNDLE)).ravel()
            edges = self._padded.take(chosen)
            squared = edges.squared_metres_from(lon_deg, lat_deg, east, north).min()
        return sqrt(squared)

    def metres_from_many(self, lon_deg: Floats, lat_deg: Floats) -> Floats:
        """Return `metres_from` for arrays, with the same bits."""
        self._asked += len(lon_deg)
        if self._asked < _MANY:
            return np.array(
                [self.metres_from(*at) for at in zip(lon_deg, lat_deg, strict=True)]
            )
        return self._grid.metres_from(lon_deg, lat_deg)

    @cached_property
    def _grid(self) -> NearestEdges:
        return NearestEdges(self.edges, self._bounds)


def _boxes(padded: Edges, count: int) -> tuple[Floats, Floats, Floats, Floats]:
    x = np.stack((padded.x, padded.x + padded.along_x)).reshape(2, count, _BUNDLE)
    y = np.stack((padded.y, padded.y + padded.along_y)).reshape(2, count, _BUNDLE)
    return (
        x.min(axis=(0, 2)),
        y.min(axis=(0, 2)),
        x.max(axis=(0, 2)),
        y.max(axis=(0, 2)),
    )
