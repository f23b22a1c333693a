"""The exit codes of ``fieldkit``: one table from refusals to numbers.

Scripts may rely on them; ``docs/fieldkit.md`` lists each with its meaning.
"""

from enum import IntEnum

from fieldkit import errors
from geo.errors import GeoError
from schemas.errors import SchemaError
from sync.errors import HeadMoved, ProtocolError, RecordTooLarge, UnknownRecord


class ExitCode(IntEnum):
    """What a command's end means to a script."""

    DONE = 0
    FAULT = 1
    USAGE = 2
    INPUT_REFUSED = 3
    NOT_FOUND = 4
    NOT_ENROLLED = 5
    DISK_FULL = 6
    OUTBOX_UNSAFE = 7
    PHOTO_UNREADABLE = 8
    BUSY = 9
    HOME_UNUSABLE = 10
    NO_POSITION = 11
    LOCKED = 12
    ALTERED = 13
    UNREACHABLE = 20
    SIGN_IN_REFUSED = 21
    PROTOCOL = 22
    ITEMS_NOT_TAKEN = 23
    INTERRUPTED = 130


Refusal = errors.FieldkitError | GeoError | SchemaError | ProtocolError

EXIT_CODES: dict[type[Exception], ExitCode] = {
    errors.InputRefused: ExitCode.INPUT_REFUSED,
    errors.NotFound: ExitCode.NOT_FOUND,
    errors.NotEnrolled: ExitCode.NOT_ENROLLED,
    errors.DiskFull: ExitCode.DISK_FULL,
    errors.OutboxUnsafe: ExitCode.OUTBOX_UNSAFE,
    errors.PhotoUnreadable: ExitCode.PHOTO_UNREADABLE,
    errors.OutboxBusy: ExitCode.BUSY,
    errors.Unsent: ExitCode.BUSY,
    errors.HomeUnusable: ExitCode.HOME_UNUSABLE,
    HeadMoved: ExitCode.BUSY,
    UnknownRecord: ExitCode.NOT_FOUND,
    RecordTooLarge: ExitCode.INPUT_REFUSED,
    ProtocolError: ExitCode.PROTOCOL,
    GeoError: ExitCode.INPUT_REFUSED,
    SchemaError: ExitCode.INPUT_REFUSED,
}


def exit_code_of(error: Refusal) -> ExitCode:
    """Return the code of the nearest class in the table, ``FAULT`` if none.

    An error may also carry ``exit_code`` itself (the sync errors do).
    """
    own = getattr(error, "exit_code", None)
    if own is not None:
        return ExitCode(own)
    for kind in type(error).__mro__:
        if kind in EXIT_CODES:
            return EXIT_CODES[kind]
    return ExitCode.FAULT
