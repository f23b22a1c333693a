"""Small pictures of photographs, where the libraries that read them are installed.

They come with the extra ``photos`` (Pillow; pillow-heif for what telephones
take). Without them, and for files that are no pictures, there is none.
"""

import io
import logging
import threading
import warnings
from functools import cache
from typing import Any

EDGE_PX = 320
MOST_PIXELS = 120_000_000
FORMATS = ("JPEG", "PNG", "WEBP", "HEIF")
"""What telephones and cameras write; others would bring decoders that nobody needs."""
_QUALITY = 80
_UNREADABLE = (OSError, ValueError, SyntaxError, RuntimeError, EOFError, MemoryError)
# One at a time: a page asks for all of a record's, and one takes up to 0.5 GB.
_turn = threading.Lock()


def thumbnail_of(content: bytes) -> bytes | None:
    """Return a JPEG of at most 320 x 320 px, the right way up; None if it cannot be."""
    pillow = _pillow()
    if pillow is None:
        return None
    from PIL import ImageOps

    try:
        with (
            _turn,
            warnings.catch_warnings(action="ignore"),
            pillow.open(io.BytesIO(content), formats=FORMATS) as picture,
        ):
            if picture.width * picture.height > MOST_PIXELS:
                return None
            picture.draft("RGB", (EDGE_PX, EDGE_PX))
            # Made small before it is turned: a copy of the whole is never held.
            picture.thumbnail((EDGE_PX, EDGE_PX))
            small = ImageOps.exif_transpose(picture)
            written = io.BytesIO()
            small.convert("RGB").save(written, "JPEG", quality=_QUALITY)
    except (*_UNREADABLE, pillow.DecompressionBombError) as error:
        logging.getLogger(__name__).info("no thumbnail: %r", error)
        return None
    return written.getvalue()


@cache
def _pillow() -> Any:
    try:
        from PIL import Image
    except ImportError:
        return None
    try:
        from pillow_heif import register_heif_opener
    except ImportError:
        return Image
    register_heif_opener()
    return Image
