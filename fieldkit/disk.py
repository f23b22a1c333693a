"""Writing so that it lasts, and knowing beforehand whether there is room."""

import errno
import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from fieldkit.errors import DiskFull
from geo.errors import Message

RESERVE_BYTES = 1024 * 1024
"""Room that must be left after a capture, so that the outbox can still work."""

_NO_ROOM = (errno.ENOSPC, errno.EDQUOT)


def disk_full(detail: str) -> DiskFull:
    """Return the refusal for a full disk, with what was being done."""
    return DiskFull(
        Message(
            zh=f"磁盘空间不足（{detail}）。本次未保存任何内容，"
            "此前已保存的记录完好。请腾出空间后重试。",
            en=f"The disk is full ({detail}). Nothing of this was saved; everything "
            "saved before is intact. Free some space and try again.",
        )
    )


@contextmanager
def no_room_in_words(detail: str) -> Iterator[None]:
    """Turn the system's "no space left" into `DiskFull`; other errors pass."""
    try:
        yield
    except OSError as error:
        if error.errno in _NO_ROOM:
            raise disk_full(detail) from error
        raise


def require_room(folder: Path, needed_bytes: int) -> None:
    """Pass if ``needed_bytes`` and the reserve fit on the folder's disk.

    Raises
    ------
    DiskFull
        Before anything is captured, so that nobody photographs in vain.
    """
    free = shutil.disk_usage(folder).free
    if free < needed_bytes + RESERVE_BYTES:
        raise disk_full(
            f"{free // 1024} KiB < {(needed_bytes + RESERVE_BYTES) // 1024} KiB"
        )


def sync_folder(folder: Path) -> None:
    """Make the folder's entries durable (on Windows the file's own sync does)."""
    if os.name == "nt":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def write_durably(path: Path, content: bytes, *, mode: int = 0o600) -> None:
    """Leave ``content`` durably at ``path``, or what was there before.

    Raises
    ------
    DiskFull
        The old file, if any, is still there.
    """
    partial = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        with no_room_in_words(path.name):
            handle = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode)
            with os.fdopen(handle, "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            os.replace(partial, path)
            sync_folder(path.parent)
    finally:
        with suppress(FileNotFoundError):
            partial.unlink()


def create_durably(path: Path, content: bytes, *, mode: int = 0o600) -> bool:
    """Leave ``content`` durably at ``path`` and return True, unless it is taken.

    Raises
    ------
    DiskFull
        There is nothing at ``path``.
    """
    mine = path.with_name(f"{path.name}.{os.getpid()}.{secrets.token_hex(4)}.new")
    write_durably(mine, content, mode=mode)
    try:
        os.link(mine, path)
    except FileExistsError:
        return False
    finally:
        mine.unlink()
        sync_folder(path.parent)
    return True
