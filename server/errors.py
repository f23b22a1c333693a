"""What the server refuses, and why.

ServerError
├── SettingsFault            a setting is missing or contradicts another
├── DatabaseFault            the database is not what the server needs
│   ├── DatabaseNotReady     not initialised, or of another version
│   └── StorageFull          no room left: nothing of the change was kept
├── KeyFault                 the server's signing key cannot be used
├── TlsFault                 a certificate, its key or the authority cannot be used
├── BatchRefused             a push as a whole is not taken
├── FileRefused              a file named on the command line cannot be used
├── NotHeld                  no such record, device or document here
├── RequestRefused           the HTTP request is not as agreed, or not for its sender
├── EnrolmentRefused         a device is not let in
├── SignInRefused            a token, challenge or certificate is not good
├── BlobRefused              a part of a photograph is not taken
├── ThumbnailRefused         no small picture of a photograph can be shown
├── BasemapFault             a file of map pictures cannot be made of what was given
└── RulingRefused            a ruling contradicts what the ledger holds
"""

from geo.errors import Message


class ServerError(Exception):
    """The server cannot do what was asked; nothing of it was done.

    Parameters
    ----------
    code : str
        Stable, kebab-case; other programs may rely on it.
    message : Message
        The reason in words, in Chinese and English.
    """

    def __init__(self, code: str, message: Message) -> None:
        super().__init__(message.en)
        self.code = code
        self.message = message


class SettingsFault(ServerError):
    """A setting is missing, unreadable or contradicts another."""


class DatabaseFault(ServerError):
    """The database is not what the server needs."""


class DatabaseNotReady(DatabaseFault):
    """The database was not initialised, or is of another version."""


class StorageFull(DatabaseFault):
    """The disk has no room left; the transaction was rolled back whole."""


class KeyFault(ServerError):
    """The server's signing key cannot be read or is not kept safely."""


class TlsFault(ServerError):
    """A TLS certificate, its key or the authority behind it cannot be used."""


class BatchRefused(ServerError):
    """A push as a whole is not taken; none of its records was looked at."""


class FileRefused(ServerError):
    """A file named on the command line cannot be written; nothing was done."""


class NotHeld(ServerError):
    """The ledger holds no such record, device or document."""


class RequestRefused(ServerError):
    """The HTTP request is not as agreed, or not for its sender to make."""


class EnrolmentRefused(ServerError):
    """A device is not let in; the code is as it was before."""


class SignInRefused(ServerError):
    """A token, a challenge, a proof or a certificate is not good."""


class BlobRefused(ServerError):
    """A part of a photograph is not taken; the parts before it stay."""


class ThumbnailRefused(ServerError):
    """No small picture of a photograph can be shown; the photograph is as it was."""


class BasemapFault(ServerError):
    """A basemap cannot be made: the source does not fit, or the target is there."""


class RulingRefused(ServerError):
    """A ruling contradicts what the ledger holds."""
