"""Small pictures of photographs, where the libraries that read them are installed.

They come with the extra ``photos`` (Pillow; pillow-heif for what telephones
take). Without them, and for files that are no pictures, there is none.
"""

import io
import logging
import warnings
from functools import cache
from typing import Any

EDGE_PX = 320
MOST_PIXELS = 200_000_000
_QUALITY = 80


def thumbnail_of(content: bytes) -> bytes | None:
    """Return a JPEG of at most 320 x 320 px, the right way up; None if it cannot be."""
    pillow = _pillow()
    if pillow is None:
        return None
    from PIL import ImageOps

    try:
        with warnings.catch_warnings(), pillow.open(io.BytesIO(content)) as picture:
            warnings.simplefilter("ignore")
            if picture.width * picture.height > MOST_PIXELS:
                return None
            picture.draft("RGB", (EDGE_PX, EDGE_PX))
            small = ImageOps.exif_transpose(picture)
            small.thumbnail((EDGE_PX, EDGE_PX))
            written = io.BytesIO()
            small.convert("RGB").save(written, "JPEG", quality=_QUALITY)
    except (OSError, ValueError, SyntaxError, pillow.DecompressionBombError) as error:
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
