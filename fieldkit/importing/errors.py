"""What the importers refuse; each fault names its line, field and remedy.

InputRefused
└── ImportRefused          nothing of the file was taken
    ├── FileUnknown        neither a photograph, GPX nor CSV
    ├── FileTooLarge       over what is read at once
    ├── RowsRefused        rows or points with faults, each named by its line
    └── ReaderMissing      the extra that reads such files is not installed
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from fieldkit.errors import InputRefused
from geo.errors import Message


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong on a line of a file; ``line`` counts from 1, None: the whole."""

    line: int | None
    field: str
    message: Message


class ImportRefused(InputRefused):
    """A file cannot be imported; nothing of it was taken."""

    code: ClassVar[str] = "import-refused"

    @property
    def faults(self) -> Sequence[Fault]:
        """Every fault found, in the order of the file."""
        return (Fault(None, self.field, self.message),)


class FileUnknown(ImportRefused):
    """The file is neither a photograph nor GPX nor CSV."""

    code: ClassVar[str] = "file-unknown"


class FileTooLarge(ImportRefused):
    """The file, or what it claims to hold, is over what is read at once."""

    code: ClassVar[str] = "file-too-large"


class ReaderMissing(ImportRefused):
    """The extra that reads such files is not installed."""

    code: ClassVar[str] = "reader-missing"


class RowsRefused(ImportRefused):
    """Rows or points of the file have faults."""

    code: ClassVar[str] = "rows-refused"

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__(faults[0].message, faults[0].field)
        self._faults = tuple(faults)

    @property
    def faults(self) -> Sequence[Fault]:
        """Every fault found, in the order of the file."""
        return self._faults
