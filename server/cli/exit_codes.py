"""The exit codes of ``gi-server``: one table from refusals to numbers.

Scripts may rely on them; ``docs/operations.md`` lists each with its meaning.
Where ``fieldkit`` has the same meaning it has the same number.
"""

from enum import IntEnum

from geo.errors import GeoError
from schemas.errors import SchemaError
from server import errors
from sync.errors import ProtocolError


class ExitCode(IntEnum):
    """What a command's end means to a script."""

    DONE = 0
    FAULT = 1
    USAGE = 2
    INPUT_REFUSED = 3
    NOT_FOUND = 4
    NOT_READY = 5
    DISK_FULL = 6
    FAULTS_FOUND = 7
    EXTRA_MISSING = 8
    INTERRUPTED = 130


EXIT_CODES: dict[type[Exception], ExitCode] = {
    GeoError: ExitCode.INPUT_REFUSED,
    SchemaError: ExitCode.INPUT_REFUSED,
    ProtocolError: ExitCode.INPUT_REFUSED,
    errors.ServerError: ExitCode.INPUT_REFUSED,
    errors.NotHeld: ExitCode.NOT_FOUND,
    errors.SettingsFault: ExitCode.NOT_READY,
    errors.DatabaseFault: ExitCode.NOT_READY,
    errors.KeyFault: ExitCode.NOT_READY,
    errors.TlsFault: ExitCode.NOT_READY,
    errors.StorageFull: ExitCode.DISK_FULL,
}


def exit_code_of(fault: Exception) -> ExitCode:
    """Return the code of the nearest class in the table, ``FAULT`` if none."""
    for kind in type(fault).__mro__:
        if kind in EXIT_CODES:
            return EXIT_CODES[kind]
    return ExitCode.FAULT
