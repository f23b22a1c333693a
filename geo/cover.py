"""Which polygon covers a position, for one position and for many alike."""

from collections.abc import Iterable
from functools import cached_property

import numpy as np
import shapely
from shapely import MultiPolygon, Polygon

from geo.cells import NOWHERE, CellGrid, Labels
from geo.plane import Floats

# Laying out the grid takes as long as asking the polygons for some 10,000 positions.
_MANY = 4_096
_FEW = 8


class Cover:
    """Polygons of which the first that covers a position has it.

    A border belongs to its polygon, a hole does not: ``covers`` as the OGC has it.
    A border that two polygons share therefore belongs to the earlier one.

    Parameters
    ----------
    polygons : iterable of Polygon or MultiPolygon
        At least one, valid, in degrees.
    """

    def __init__(self, polygons: Iterable[Polygon | MultiPolygon]) -> None:
        self._polygons = np.array(list(polygons), dtype=object)
        shapely.prepare(self._polygons)
        self._bounds = shapely.bounds(self._polygons).T

    def place_of(self, lon_deg: float, lat_deg: float) -> int:
        """Return the place of the polygon that has the position, or -1."""
        west, south, east, north = self._bounds
        near = (west <= lon_deg) & (lon_deg <= east)
        near &= (south <= lat_deg) & (lat_deg <= north)
        for place in np.flatnonzero(near):
            if shapely.intersects_xy(self._polygons[place], lon_deg, lat_deg):
                return int(place)
        return NOWHERE

    def places_of(self, lon_deg: Floats, lat_deg: Floats) -> Labels:
        """Return `place_of` for arrays."""
        if len(lon_deg) >= _MANY or "_grid" in self.__dict__:
            return self._grid.locate(lon_deg, lat_deg)
        if len(lon_deg) <= _FEW:
            each = zip(lon_deg.tolist(), lat_deg.tolist(), strict=True)
            return np.array([self.place_of(*at) for at in each], np.int16)
        places = np.full(len(lon_deg), NOWHERE, np.int16)
        for place in range(len(self._polygons) - 1, -1, -1):
            covered = shapely.intersects_xy(self._polygons[place], lon_deg, lat_deg)
            places[covered] = place
        return places

    @cached_property
    def _grid(self) -> CellGrid:
        return CellGrid(self._polygons)
