"""Where nothing waits for a disk: a file is as durable there as its machine."""

import shutil
import tempfile
from pathlib import Path

MEMORY_DISK = "/dev/shm" if Path("/dev/shm").is_dir() else None
_ROOM_FOR_POSTGRES = 2 * 1024**3


def roomy_folder(prefix: str) -> Path:
    """Make a folder for a PostgreSQL: on the memory disk, if that has room for it."""
    is_roomy = (
        MEMORY_DISK is not None
        and shutil.disk_usage(MEMORY_DISK).free > _ROOM_FOR_POSTGRES
    )
    return Path(tempfile.mkdtemp(prefix=prefix, dir=MEMORY_DISK if is_roomy else None))
