"""Whether a file's stated datum fits the borders that it follows.

A file in GCJ-02 that says CGCS2000 looks right and is 600 m off (lesson 25). Where
its border runs along known county borders, points on it are the control points: read
in the right datum, they lie on those borders; in a wrong one, beside them.
"""

import numpy as np
import shapely
from shapely import MultiPolygon, Polygon

from geo.counties import CountyMap
from geo.datum import Datum, to_wgs84
from geo.errors import AreaRefused, Message
from geo.plane import Floats

_POINTS = 400
# Beyond this from every known border a point controls nothing: BD-09 is 1.2 km off.
_REACH_M = 2_000.0
# A small polygon may lie near a border by chance; this long a stretch does not.
_LEAST_LENGTH_DEG = 0.3
# Against a finer source half of the shipped borders are off by less than 176 m; a
# wrong datum puts half of a border off by 350 m or more.
_FITS_M = 250.0
_FITS_BETTER = 0.6

_READINGS = (Datum.WGS84, Datum.GCJ02, Datum.BD09)


def require_datum_fits(
    geometry: Polygon | MultiPolygon, datum: Datum, control: CountyMap
) -> None:
    """Raise `AreaRefused` if the borders say that the file is in another datum.

    Nothing is said of an area that does not follow the known borders along half of
    its own, or is smaller than some 30 km around: there are no control points then.

    Raises
    ------
    AreaRefused
        ``area-datum-contradicted``, with the farthest control point as the place.
    """
    points = _points_along(geometry)
    if len(points) == 0:
        return
    away_m = {reading: _away_m(points, reading, control) for reading in _READINGS}
    nearest = np.minimum.reduce(list(away_m.values()))
    controls = nearest <= _REACH_M
    if controls.mean() < 0.5:
        return
    median_m = {d: float(np.median(away_m[d][controls])) for d in _READINGS}
    best = min(_READINGS, key=lambda reading: median_m[reading])
    read_as = Datum.WGS84 if datum.is_ground else datum
    if best is read_as or median_m[best] > _FITS_M:
        return
    if median_m[best] < _FITS_BETTER * median_m[read_as]:
        farthest = points[controls][np.argmax(away_m[read_as][controls])]
        raise _contradicted(datum, best, median_m[read_as], median_m[best], farthest)


def _contradicted(
    stated: Datum, best: Datum, stated_m: float, best_m: float, at: Floats
) -> AreaRefused:
    return AreaRefused(
        "area-datum-contradicted",
        Message(
            f"注明为 {stated}，与县界偏差中位数 {stated_m:.0f} 米；"
            f"按 {best} 则为 {best_m:.0f} 米。",
            f"Stated as {stated}, it is off the county borders by {stated_m:.0f} m "
            f"(median); as {best} by {best_m:.0f} m.",
        ),
        f"({at[0]:.6f}, {at[1]:.6f})",
    )


def _points_along(geometry: Polygon | MultiPolygon) -> Floats:
    border = geometry.boundary
    if border.length < _LEAST_LENGTH_DEG:
        return np.empty((0, 2))
    along = shapely.get_coordinates(shapely.segmentize(border, border.length / _POINTS))
    return along[:: max(1, len(along) // _POINTS)]


def _away_m(points: Floats, reading: Datum, control: CountyMap) -> Floats:
    ground = to_wgs84(points[:, 0], points[:, 1], reading)
    return control.border.metres_from_many(ground.lon_deg, ground.lat_deg)
