"""Real photographs, made in the test."""

import io
from pathlib import Path
from typing import Any

import pillow_heif
from PIL import Image

XUNWU = ((24, 57, 47.88), (115, 39, 4.32))
"""24.9633 N, 115.6512 E in degrees, minutes, seconds."""
TAKEN_AT = "2023:12:02 10:20:00"


def exif(
    *,
    taken_at: str | None = TAKEN_AT,
    offset: str | None = None,
    place: Any = XUNWU,
    refs: str = "NE",
    **gps: Any,
) -> Image.Exif:
    """EXIF with a time and a position; ``gps`` adds tags by their names."""
    made = Image.Exif()
    taken: dict[int, Any] = made.get_ifd(0x8769)
    taken |= {0x9003: taken_at} if taken_at else {}
    taken |= {0x9011: offset} if offset else {}
    if place is not None:
        tags = {"date": 29, "time": 7, "datum": 18, "error_m": 31}
        found: dict[int, Any] = made.get_ifd(0x8825)
        found |= {1: refs[0], 2: place[0], 3: refs[1], 4: place[1]}
        found |= {tags[name]: value for name, value in gps.items()}
    made[0x010F] = "Camera"
    return made


def picture(
    path: Path, told: Image.Exif | None = None, *, colour: str = "orange"
) -> Path:
    """Write a picture in the format of its name, with EXIF or without."""
    image = Image.new("RGB", (64, 48), colour)
    more: dict[str, Any] = {} if told is None else {"exif": told.tobytes()}
    if path.suffix == ".heic":
        pillow_heif.from_pillow(image).save(path, **more)
    else:
        written = io.BytesIO()
        image.save(written, "JPEG" if path.suffix == ".jpg" else "PNG", **more)
        path.write_bytes(written.getvalue())
    return path
