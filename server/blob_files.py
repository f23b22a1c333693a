"""Photographs as files: parts until they are whole, then one file by its hash.

Parts lie in ``blobs/parts/<device>/<sha256>/<n>``, whole photographs in
``blobs/<first two>/<sha256>``.
"""

import hashlib
from pathlib import Path
from typing import NamedTuple

from server.durable_files import completing
from sync.parts import part_count, part_range


class Named(NamedTuple):
    """A photograph as a kept record of the device names it."""

    sha256: str
    bytes: int
    media_type: str


def blob_path(folder: Path, sha256: str) -> Path:
    """Return where a complete photograph lies below the blobs' folder."""
    return folder / sha256[:2] / sha256


def parts_folder(folder: Path, device_id: str, sha256: str) -> Path:
    """Return where a device's parts of a photograph lie below the blobs' folder."""
    return folder / "parts" / device_id / sha256


def held_parts(parts: Path, named: Named) -> list[int]:
    """Return the parts on disk that are whole; others are as good as absent."""
    held = []
    for number in range(part_count(named.bytes)):
        start, end = part_range(number, named.bytes)
        try:
            size_bytes = (parts / str(number)).stat().st_size
        except FileNotFoundError:
            continue
        if size_bytes == end - start:
            held.append(number)
    return held


def put_together(parts: Path, path: Path, named: Named) -> bool:
    """Make the file out of its parts, durably; tell whether its hash agrees.

    Raises
    ------
    FileNotFoundError
        Another worker did it in between and cleared the parts away.
    StorageFull
        The disk has no room; the parts stay.
    """
    digest = hashlib.sha256()
    with completing(path) as draft:
        for number in range(part_count(named.bytes)):
            part = (parts / str(number)).read_bytes()
            digest.update(part)
            draft.write(part)
        if digest.hexdigest() == named.sha256:
            draft.keep()
            return True
    return False
