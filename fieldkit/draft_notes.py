"""What is noted of a draft's photograph, encrypted: its name may name a person."""

import json
import shutil
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from fieldkit.disk import write_durably
from fieldkit.vault import Vault
from sync.at_rest import DRAFT_PHOTO
from sync.envelope import place_of

DRAFTS = "drafts"
"""The folder of the notes, below that of the photographs."""
_SUFFIX = ".note"
_IN_CLEAR = ".json"


@dataclass(frozen=True, slots=True)
class HeldPhoto:
    """A photograph as its draft holds it; what is null is left to the record."""

    sha256: str
    bytes: int
    media_type: str
    file_name: str
    captured_at: str | None = None
    kind: str | None = None

    def to_json(self) -> dict[str, Any]:
        """Return it as the field app is told."""
        return asdict(self)


class DraftNotes:
    """The notes of every draft's photographs: ``drafts/<draft>/<sha256>.note``."""

    def __init__(self, photos: Path, vault: Vault) -> None:
        self.folder = photos / DRAFTS
        self._vault = vault

    def of(self, draft: int) -> Path:
        """Return the folder of a draft's notes."""
        return self.folder / str(draft)

    def names(self, draft: int) -> list[str]:
        """Return the hashes of a draft's photographs."""
        return sorted(note.stem for note in self.of(draft).glob(f"*{_SUFFIX}"))

    def read(self, draft: int, sha256: str) -> HeldPhoto:
        """Return a note.

        Raises
        ------
        EnvelopeAltered
            It is not what was noted of that draft's photograph.
        StoreKeyGone, VaultLocked
            There is no key for it, for good or for now.
        """
        envelope = self._path(draft, sha256).read_bytes()
        place = place_of(DRAFT_PHOTO, draft, sha256)
        return HeldPhoto(**json.loads(self._vault.open(place, envelope)))

    def write(self, draft: int, held: HeldPhoto) -> None:
        """Keep a note durably; the folder is there."""
        text = json.dumps(asdict(held), ensure_ascii=False).encode()
        place = place_of(DRAFT_PHOTO, draft, held.sha256)
        path = self._path(draft, held.sha256)
        write_durably(path, self._vault.seal(place, text))

    def remove(self, draft: int, sha256: str) -> None:
        """Forget a note."""
        self._path(draft, sha256).unlink(missing_ok=True)

    def forget(self, draft: int) -> None:
        """Remove a draft's folder, and what a crash or the system left in it."""
        shutil.rmtree(self.of(draft), ignore_errors=True)

    def drafts(self) -> list[int]:
        """Return the drafts that have a folder of notes."""
        names = [folder.name for folder in self.folder.glob("[0-9]*")]
        return sorted(int(name) for name in names if name.isdecimal())

    def holders(self, sha256: str) -> list[int]:
        """Return the drafts that hold the photograph."""
        notes = self.folder.glob(f"[0-9]*/{sha256}{_SUFFIX}")
        return [int(note.parent.name) for note in notes]

    def _path(self, draft: int, sha256: str) -> Path:
        return self.of(draft) / f"{sha256}{_SUFFIX}"


def seal_notes(photos: Path, vault: Vault) -> None:
    """Encrypt the notes that an older version left in clear."""
    notes = DraftNotes(photos, vault)
    for draft in notes.drafts():
        for plain in sorted(notes.of(draft).glob(f"*{_IN_CLEAR}")):
            notes.write(draft, HeldPhoto(**json.loads(plain.read_text("utf-8"))))
            plain.unlink(missing_ok=True)
