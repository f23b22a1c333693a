"""Arrays of positions: refused as a `Fix` would be, and brought to the ground datum."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

from geo.datum import Datum, to_wgs84
from geo.errors import Message, PositionRefused
from geo.fix import require_position, require_radius
from geo.plane import Floats

Texts: TypeAlias = NDArray[np.object_]


@dataclass(frozen=True, slots=True, eq=False)
class GroundPositions:
    """Positions of one length, each as `Fix` and `to_wgs84` would have it.

    ``radius95_m`` is NaN if unknown. ``lon_deg``, ``lat_deg`` and ``error_m`` are
    NaN where a conversion was needed that is switched off.
    """

    lon_deg: Floats
    lat_deg: Floats
    radius95_m: Floats
    error_m: Floats
    path: Texts

    @property
    def is_on_ground(self) -> NDArray[np.bool_]:
        """Which positions could be brought to the ground datum."""
        return ~np.isnan(self.lon_deg)


def ground_positions(
    lon_deg: ArrayLike,
    lat_deg: ArrayLike,
    radius95_m: ArrayLike | None,
    datum: Datum | Sequence[Datum],
    *,
    convert: bool = True,
) -> GroundPositions:
    """Return positions on the ground datum; they can all exist.

    Parameters
    ----------
    lon_deg, lat_deg : array of float
        One-dimensional, of one length, in degrees.
    radius95_m : array of float, float or None
        Metres; NaN or None is unknown. One number holds for all.
    datum : Datum or sequence of Datum
        One for all, or one for each.
    convert : bool
        False: GCJ-02 and BD-09 are not converted, but left out as NaN.

    Raises
    ------
    PositionRefused
        As `Fix`, the place being the row; ``positions-shape`` if lengths differ.
    """
    lon, lat = (np.ascontiguousarray(a, np.float64) for a in (lon_deg, lat_deg))
    unknown = np.nan if radius95_m is None else radius95_m
    try:
        radius = np.broadcast_to(np.asarray(unknown, np.float64), lon.shape)
    except ValueError:
        radius = np.empty(0)
    one_datum = isinstance(datum, Datum)
    sizes = {len(lat), len(radius), len(lon) if one_datum else len(datum)}
    if lon.ndim != 1 or lat.ndim != 1 or sizes != {len(lon)}:
        raise PositionRefused(
            "positions-shape",
            Message("各列长度不一致。", "The columns differ in length."),
        )
    _require_all(lon, lat, radius)
    if isinstance(datum, Datum):
        return _on_ground(lon, lat, radius, datum, convert)
    return _each_on_ground(lon, lat, radius, datum, convert)


def _require_all(lon: Floats, lat: Floats, radius: Floats) -> None:
    is_position = (np.abs(lon) <= 180.0) & (np.abs(lat) <= 90.0)
    is_radius = np.isnan(radius) | ((radius > 0.0) & np.isfinite(radius))
    for row in np.flatnonzero(~(is_position & is_radius))[:1]:
        require_position(float(lon[row]), float(lat[row]), place=f"row {row}")
        require_radius(float(radius[row]), place=f"row {row}")


def _on_ground(
    lon: Floats, lat: Floats, radius: Floats, datum: Datum, convert: bool
) -> GroundPositions:
    size = len(lon)
    if not (convert or datum.is_ground):
        nothing = np.full(size, np.nan)
        path = _all_of(datum.value, size)
        return GroundPositions(nothing, nothing, radius, nothing, path)
    ground = to_wgs84(lon, lat, datum)
    error_m, path = np.full(size, ground.error_m), _all_of(ground.path, size)
    return GroundPositions(ground.lon_deg, ground.lat_deg, radius, error_m, path)


def _each_on_ground(
    lon: Floats, lat: Floats, radius: Floats, datums: Sequence[Datum], convert: bool
) -> GroundPositions:
    each = np.array(datums, dtype=object)
    ground_lon, ground_lat, error_m = (np.empty(len(lon)) for _ in range(3))
    path = np.empty(len(lon), object)
    for datum in set(datums):
        rows = np.flatnonzero(each == datum)
        part = _on_ground(lon[rows], lat[rows], radius[rows], datum, convert)
        ground_lon[rows], ground_lat[rows] = part.lon_deg, part.lat_deg
        error_m[rows], path[rows] = part.error_m, part.path
    return GroundPositions(ground_lon, ground_lat, radius, error_m, path)


def _all_of(text: str, size: int) -> Texts:
    # numpy.full takes 25 times as long for objects.
    texts = np.empty(size, object)
    texts.fill(text)
    return texts
