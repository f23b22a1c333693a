"""A position with its datum and its doubt."""

from dataclasses import dataclass
from math import isfinite

from geo.datum import Datum
from geo.errors import Message, PositionRefused


@dataclass(frozen=True, slots=True)
class Fix:
    """A position that can exist; ``radius95_m`` holds 95 % of its errors.

    ``radius95_m`` is None if unknown. Longitude within ±180, latitude within ±90,
    in degrees, in ``datum``.

    Raises
    ------
    PositionRefused
        ``position-not-finite``; ``position-axis-order`` if it would be one with
        the axes exchanged; ``position-out-of-range``; ``radius-not-positive``: a
        receiver's 0 means mock, manual or perfect and says nothing (lesson 23).

    Examples
    --------
    >>> Fix(115.6512, 24.9633, radius95_m=12.0).datum.value
    'WGS84'
    >>> Fix(25.83, 114.93, radius95_m=None)
    Traceback (most recent call last):
    geo.errors.PositionRefused: Latitude 114.93 is above 90°: are the axes exchanged?
    """

    lon_deg: float
    lat_deg: float
    radius95_m: float | None
    datum: Datum = Datum.WGS84

    def __post_init__(self) -> None:
        """Refuse what cannot be a position."""
        require_position(self.lon_deg, self.lat_deg)
        require_radius(self.radius95_m)


def require_position(lon_deg: float, lat_deg: float, *, place: str = "") -> None:
    """Raise `PositionRefused` unless this can be a position in degrees."""
    if not (isfinite(lon_deg) and isfinite(lat_deg)):
        raise PositionRefused(
            "position-not-finite",
            Message("经度或纬度不是有限的数。", "Longitude or latitude is not finite."),
            place,
        )
    if abs(lat_deg) > 90.0 and abs(lon_deg) <= 90.0 and abs(lat_deg) <= 180.0:
        raise PositionRefused(
            "position-axis-order",
            Message(
                f"纬度 {lat_deg} 超过 90°：经纬度是否颠倒？",
                f"Latitude {lat_deg} is above 90°: are the axes exchanged?",
            ),
            place,
        )
    if abs(lat_deg) > 90.0 or abs(lon_deg) > 180.0:
        raise PositionRefused(
            "position-out-of-range",
            Message(
                f"位置 ({lon_deg}, {lat_deg}) 超出经纬度范围。",
                f"Position ({lon_deg}, {lat_deg}) is out of range.",
            ),
            place,
        )


def require_radius(radius95_m: float | None, *, place: str = "") -> None:
    """Raise `PositionRefused` unless this radius is unknown, or finite and above 0."""
    if radius95_m is None or (isfinite(radius95_m) and radius95_m > 0.0):
        return
    raise PositionRefused(
        "radius-not-positive",
        Message(
            "精度半径必须大于 0 米；不知道时应留空。",
            "The radius must be above 0 m; leave it out if it is unknown.",
        ),
        place,
    )
