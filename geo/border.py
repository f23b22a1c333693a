"""The edges of a border, and the distance from a position to the nearest of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt
from typing import TypeAlias

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from geo.plane import Floats, metres_per_degree, squared_metres_to_edges

Indexes: TypeAlias = NDArray[np.int64]

_BUNDLE = 32
# A bundle is left out only if it is farther by more than rounding could hide (1 mm).
_SLACK = 1.0 + 1e-9
_SLACK_SQ_M = 1e-6


@dataclass(frozen=True, slots=True, eq=False)
class Edges:
    """Edges in degrees: starts ``x, y`` and vectors ``along_x, along_y``."""

    x: Floats
    y: Floats
    along_x: Floats
    along_y: Floats

    def __len__(self) -> int:
        """Number of edges."""
        return len(self.x)

    def take(self, chosen: Indexes | NDArray[np.bool_]) -> "Edges":
        """The chosen edges, in the order asked for."""
        return Edges(
            self.x[chosen], self.y[chosen], self.along_x[chosen], self.along_y[chosen]
        )

    def squared_metres_from(
        self,
        lon_deg: float | Floats,
        lat_deg: float | Floats,
        east: float | Floats,
        north: float | Floats,
    ) -> Floats:
        """Squared distances from positions; shapes broadcast against the edges'."""
        return squared_metres_to_edges(
            (self.x - lon_deg) * east,
            (self.y - lat_deg) * north,
            self.along_x * east,
            self.along_y * north,
        )


def edges_of(geometry: BaseGeometry) -> Edges:
    """Every edge of every ring, edges without length left out."""
    rings = shapely.get_rings(shapely.get_parts(geometry))
    points, ring = shapely.get_coordinates(rings, return_index=True)
    along = np.diff(points, axis=0)
    is_edge = (np.diff(ring) == 0) & np.any(along != 0.0, axis=1)
    start, along = points[:-1][is_edge], along[is_edge]
    columns = (start[:, 0], start[:, 1], along[:, 0], along[:, 1])
    return Edges(*(np.ascontiguousarray(column) for column in columns))


def edges_together(parts: Sequence[Edges]) -> Edges:
    """The edges of several borders as one."""
    return Edges(
        np.concatenate([edges.x for edges in parts]),
        np.concatenate([edges.y for edges in parts]),
        np.concatenate([edges.along_x for edges in parts]),
        np.concatenate([edges.along_y for edges in parts]),
    )


class Border:
    """A border ready to be asked how far away it is, one position at a time.

    Edges are kept in bundles of neighbours with a box around each, so that only
    the bundles that can hold the nearest edge are measured: the answer is that of
    measuring all.
    """

    def __init__(self, edges: Edges) -> None:
        self.edges = edges
        count = -(-len(edges) // _BUNDLE)
        padded = np.minimum(np.arange(count * _BUNDLE), len(edges) - 1)
        self._padded = edges.take(padded)
        self._boxes = _boxes(self._padded, count)

    def metres_from(self, lon_deg: float, lat_deg: float) -> float:
        """Distance to the nearest edge in metres, not rounded."""
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


def _boxes(padded: Edges, count: int) -> tuple[Floats, Floats, Floats, Floats]:
    x = np.stack((padded.x, padded.x + padded.along_x)).reshape(2, count, _BUNDLE)
    y = np.stack((padded.y, padded.y + padded.along_y)).reshape(2, count, _BUNDLE)
    return (
        x.min(axis=(0, 2)),
        y.min(axis=(0, 2)),
        x.max(axis=(0, 2)),
        y.max(axis=(0, 2)),
    )
