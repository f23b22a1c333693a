"""What can go wrong on the device, each with a stable code and words in zh and en.

FieldkitError
├── InputRefused          the observation given does not fit its schema
│   ├── InputUnreadable   not JSON, or not an object
│   └── WrongTarget       the record named cannot be amended or withdrawn so
│       └── AmendedMeanwhile  the change was made to a version that is not the newest
├── NotFound              no such record, or more than one fits the prefix
│   └── DraftGone         the draft was sealed or removed
├── NotEnrolled           the device holds no identity yet
├── PhotoUnreadable       a photograph named is not on disk
│   └── PhotoGone         a photograph once taken in is no longer here
├── DiskFull              no room for the record, nothing was saved
├── HomeUnusable          FIELDKIT_HOME cannot be created or written
├── Unsent                signing out would leave something behind
├── OutboxBusy            another process holds the outbox
└── OutboxUnsafe          the outbox cannot promise what it must
    ├── OutboxTooNew      made by a newer version of the software
    └── OutboxDamaged     the database file is not readable as one
"""

from typing import ClassVar

from geo.errors import Message


class FieldkitError(Exception):
    """Root of every refusal on the device.

    Parameters
    ----------
    message : Message
        Says in zh and en what happened and what to do.
    """

    code: ClassVar[str] = "fieldkit-error"

    def __init__(self, message: Message) -> None:
        super().__init__(message.en)
        self.message = message


class InputRefused(FieldkitError):
    """An observation was not accepted; ``field`` names the first fault's place."""

    code: ClassVar[str] = "input-refused"

    def __init__(self, message: Message, field: str = "") -> None:
        super().__init__(message)
        self.field = field


class InputUnreadable(InputRefused):
    """The input is not JSON, or not an object, a list of them or JSON lines."""

    code: ClassVar[str] = "input-unreadable"


class WrongTarget(InputRefused):
    """The record named exists but cannot be amended or withdrawn."""

    code: ClassVar[str] = "wrong-target"


class AmendedMeanwhile(WrongTarget):
    """The change was made to a version that is no longer the newest held here."""

    code: ClassVar[str] = "amended-meanwhile"

    def __init__(self) -> None:
        super().__init__(
            Message(
                zh="该记录刚刚又有了新版本，本次未保存。请在新版本上再改。",
                en="A newer version of this record was sealed meanwhile; nothing was "
                "saved. Make the change on that one.",
            )
        )


class NotFound(FieldkitError):
    """No record of this device has that id, or several begin so."""

    code: ClassVar[str] = "not-found"


class DraftGone(NotFound):
    """The draft was sealed or removed meanwhile."""

    code: ClassVar[str] = "draft-gone"

    def __init__(self, number: int) -> None:
        super().__init__(
            Message(
                zh=f"草稿 {number} 已不在本机：它已保存为记录，或已删除。",
                en=f"Draft {number} is no longer here: it was saved as a record, "
                "or removed.",
            )
        )


class NotEnrolled(FieldkitError):
    """The device has no identity; ``fieldkit enrol`` gives it one."""

    code: ClassVar[str] = "not-enrolled"


class PhotoUnreadable(FieldkitError):
    """A photograph that the observation names cannot be read."""

    code: ClassVar[str] = "photo-unreadable"


class PhotoGone(PhotoUnreadable):
    """A photograph that was taken in is no longer on this device."""

    code: ClassVar[str] = "photo-gone"


class DiskFull(FieldkitError):
    """There is no room; what was saved before is intact, nothing new was saved."""

    code: ClassVar[str] = "disk-full"


class HomeUnusable(FieldkitError):
    """The device's folder cannot be created or written."""

    code: ClassVar[str] = "home-unusable"


class Unsent(FieldkitError):
    """Records, photographs or drafts would be left behind on the device."""

    code: ClassVar[str] = "unsent"


class OutboxBusy(FieldkitError):
    """Another process has held the outbox for longer than the waiting time."""

    code: ClassVar[str] = "outbox-busy"


class OutboxUnsafe(FieldkitError):
    """The outbox cannot promise durability on this file system."""

    code: ClassVar[str] = "outbox-unsafe"


class OutboxTooNew(OutboxUnsafe):
    """The outbox was written by a newer version of the software."""

    code: ClassVar[str] = "outbox-too-new"


class OutboxDamaged(OutboxUnsafe):
    """The outbox file is no readable database."""

    code: ClassVar[str] = "outbox-damaged"
