"""Files that are on the disk before anybody is told so, whole or not at all."""

import errno
import os
import stat
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from geo.errors import Message
from server.errors import StorageFull

_DRAFT = ".draft-"
_OTHERS = stat.S_IRWXO
_NO_ROOM = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


class Draft:
    """A file being written; without `keep` it is gone at the end of the block."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self.is_kept = False

    def write(self, data: bytes) -> None:
        """Append bytes."""
        self._stream.write(data)

    def keep(self) -> None:
        """Make the bytes durable; the file takes its place at the block's end."""
        self._stream.flush()
        os.fsync(self._stream.fileno())
        self.is_kept = True


def keep_file(path: Path, data: bytes) -> None:
    """Put a file in its place durably; a reader sees all of it or none.

    Raises
    ------
    StorageFull
        The disk has no room; whatever was at `path` before is still there.
    """
    with completing(path) as draft:
        draft.write(data)
        draft.keep()


@contextmanager
def completing(path: Path) -> Iterator[Draft]:
    """Write a draft beside `path` that replaces it once it was kept.

    Raises
    ------
    StorageFull
        The disk has no room; nothing of the draft is left.
    """
    try:
        make_folder(path.parent)
        descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=_DRAFT)
    except OSError as fault:
        raise _translated(fault) from fault
    try:
        with os.fdopen(descriptor, "wb") as stream:
            draft = Draft(stream)
            yield draft
        if draft.is_kept:
            os.replace(name, path)
            sync_folder(path.parent)
    except OSError as fault:
        raise _translated(fault) from fault
    finally:
        Path(name).unlink(missing_ok=True)


def sweep_drafts(folder: Path, before_s: float) -> int:
    """Remove the drafts below a folder that a crash left before that time; how many.

    ``before_s`` is in seconds of the epoch: what is written now is younger.
    """
    swept = 0
    for path in folder.rglob(f"{_DRAFT}*"):
        with suppress(FileNotFoundError):
            if path.stat().st_mtime < before_s:
                path.unlink()
                swept += 1
    return swept


def make_folder(folder: Path) -> None:
    """Make a folder and those above it, each name durable; one that is there stays."""
    if folder.is_dir():
        return
    make_folder(folder.parent)
    folder.mkdir(mode=0o700, exist_ok=True)
    sync_folder(folder.parent)


def close_to_others(path: Path) -> None:
    """Take every right from accounts outside the group, if the file is ours."""
    mode = path.stat().st_mode
    if os.name == "posix" and mode & _OTHERS:
        with suppress(PermissionError):
            path.chmod(stat.S_IMODE(mode) & ~_OTHERS)


def sync_folder(folder: Path) -> None:
    """Make the names in a folder durable; Windows has no handle to do it by."""
    if os.name != "posix":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _translated(fault: OSError) -> Exception:
    if fault.errno not in _NO_ROOM:
        return fault
    return StorageFull(
        "storage-full",
        Message(
            zh="服务器存储空间不足，文件未保存",
            en="the server's disk is full; the file was not kept",
        ),
    )
