"""What an older version left in clear beside the outbox: encrypted in its place.

Photographs, the notes of drafts' photographs, and the device's signing keys. Each
file is replaced by its encrypted form only once that is durable, so that a crash
at any moment leaves one of the two, and the next opening goes on.
"""

from pathlib import Path

from fieldkit.disk import sync_folder
from fieldkit.draft_notes import seal_notes
from fieldkit.home import Home
from fieldkit.keys import seal_plain_keys
from fieldkit.photos import PhotoStore
from fieldkit.vault import Vault


def seal_plain_files(home: Home, vault: Vault) -> None:
    """Leave nothing of the device's folder in clear that this version encrypts.

    Raises
    ------
    DiskFull
        A photograph has no room beside itself; what was done stays done.
    VaultLocked
        The device key is not to be had now.
    """
    seal_plain_keys(home, vault)
    seal_notes(home.photos_path, vault)
    photos = PhotoStore(home.photos_path, vault)
    for place in _photographs(home.photos_path):
        photos.seal_in_place(place)


def _photographs(folder: Path) -> list[Path]:
    incoming = folder / "incoming"
    for part in incoming.glob("*.part"):
        part.unlink(missing_ok=True)
    if incoming.is_dir():
        sync_folder(incoming)
    filed = [path for path in folder.glob("[0-9a-f][0-9a-f]/*") if path.is_file()]
    return sorted([*filed, *incoming.glob("*")])
