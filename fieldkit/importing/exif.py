"""What a photograph says of itself (EXIF 2.32): suggested, never believed.

Only headers are read, no picture is decoded, so one made to burst cannot. A
radius is known only from ``GPSHPositioningError``; the standard leaves its
certainty unsaid, 68 % is taken, as for gpsd's.
"""

import io
import logging
import struct
import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from math import isfinite
from typing import Any

from fieldkit.importing.errors import FileTooLarge, FileUnknown, ReaderMissing
from fieldkit.importing.found import Moment, imported_fix, moment_of
from fieldkit.thumbnails import FORMATS, MOST_PIXELS
from geo.datum import radius95_from_68, require_datum
from geo.errors import GeoError, Message
from geo.fix import require_position
from sync.clock import instant_text

BASIS = "EXIF, not to be trusted"
_EXIF_IFD, _GPS_IFD = 0x8769, 0x8825
_TAKEN_AT, _TAKEN_OFFSET = 0x9003, 0x9011
_LAT_REF, _LAT, _LON_REF, _LON, _TIME, _DATUM, _DATE, _ERROR_M = (
    *(1, 2, 3, 4, 7, 18, 29),
    31,
)
_MALFORMED = (ValueError, TypeError, IndexError, ZeroDivisionError, OverflowError)
_UNREADABLE = (OSError, SyntaxError, struct.error, KeyError, RuntimeError, *_MALFORMED)

BAD_TIME = Message(zh="EXIF 时间无法读取", en="the EXIF time cannot be read")
BAD_PLACE = Message(zh="EXIF 位置无法采用", en="the EXIF position cannot be used")
BAD_EXIF = Message(zh="EXIF 无法读取", en="the EXIF cannot be read")


@dataclass(frozen=True, slots=True)
class Exif:
    """What was read; ``remarks`` say what could not be."""

    moment: Moment | None = None
    fix: dict[str, Any] | None = None
    remarks: tuple[Message, ...] = ()


def read_exif(content: bytes) -> Exif:
    """Return the time and position that a photograph gives.

    Raises
    ------
    ReaderMissing
        The extra ``photos`` is not installed.
    FileUnknown
        It is no photograph that can be opened.
    FileTooLarge
        It claims over 200 million pixels.
    """
    pillow = _pillow()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            with pillow.open(io.BytesIO(content), formats=FORMATS) as picture:
                if picture.width * picture.height > MOST_PIXELS:
                    raise _bomb()
                # Pillow decodes a PNG to look for EXIF at its end: that is left.
                if "exif" not in picture.info:
                    return Exif()
                return _read(picture)
    except pillow.DecompressionBombError as error:
        raise _bomb() from error
    except _UNREADABLE as error:
        raise FileUnknown(_NO_PICTURE) from error


def _read(picture: Any) -> Exif:
    try:
        exif = picture.getexif()
        taken, gps = dict(exif.get_ifd(_EXIF_IFD)), dict(exif.get_ifd(_GPS_IFD))
    except _UNREADABLE as error:
        logging.getLogger(__name__).info("EXIF unreadable: %r", error)
        return Exif(remarks=(BAD_EXIF,))
    remarks, moment, fix = [], None, None
    try:
        moment = _moment(taken)
    except _MALFORMED:
        remarks.append(BAD_TIME)
    try:
        fix = _fix(gps)
    except (GeoError, *_MALFORMED):
        remarks.append(BAD_PLACE)
    return Exif(moment, fix, tuple(remarks))


def _moment(taken: Mapping[int, Any]) -> Moment | None:
    text = _text(taken.get(_TAKEN_AT))
    if not text or not text.strip(" :0"):
        return None
    at = datetime.strptime(text, "%Y:%m:%d %H:%M:%S")
    offset = _text(taken.get(_TAKEN_OFFSET))
    if offset.strip(" :"):
        at = datetime.strptime(f"{text} {offset}", "%Y:%m:%d %H:%M:%S %z")
    return moment_of(at)


def _fix(gps: Mapping[int, Any]) -> dict[str, Any] | None:
    if _LAT not in gps or _LON not in gps:
        return None
    lat_deg = _degrees(gps[_LAT], _text(gps[_LAT_REF]), "NS")
    lon_deg = _degrees(gps[_LON], _text(gps[_LON_REF]), "EW")
    require_position(lon_deg, lat_deg)
    if lat_deg == 0 and lon_deg == 0:
        raise ValueError("a receiver without a fix writes 0, 0")
    datum, basis = _text(gps.get(_DATUM)), BASIS
    if not datum:
        basis += "; datum unsaid, WGS84 taken"
    radius95_m = _radius95_m(gps.get(_ERROR_M))
    if radius95_m is not None:
        basis += "; GPSHPositioningError, certainty unsaid, 68 % taken"
    return imported_fix(
        lon_deg,
        lat_deg,
        datum=require_datum(datum or "WGS84").value,
        radius95_m=radius95_m,
        fixed_at=_fixed_at(gps),
        basis=basis,
    )


def _degrees(parts: Any, side: str, sides: str) -> float:
    degrees, minutes, seconds = (float(part) for part in parts)
    if side not in tuple(sides):
        raise ValueError("the hemisphere is not said")
    value = degrees + minutes / 60 + seconds / 3600
    return -value if side == sides[1] else value


def _radius95_m(error_m: Any) -> float | None:
    if error_m is None:
        return None
    radius95_m = round(radius95_from_68(float(error_m)), 2)
    return radius95_m if isfinite(radius95_m) and 0 < radius95_m <= 1e6 else None


def _fixed_at(gps: Mapping[int, Any]) -> str | None:
    """Return the satellites' time, None where it is unsaid or cannot be read."""
    try:
        day = datetime.strptime(_text(gps[_DATE]), "%Y:%m:%d").replace(tzinfo=UTC)
        hours, minutes, seconds = (float(part) for part in gps[_TIME])
        at = day + timedelta(hours=hours, minutes=minutes, seconds=seconds)
    except (KeyError, *_MALFORMED):
        return None
    return instant_text(at) if at.year >= 1990 else None


def _text(value: Any) -> str:
    if isinstance(value, bytes):
        value = value.decode("ascii", "replace")
    return value.strip("\0 ") if isinstance(value, str) else ""


@cache
def _pillow() -> Any:
    try:
        from PIL import Image
        from pillow_heif import register_heif_opener
    except ImportError as error:
        raise ReaderMissing(_MISSING) from error
    register_heif_opener()
    return Image


def _bomb() -> FileTooLarge:
    return FileTooLarge(_TOO_MANY_PIXELS)


_MISSING = Message(
    zh="未安装读取照片的组件，请安装 gi-fieldkit[photos]。",
    en="What reads photographs is not installed; install gi-fieldkit[photos].",
)
_NO_PICTURE = Message(
    zh="不是能打开的照片，请检查文件，或在应用中作为附件添加。",
    en="It is no photograph that can be opened; check the file, or add it in the app.",
)
_TOO_MANY_PIXELS = Message(
    zh="照片自称超过 2 亿像素，未读取。请提供相机原片。",
    en="It claims over 200 million pixels and was not read; give the original.",
)
