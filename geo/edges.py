"""The edges of borders, in degrees, and how far they are from positions."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from geo.plane import Floats, nearest_points

Chosen: TypeAlias = NDArray[np.integer] | NDArray[np.bool_] | np.integer

Bounds: TypeAlias = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True, eq=False)
class Edges:
    """Edges in degrees: starts ``x, y`` and vectors ``along_x, along_y``."""

    x: Floats
    y: Floats
    along_x: Floats
    along_y: Floats

    def __len__(self) -> int:
        """Return the number of edges."""
        return len(self.x)

    def take(self, chosen: Chosen) -> "Edges":
        """Return the chosen edges, in the order asked for."""
        return Edges(
            self.x[chosen], self.y[chosen], self.along_x[chosen], self.along_y[chosen]
        )

    def metres_to_nearest_points(
        self,
        lon_deg: float | Floats,
        lat_deg: float | Floats,
        east: float | Floats,
        north: float | Floats,
    ) -> tuple[Floats, Floats]:
        """Return each edge's nearest point, in metres east and north of positions.

        Positions and edges broadcast; ``east, north`` are metres per degree there.
        """
        return nearest_points(
            (self.x - lon_deg) * east,
            (self.y - lat_deg) * north,
            self.along_x * east,
            self.along_y * north,
        )

    def squared_metres_from(
        self,
        lon_deg: float | Floats,
        lat_deg: float | Floats,
        east: float | Floats,
        north: float | Floats,
    ) -> Floats:
        """Return squared distances; arguments as in `metres_to_nearest_points`."""
        x, y = self.metres_to_nearest_points(lon_deg, lat_deg, east, north)
        return x * x + y * y


def bounds_of(edges: Edges) -> Bounds:
    """Return (west, south, east, north) of the edges, in degrees."""
    x, y = edges.x + edges.along_x, edges.y + edges.along_y
    return (
        float(min(edges.x.min(), x.min())),
        float(min(edges.y.min(), y.min())),
        float(max(edges.x.max(), x.max())),
        float(max(edges.y.max(), y.max())),
    )


def edges_of(geometry: BaseGeometry) -> Edges:
    """Return every edge of every ring, edges without length left out.

    Each starts at its western end (the southern one, if neither), whichever way the
    ring runs: so an edge is the same edge for both of its neighbours, bit by bit.
    """
    rings = shapely.get_rings(shapely.get_parts(geometry))
    points, ring = shapely.get_coordinates(rings, return_index=True)
    start, end = points[:-1], points[1:]
    is_edge = (np.diff(ring) == 0) & np.any(start != end, axis=1)
    start, end = start[is_edge], end[is_edge]
    is_upright = start[:, 0] == end[:, 0]
    turned = (start[:, 0] > end[:, 0]) | (is_upright & (start[:, 1] > end[:, 1]))
    west = np.where(turned[:, None], end, start)
    along = np.where(turned[:, None], start, end) - west
    columns = (west[:, 0], west[:, 1], along[:, 0], along[:, 1])
    return Edges(*(np.ascontiguousarray(column) for column in columns))


def edges_together(parts: Sequence[Edges]) -> Edges:
    """Return the edges of several borders as one."""
    return Edges(
        np.concatenate([edges.x for edges in parts]),
        np.concatenate([edges.y for edges in parts]),
        np.concatenate([edges.along_x for edges in parts]),
        np.concatenate([edges.along_y for edges in parts]),
    )
