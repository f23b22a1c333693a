"""A file to be imported: its name, and its content up to a bound."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from fieldkit.importing.errors import FileTooLarge, FileUnknown
from geo.errors import Message


@dataclass(frozen=True, slots=True)
class Source:
    """A file; ``read(n)`` returns at most n bytes of its beginning."""

    name: str
    read: Callable[[int], bytes]
    modified_at: datetime | None = None

    def content(self, most_bytes: int) -> bytes:
        """Return the whole content.

        Raises
        ------
        FileTooLarge
            It is over that many bytes; no more than that was read.
        FileUnknown
            It is not there, no file, or cannot be read.
        """
        try:
            content = self.read(most_bytes + 1)
        except OSError as error:
            raise FileUnknown(_UNREADABLE) from error
        if len(content) > most_bytes:
            limit = most_bytes // 2**20
            raise FileTooLarge(
                Message(
                    zh=f"超过 {limit} MiB，未读取。请分成几个文件。",
                    en=f"It is over {limit} MiB and was not read. Split it.",
                )
            )
        return content


def file_source(path: Path) -> Source:
    """Return a file on disk as a source; whether it is there shows on reading."""

    def read(most_bytes: int) -> bytes:
        # A pipe or a device might never end, or never begin.
        if not path.is_file():
            raise FileNotFoundError(path)
        with path.open("rb") as reader:
            return reader.read(most_bytes)

    try:
        modified_at = datetime.fromtimestamp(path.stat().st_mtime, UTC)
    except (OSError, OverflowError, ValueError):
        modified_at = None
    return Source(path.name, read, modified_at)


_UNREADABLE = Message(
    zh="找不到该文件，或无法读取。请检查路径和权限。",
    en="There is no such file, or it cannot be read. Check its path and rights.",
)
