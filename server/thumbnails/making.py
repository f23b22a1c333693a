"""A thumbnail is made once, when it is first asked for, and can always be made again.

It lies in ``thumbnails/<first two>/<sha256>.jpg`` in the home, apart from the
originals: those are opened for reading only. What cannot be drawn leaves
``<sha256>.none``, so that the same bomb is not tried at every look.
"""

import logging
import signal
import subprocess
import sys
import threading
from contextlib import suppress
from pathlib import Path

import sqlalchemy as sa

from geo.errors import Message
from server.blob_files import blob_path
from server.bureau import Bureau
from server.database import reading
from server.durable_files import keep_file
from server.errors import StorageFull, ThumbnailRefused
from server.tables import blob
from server.thumbnails.drawing import Ended

PATIENCE_S = 60
_QUEUE_S = 20
_STOPPED = frozenset(
    {signal.SIGINT, signal.SIGTERM, signal.SIGKILL, getattr(signal, "SIGHUP", 1)}
)
_DRAWING = (sys.executable, "-P", "-m", "server.thumbnails.drawing")
# One at a time in each worker: pictures never take more than one core from the ledger.
_turn = threading.BoundedSemaphore(1)

_REASONS = {
    "blob-incomplete": Message(
        zh="服务器尚未收齐此照片，待设备同步后再看",
        en="this photograph is not here whole; look again after its device has synced",
    ),
    "thumbnail-none": Message(
        zh="此文件无法生成缩略图（不是图片、已损坏，或像素过多）；原件完好",
        en="no thumbnail can be made of this file: no picture, broken, or too many "
        "pixels; the original is as it came",
    ),
    "thumbnail-unavailable": Message(
        zh="服务器未安装图片组件：pip install 'gi-fieldkit[server,photos]'",
        en="this server cannot read pictures: pip install 'gi-fieldkit[server,photos]'",
    ),
    "thumbnail-busy": Message(
        zh="正在生成其他缩略图，请稍候", en="other thumbnails are being made; wait"
    ),
}


def thumbnail(bureau: Bureau, sha256: str) -> bytes:
    """Return the thumbnail of a complete photograph; the original is not touched.

    Raises
    ------
    ThumbnailRefused
        ``blob-incomplete``: the photograph is not here whole;
        ``thumbnail-none``: nothing can be drawn of it;
        ``thumbnail-unavailable``: Pillow and pillow-heif are not installed;
        ``thumbnail-busy``: others are being made, or the machine is too slow just now.
    """
    kept, none = _places(bureau.settings.thumbnails_folder, sha256)
    original = blob_path(bureau.settings.blobs_folder, sha256)
    if not _is_complete(bureau, sha256) or not original.exists():
        raise _refused("blob-incomplete")
    if kept.exists():
        return kept.read_bytes()
    if not _turn.acquire(timeout=_QUEUE_S):
        raise _refused("thumbnail-busy")
    try:
        if kept.exists():  # made while this one waited
            return kept.read_bytes()
        if none.exists():
            raise _refused("thumbnail-none")
        return _made(original, kept, none)
    finally:
        _turn.release()


def _places(folder: Path, sha256: str) -> tuple[Path, Path]:
    """Return where the thumbnail lies, and where it says that there can be none."""
    below = folder / sha256[:2]
    return below / f"{sha256}.jpg", below / f"{sha256}.none"


def _is_complete(bureau: Bureau, sha256: str) -> bool:
    wanted = sa.select(blob.c.completed_at).where(blob.c.sha256 == sha256)
    with reading(bureau.engine) as connection:
        return connection.scalar(wanted) is not None


def _made(original: Path, kept: Path, none: Path) -> bytes:
    ended, drawn = _draw(original)
    if ended == Ended.NO_LIBRARY:
        raise _refused("thumbnail-unavailable")
    if -ended in _STOPPED:  # from outside: that says nothing of the picture
        raise _refused("thumbnail-busy")
    with suppress(StorageFull):  # then it is made again at the next look
        keep_file(kept if drawn else none, drawn)
    if drawn:
        return drawn
    logging.getLogger(__name__).info("no thumbnail of %s: %d", original.name, ended)
    raise _refused("thumbnail-none")


def _draw(original: Path) -> tuple[int, bytes]:
    """Return how the drawing program ended, and what it drew if it ended well."""
    with original.open("rb") as photograph:
        try:
            ran = subprocess.run(
                _DRAWING,
                stdin=photograph,
                capture_output=True,
                timeout=PATIENCE_S,
                check=False,
            )
        except subprocess.TimeoutExpired as slow:
            raise _refused("thumbnail-busy") from slow
    return ran.returncode, ran.stdout if ran.returncode == Ended.DRAWN else b""


def _refused(code: str) -> ThumbnailRefused:
    return ThumbnailRefused(code, _REASONS[code])
