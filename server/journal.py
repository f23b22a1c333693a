"""Lines in a file that only grows, each durable before anybody is told of it."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from server.durable_files import sync_folder

_LOCKED_BYTE = 1 << 40  # beyond the content: what Windows locks nobody may read


def append_line(path: Path, line: str) -> None:
    """Append a line; one before it that a crash cut off is taken away."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    flags = os.O_RDWR | os.O_CREAT | os.O_APPEND
    descriptor = os.open(path, flags, 0o600)
    with os.fdopen(descriptor, "r+b", buffering=0) as file, locked(file):
        held = file.read()
        if not held.endswith(b"\n"):
            file.truncate(held.rfind(b"\n") + 1)
        _write(file, line.encode() + b"\n")
        os.fsync(file.fileno())
    sync_folder(path.parent)


def read_lines(path: Path) -> list[str]:
    """Return every whole line; one without its end was cut off, or is being written."""
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return []
    return [line for line in text.split("\n")[:-1] if line.strip()]


@contextmanager
def locked(file: BinaryIO) -> Iterator[None]:
    """Keep every other writer of the file waiting, in this process and beyond."""
    if sys.platform == "win32":
        import msvcrt

        file.seek(_LOCKED_BYTE)
        msvcrt.locking(file.fileno(), msvcrt.LK_LOCK, 1)
        file.seek(0)
        try:
            yield
        finally:
            file.seek(_LOCKED_BYTE)
            msvcrt.locking(file.fileno(), msvcrt.LK_UNLCK, 1)
    else:
        import fcntl

        fcntl.flock(file, fcntl.LOCK_EX)
        try:
            yield
        finally:
            fcntl.flock(file, fcntl.LOCK_UN)


def _write(file: BinaryIO, data: bytes) -> None:
    while data:
        data = data[file.write(data) :]
