"""Opening a device's outbox, whatever version left it."""

from contextlib import suppress

from fieldkit.errors import DiskFull
from fieldkit.home import Home
from fieldkit.outbox.store import SqliteOutbox
from fieldkit.vault import vault_of
from fieldkit.vault.errors import VaultLocked


def open_outbox(home: Home) -> SqliteOutbox:
    """Return the outbox of the device's folder, its tables up to date.

    Raises
    ------
    OutboxUnsafe
        It cannot promise durability, is damaged or newer than this software.
    DiskFull
        There is no room to open it, nor can it be read without.
    VaultLocked
        It was in clear, and the key that is to encrypt it is not to be had.
    """
    outbox = SqliteOutbox(home.outbox_path, vault_of(home.path))
    try:
        # Without room or key, what is in clear waits and can be read.
        with suppress(DiskFull, VaultLocked):
            outbox.seal_remains(home)
    except BaseException:
        outbox.close()
        raise
    return outbox
