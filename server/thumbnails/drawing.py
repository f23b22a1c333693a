"""A photograph on standard input, a small JPEG of it on standard output.

A program of its own: what it reads came from somebody's device, and a decoder that
fails, takes all memory or never ends must take nothing of the server with it. It is
given an open file that it can only read, and neither a path nor a setting.
"""

import io
import signal
import sys
import warnings
from enum import IntEnum
from typing import IO, Any

EDGE_PX = 480
MOST_PIXELS = 120_000_000
MOST_MEMORY_BYTES = 2 * 1024**3
MOST_CPU_S = 30
FORMATS = ("JPEG", "PNG", "WEBP", "HEIF")
_QUALITY = 80
_PAPER = (255, 255, 255)


class Ended(IntEnum):
    """How the program ended."""

    DRAWN = 0
    NO_PICTURE = 3
    TOO_LARGE = 4
    NO_LIBRARY = 5


def limit_itself() -> None:
    """Take no more memory and time than a photograph needs (not on Windows)."""
    if sys.platform == "win32":
        return
    import resource

    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY_BYTES, MOST_MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (MOST_CPU_S, MOST_CPU_S))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def small_picture(original: IO[bytes]) -> bytes:
    """Return a JPEG of at most 480 x 480 px, the right way up, without any metadata.

    Raises
    ------
    PIL.Image.DecompressionBombError, DecompressionBombWarning
        It has more than 120 million pixels; none of them was decoded.
    OSError, ValueError, SyntaxError
        It is no picture of a kind in `FORMATS`, or broken.
    """
    pillow = _pillow()
    from PIL import ImageOps

    with pillow.open(original, formats=FORMATS) as picture:
        picture.draft("RGB", (EDGE_PX, EDGE_PX))
        picture.thumbnail((EDGE_PX, EDGE_PX))
        small = ImageOps.exif_transpose(picture).convert("RGBA")
    paper = pillow.new("RGB", small.size, _PAPER)
    paper.paste(small, mask=small)
    written = io.BytesIO()
    paper.save(written, "JPEG", quality=_QUALITY)
    return written.getvalue()


def _pillow() -> Any:
    """Return Pillow, with what reads a telephone's HEIC if that is installed."""
    from PIL import Image, WebPImagePlugin  # noqa: F401  (so that it is registered)

    Image.MAX_IMAGE_PIXELS = MOST_PIXELS
    warnings.simplefilter("error", Image.DecompressionBombWarning)
    from pillow_heif import options, register_heif_opener

    options.DECODE_THREADS = 1
    register_heif_opener(thumbnails=False)
    return Image


def main() -> Ended:
    """Draw what standard input holds."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the server's to hear
    limit_itself()
    try:
        _pillow()
    except ImportError:
        return Ended.NO_LIBRARY
    from PIL.Image import DecompressionBombError, DecompressionBombWarning

    try:
        drawn = small_picture(sys.stdin.buffer)
    except (DecompressionBombError, DecompressionBombWarning, MemoryError):
        return Ended.TOO_LARGE
    except (OSError, ValueError, SyntaxError, RuntimeError, EOFError):
        return Ended.NO_PICTURE
    sys.stdout.buffer.write(drawn)
    sys.stdout.buffer.flush()
    return Ended.DRAWN


if __name__ == "__main__":
    sys.exit(main())
