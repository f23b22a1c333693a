"""The nearest edge of a border for each of many positions, by a grid of cells.

For each cell the edges that can be the nearest one to any position in it are known
beforehand; only these are measured. The distance is that of measuring every edge.
"""

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from geo.edges import Bounds, Edges
from geo.plane import Floats, metres_per_degree

Cells: TypeAlias = NDArray[np.int64]

_POSITIONS_AT_ONCE = 8_192
_HALVINGS = 8
# Far above rounding: an edge is left out only if it is farther by more than this.
_SPARE_M = 1e-3
_MARGIN = 0.1
# A cell from which more edges look equally near (a circle's centre) is not filed.
_MOST = 64
# Beyond this many pairs of cell and edge, cutting further takes too much memory.
_MOST_PAIRS = 1_000_000


class NearestEdges:
    """Edges filed by the cells of a box, for the positions in it.

    Parameters
    ----------
    edges : Edges
        At least one, in degrees.
    bounds : (west, south, east, north)
        Where most positions will be, in degrees; a tenth is added all around.
    halvings : int
        The box is cut into up to ``2**halvings`` cells each way.
    """

    def __init__(self, edges: Edges, bounds: Bounds, halvings: int = _HALVINGS) -> None:
        self._edges = edges
        self._bounds = west, south, east, north = _grown(bounds)
        self._side = 1
        cell, edge = np.zeros(len(edges), np.int64), np.arange(len(edges))
        while self._side < 1 << halvings and len(edge) < _MOST_PAIRS:
            self._side *= 2
            cell, edge = self._halve(cell, edge, self._side)
        self._at_least = self._nearest_possible(cell, edge)
        self._per_degree_x = self._side / (east - west)
        self._per_degree_y = self._side / (north - south)
        order = np.argsort(cell, kind="stable")
        self._candidates = edge[order].astype(np.int32)
        self._count = np.bincount(cell, minlength=self._side**2).astype(np.int32)
        self._has_unfiled = bool((self._count > _MOST).any())
        self._first = (np.cumsum(self._count) - self._count).astype(np.int32)

    def is_filed(self, lon_deg: Floats, lat_deg: Floats) -> NDArray[np.bool_]:
        """Tell for which positions the nearest edges are known beforehand."""
        west, south, east, north = self._bounds
        filed: NDArray[np.bool_] = (lon_deg > west) & (lon_deg < east)
        filed &= (lat_deg > south) & (lat_deg < north)
        if self._has_unfiled:
            rows = np.flatnonzero(filed)
            count = self._count[self._cells_at(lon_deg[rows], lat_deg[rows])]
            filed[rows[count > _MOST]] = False
        return filed

    def metres_from(self, lon_deg: Floats, lat_deg: Floats) -> Floats:
        """Return the distance of filed positions to the nearest edge, not rounded."""
        metres = np.empty(len(lon_deg))
        for start in range(0, len(lon_deg), _POSITIONS_AT_ONCE):
            rows = slice(start, start + _POSITIONS_AT_ONCE)
            metres[rows] = self._metres(lon_deg[rows], lat_deg[rows])
        return metres

    def may_be_within(
        self, lon_deg: Floats, lat_deg: Floats, band_m: Floats
    ) -> NDArray[np.bool_]:
        """Tell for filed positions where the distance may be within a band.

        False is certain, with a metre to spare; True is to be measured.
        """
        at_least = self._at_least[self._cells_at(lon_deg, lat_deg)]
        may_be: NDArray[np.bool_] = at_least <= band_m + 1.0
        return may_be

    def _metres(self, lon: Floats, lat: Floats) -> Floats:
        cell = self._cells_at(lon, lat)
        first, count = self._first[cell], self._count[cell]
        east, north = metres_per_degree(lat)
        edges = self._edges.take(self._candidates[first])
        squared = edges.squared_metres_from(lon, lat, east, north)
        rows, turn = np.flatnonzero(count > 1), 1
        while len(rows):
            edges = self._edges.take(self._candidates[first[rows] + turn])
            rival = edges.squared_metres_from(
                lon[rows], lat[rows], east[rows], north[rows]
            )
            squared[rows] = np.minimum(squared[rows], rival)
            turn += 1
            rows = rows[count[rows] > turn]
        return np.sqrt(squared, out=squared)

    def _cells_at(self, lon: Floats, lat: Floats) -> Cells:
        west, south, _, _ = self._bounds
        column = ((lon - west) * self._per_degree_x).astype(np.int64)
        row = ((lat - south) * self._per_degree_y).astype(np.int64)
        last = self._side - 1
        return np.minimum(row, last) * self._side + np.minimum(column, last)

    def _halve(self, cell: Cells, edge: Cells, side: int) -> tuple[Cells, Cells]:
        """Cut each cell in four and keep the edges that can be nearest in them."""
        row, column = np.divmod(cell, side // 2)
        quarters = [
            (row * 2 + r) * side + column * 2 + c for r in (0, 1) for c in (0, 1)
        ]
        cell, edge = np.concatenate(quarters), np.tile(edge, 4)
        seen = self._seen_from_centres(cell, edge, side)
        nearest = np.full(side * side, np.inf)
        np.minimum.at(nearest, cell, seen.distance)
        lead = seen.distance * seen.shrink - nearest[cell]
        near = lead <= seen.radius * (1.0 + seen.shrink) + _SPARE_M
        cell, edge, seen, lead = cell[near], edge[near], seen.take(near), lead[near]
        near = lead <= seen.radius * _turning(seen, cell, nearest) + _SPARE_M
        return cell[near], edge[near]

    def _nearest_possible(self, cell: Cells, edge: Cells) -> Floats:
        """Return for each cell what no position in it can be nearer than."""
        seen = self._seen_from_centres(cell, edge, self._side)
        at_least = np.full(self._side**2, np.inf)
        np.minimum.at(at_least, cell, seen.distance * seen.shrink - seen.radius)
        return at_least

    def _seen_from_centres(self, cell: Cells, edge: Cells, side: int) -> "_Seen":
        row, column = np.divmod(cell, side)
        west, south, far_east, far_north = self._bounds
        width, height = (far_east - west) / side, (far_north - south) / side
        low: Floats = south + np.arange(side, dtype=np.float64) * height
        east, north, shrink = (scale[row] for scale in _scales(low, low + height))
        lon = west + (column + 0.5) * width
        lat = south + (row + 0.5) * height
        edges = self._edges.take(edge)
        x, y = edges.metres_to_nearest_points(lon, lat, east, north)
        radius = np.sqrt((width / 2.0 * east) ** 2 + (height / 2.0 * north) ** 2)
        return _Seen(x, y, np.sqrt(x * x + y * y), radius, shrink)


@dataclass(frozen=True, slots=True, eq=False)
class _Seen:
    """Edges seen from the centres of cells, in metres at the cell's largest scale.

    ``x, y`` to the nearest point, its ``distance``, the cell's ``radius`` and how
    much the scale may ``shrink`` within the cell.
    """

    x: Floats
    y: Floats
    distance: Floats
    radius: Floats
    shrink: Floats

    def take(self, chosen: NDArray[np.bool_]) -> "_Seen":
        return _Seen(*(getattr(self, name)[chosen] for name in self.__slots__))


def _turning(seen: _Seen, cell: Cells, nearest: Floats) -> Floats:
    """How fast an edge can catch up with the nearest one on the way from a centre.

    Going one metre changes the difference of two distances by no more than the
    difference of the two directions (and of the scales); and a direction turns by
    no more than radius / (distance - radius) within the cell.
    """
    is_nearest = seen.distance == nearest[cell]
    first_x, first_y = np.zeros_like(nearest), np.zeros_like(nearest)
    unit = np.maximum(seen.distance, _SPARE_M)
    unit_x, unit_y = seen.x / unit, seen.y / unit
    first_x[cell[is_nearest]] = unit_x[is_nearest]
    first_y[cell[is_nearest]] = unit_y[is_nearest]
    turned = np.sqrt((unit_x - first_x[cell]) ** 2 + (unit_y - first_y[cell]) ** 2)
    clear = nearest[cell] - seen.radius
    turns = 2.0 * seen.radius / np.maximum(clear, _SPARE_M)
    speed = np.minimum(turned + turns + 1.0 - seen.shrink, 2.0)
    return np.where(clear > 0.0, speed, 2.0)


def _scales(south: Floats, north: Floats) -> tuple[Floats, Floats, Floats]:
    """Return the largest metres per degree in rows, and smallest by largest."""
    low = np.where(
        (south < 0.0) & (north > 0.0), 0.0, np.minimum(abs(south), abs(north))
    )
    high = np.maximum(abs(south), abs(north))
    most_east, least_north = metres_per_degree(np.minimum(low, 90.0))
    least_east, most_north = metres_per_degree(np.minimum(high, 90.0))
    shrink = np.minimum(least_east / most_east, least_north / most_north)
    return most_east, most_north, np.maximum(shrink, 0.0)


def _grown(bounds: Bounds) -> Bounds:
    west, south, east, north = bounds
    lon, lat = (east - west) * _MARGIN + 1e-6, (north - south) * _MARGIN + 1e-6
    return west - lon, south - lat, east + lon, north + lat
