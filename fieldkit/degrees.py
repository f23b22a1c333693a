"""A position in words, longitude first, each with its axis."""

from geo.errors import Message


def degree_words(lon_deg: float, lat_deg: float, digits: int = 6) -> Message:
    """Return degrees as ``东经 115.651200°，北纬 24.963300°``."""
    lon, lat = f"{abs(lon_deg):.{digits}f}°", f"{abs(lat_deg):.{digits}f}°"
    zh_lon, zh_lat = (
        "西经" if lon_deg < 0 else "东经",
        "南纬" if lat_deg < 0 else "北纬",
    )
    return Message(
        zh=f"{zh_lon} {lon}，{zh_lat} {lat}",
        en=f"{lon} {'W' if lon_deg < 0 else 'E'}, {lat} {'S' if lat_deg < 0 else 'N'}",
    )
