"""An enrolment's QR code: on the terminal, and as a picture to show or print."""

import io
import os
import sys
from pathlib import Path

from geo.errors import Message
from server.durable_files import keep_file
from server.errors import FileRefused

# Lost to a thumb or a crease: 15 % of it.
CORRECTION = "m"
_PIXELS_A_MODULE = 10


def draw(text: str) -> None:
    """Draw the QR code for a tablet's camera, where somebody can see it."""
    import segno

    if sys.stdout.isatty():
        segno.make(text, error=CORRECTION).terminal(compact=True)


def require_place(path: Path) -> None:
    """Return only if a file can be put there.

    Raises
    ------
    FileRefused
        ``png-unwritable``: its folder is not there, or may not be written.
    """
    folder = path.absolute().parent
    if path.is_dir() or not folder.is_dir() or not os.access(folder, os.W_OK):
        raise _unwritable(path)


def keep_png(text: str, path: Path) -> None:
    """Write the QR code as a picture that its owner alone can read.

    Raises
    ------
    FileRefused
        ``png-unwritable``.
    StorageFull
        The disk has no room.
    """
    import segno

    picture = io.BytesIO()
    code = segno.make(text, error=CORRECTION)
    code.save(picture, kind="png", scale=_PIXELS_A_MODULE)
    try:
        keep_file(path, picture.getvalue())
    except OSError as fault:
        raise _unwritable(path) from fault


def _unwritable(path: Path) -> FileRefused:
    return FileRefused(
        "png-unwritable",
        Message(
            zh=f"无法把二维码写入 {path}："
            "请用 --png 指定一个已有且可写的文件夹中的文件",
            en=f"the QR code cannot be written to {path}: let --png name a file in a "
            "folder that exists and may be written",
        ),
    )
