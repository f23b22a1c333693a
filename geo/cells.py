"""Which of several polygons covers each of many positions, by a grid of cells.

Most positions lie in a cell that no border touches, and are labelled by a look-up.
Only in border cells is the exact predicate asked, so the labels are those of
``shapely.covers`` for every single position.
"""

from collections.abc import Sequence
from typing import TypeAlias

import numpy as np
import shapely
from numpy.typing import NDArray

from geo.edges import Edges, edges_of
from geo.plane import Floats

Polygons: TypeAlias = NDArray[np.object_]
Labels: TypeAlias = NDArray[np.int16]
Flags: TypeAlias = NDArray[np.bool_]
Cells: TypeAlias = NDArray[np.int64]

NOWHERE = -1
_BORDER = -2
_SIDE = 1024
_POSITIONS_AT_ONCE = 8_192
# Cells are taken as touched with this much to spare (in cells), far above what
# rounding can move a position or an edge: a border cell never passes for a plain one.
_SPARE = 1e-6


class CellGrid:
    """Polygons laid out on a grid over all of them; the first one that covers wins.

    Parameters
    ----------
    polygons : array of Polygon or MultiPolygon
        Valid, prepared, in degrees. Earlier ones take precedence, which decides shared
        borders and overlaps.
    """

    def __init__(self, polygons: Polygons) -> None:
        self._polygons = polygons
        west, south, east, north = shapely.total_bounds(self._polygons)
        self._per_degree_x = (_SIDE - 2) / max(east - west, 1e-9)
        self._per_degree_y = (_SIDE - 2) / max(north - south, 1e-9)
        # One plain cell all around: positions beyond the polygons are put into it.
        self._west = west - 1.0 / self._per_degree_x
        self._south = south - 1.0 / self._per_degree_y
        whole = np.full((_SIDE, _SIDE), NOWHERE, np.int16)
        touching = [self._lay_out(place, whole) for place in self._last_to_first()]
        self._file_borders(whole.ravel(), touching)

    def locate(self, lon_deg: Floats, lat_deg: Floats) -> Labels:
        """Return the place of the first polygon that covers each position, or -1."""
        found = np.empty(len(lon_deg), np.int16)
        for start in range(0, len(lon_deg), _POSITIONS_AT_ONCE):
            rows = slice(start, start + _POSITIONS_AT_ONCE)
            cell = self._cells_at(lon_deg[rows], lat_deg[rows])
            self._label.take(cell, out=found[rows])
            open_rows = np.flatnonzero(found[rows] == _BORDER)
            if len(open_rows):
                found[start + open_rows] = self._decide(
                    cell[open_rows], lon_deg[rows][open_rows], lat_deg[rows][open_rows]
                )
        return found

    def _cells_at(self, lon: Floats, lat: Floats) -> Cells:
        column = (lon - self._west) * self._per_degree_x
        row = (lat - self._south) * self._per_degree_y
        np.clip(column, 0.0, _SIDE - 1.0, out=column)
        np.clip(row, 0.0, _SIDE - 1.0, out=row)
        cell: Cells = row.astype(np.int64)
        cell *= _SIDE
        cell += column.astype(np.int64)
        return cell

    def _decide(self, cell: Cells, lon: Floats, lat: Floats) -> Labels:
        """Ask the polygons whose border touches the cell, and the one around it."""
        border = np.searchsorted(self._border_cells, cell)
        first, after = self._first[border], self._first[border + 1]
        none = len(self._polygons)
        found = self._around[border].astype(np.int64)
        found[found == NOWHERE] = none
        rows = np.arange(len(cell))
        while len(rows):
            place = self._touching[first[rows]]
            covered = shapely.intersects_xy(self._polygons[place], lon[rows], lat[rows])
            found[rows[covered]] = np.minimum(found[rows[covered]], place[covered])
            first[rows] += 1
            rows = rows[~covered & (first[rows] < after[rows])]
        return np.where(found == none, NOWHERE, found).astype(np.int16)

    def _last_to_first(self) -> range:
        return range(len(self._polygons) - 1, -1, -1)

    def _lay_out(self, place: int, whole: Labels) -> tuple[int, Cells]:
        """Write `place` into the cells wholly covered; return those touched."""
        column, row = self._touched_cells(edges_of(self._polygons[place]))
        left, top = int(column.min()), int(row.min())
        shape = (int(row.max()) - top + 1, int(column.max()) - left + 1)
        touched = np.zeros(shape, bool)
        touched[row - top, column - left] = True
        window = whole[top : top + shape[0], left : left + shape[1]]
        window[self._inner_cells(place, touched, left, top)] = place
        rows, columns = np.nonzero(touched)
        return place, (rows + top) * _SIDE + columns + left

    def _touched_cells(self, edges: Edges) -> tuple[Cells, Cells]:
        x = (edges.x - self._west) * self._per_degree_x
        y = (edges.y - self._south) * self._per_degree_y
        dx, dy = edges.along_x * self._per_degree_x, edges.along_y * self._per_degree_y
        edge, row = _spread(np.minimum(y, y + dy), np.maximum(y, y + dy))
        x, y, dx, dy = x[edge], y[edge], dx[edge], dy[edge]
        level = dy == 0.0
        slope = np.where(level, 1.0, dy)
        enter = np.where(level, 0.0, (row - _SPARE - y) / slope)
        leave = np.where(level, 1.0, (row + 1.0 + _SPARE - y) / slope)
        one, other = (x + np.clip(part, 0.0, 1.0) * dx for part in (enter, leave))
        crossing, column = _spread(np.minimum(one, other), np.maximum(one, other))
        return column, row[crossing]

    def _inner_cells(self, place: int, touched: Flags, left: int, top: int) -> Flags:
        """Cells not touched share their side of the border along a run in a row."""
        starts = ~touched
        starts[:, 1:] &= touched[:, :-1]
        row, column = np.nonzero(starts)
        lon = self._west + (left + column + 0.5) / self._per_degree_x
        lat = self._south + (top + row + 0.5) / self._per_degree_y
        inside = np.zeros(touched.shape, bool)
        inside[row, column] = shapely.intersects_xy(self._polygons[place], lon, lat)
        run = np.where(starts, np.arange(touched.shape[1]), 0)
        run = np.maximum.accumulate(run, axis=1)
        filled: Flags = np.take_along_axis(inside, run, axis=1) & ~touched
        return filled

    def _file_borders(
        self, whole: Labels, touching: Sequence[tuple[int, Cells]]
    ) -> None:
        cell = np.concatenate([cells for _, cells in touching])
        place = np.repeat(
            [place for place, _ in touching], [len(c) for _, c in touching]
        )
        order = np.lexsort((place, cell))
        self._touching = place[order]
        self._border_cells, first = np.unique(cell[order], return_index=True)
        self._first = np.append(first, len(cell))
        self._around = whole[self._border_cells]
        whole[self._border_cells] = _BORDER
        self._label = whole


def _spread(low: Floats, high: Floats) -> tuple[Cells, Cells]:
    """Every whole cell that each interval touches, with the interval's place."""
    first = np.floor(low - _SPARE).astype(np.int64)
    count = np.floor(high + _SPARE).astype(np.int64) - first + 1
    interval = np.repeat(np.arange(len(first)), count)
    step = np.arange(len(interval)) - np.repeat(np.cumsum(count) - count, count)
    return interval, first[interval] + step
