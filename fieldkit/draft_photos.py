"""Photographs of observations that are not sealed yet.

The original bytes lie where every photograph's do; that a draft holds them is a
small file beside (`fieldkit.draft_notes`), encrypted and made durable before the
bytes come into their place. So a photograph taken survives a crash, needs
no move when its record is sealed, and goes when its draft is removed, unless a
record or another draft holds the same bytes.
"""

import logging
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict
from datetime import datetime
from typing import Any, BinaryIO

from fieldkit.disk import require_room, sync_folder
from fieldkit.draft_notes import DraftNotes, HeldPhoto
from fieldkit.errors import DraftGone, FieldkitError, PhotoGone
from fieldkit.home import Home
from fieldkit.outbox import SqliteOutbox
from fieldkit.photos import PhotoStore
from fieldkit.vault.errors import StoreKeyGone
from geo.errors import Message
from schemas.evidence import DEFAULT_KIND
from sync.clock import instant_text
from sync.errors import EnvelopeAltered

_SIDE_BYTES = 4096
_LOG = logging.getLogger(__name__)


class DraftPhotos:
    """The photographs of one device's drafts."""

    def __init__(self, home: Home, outbox: SqliteOutbox) -> None:
        self._home, self._outbox = home, outbox
        self._photos = PhotoStore(home.photos_path, outbox.vault)
        self._notes = DraftNotes(home.photos_path, outbox.vault)

    def add(
        self,
        draft: int,
        reader: BinaryIO,
        *,
        bytes_told: int,
        file_name: str,
        captured_at: str | None = None,
        kind: str | None = None,
    ) -> HeldPhoto:
        """Keep a photograph's original bytes for a draft, durably; again is once.

        Raises
        ------
        PhotoUnreadable
            It is empty or over 64 MiB.
        DiskFull
            Before anything is read, where ``bytes_told`` says enough.
        DraftGone
            The draft was sealed or removed, perhaps while the bytes came.
        """
        require_room(self._home.path, bytes_told + _SIDE_BYTES)
        taken = self._photos.take_stream(reader, file_name)
        held = HeldPhoto(
            taken.sha256, taken.bytes, taken.media_type, file_name, captured_at, kind
        )
        try:
            with self._outbox.undisturbed():
                self._require_draft(draft)
                self._note(draft, held)
                self._photos.settle([taken])
        except BaseException:
            self._photos.give_up([taken])
            raise
        return held

    def of(self, draft: int) -> list[HeldPhoto]:
        """Return a draft's photographs whose bytes are here, by hash.

        Those whose note cannot be opened are left out.
        """
        held = []
        for sha256 in self._notes.names(draft):
            with suppress(EnvelopeAltered, StoreKeyGone):
                held.append(self._notes.read(draft, sha256))
        return [photo for photo in held if self._photos.find(photo.sha256)]

    def holder(self, sha256: str) -> int | None:
        """Return a draft that holds this photograph, None if there is none."""
        return min(self._notes.holders(sha256), default=None)

    def remove(self, draft: int, sha256: str) -> None:
        """Take a photograph from a draft; its bytes go if nothing else holds them."""
        # Nobody names the bytes between the question and their removal.
        with self._outbox.undisturbed():
            self._notes.remove(draft, sha256)
            if not self._outbox.is_named(sha256) and not self._notes.holders(sha256):
                self._photos.forget(sha256)

    def remove_all(self, draft: int) -> None:
        """Take every photograph from a draft that was sealed or removed.

        What cannot be removed now stays for `tidy`: it must not turn what was
        saved into a failure.
        """
        try:
            for sha256 in self._notes.names(draft):
                self.remove(draft, sha256)
            self._notes.forget(draft)
        except (OSError, FieldkitError) as error:
            _LOG.warning("draft %d: photographs not tidied: %s", draft, error)

    def tidy(self) -> None:
        """Finish what a crash interrupted, for drafts that are no longer there."""
        # First the folders: a draft that begins meanwhile is among the drafts.
        numbers = self._notes.drafts()
        there = {draft.number for draft in self._outbox.drafts()}
        for number in numbers:
            if number not in there:
                self.remove_all(number)

    def completed(
        self, given: Mapping[str, Any], draft: int | None, now: datetime
    ) -> dict[str, Any]:
        """Return what is to be recorded, each photograph described as it is held.

        What nobody said is as at any capture: taken now, electronic data.

        Raises
        ------
        PhotoGone
            Evidence names a photograph that is not on this device.
        """
        evidence = given.get("evidence")
        if not isinstance(evidence, list):
            return dict(given)
        # A change made without a form does not say where its photographs are held.
        drafts = self._notes.drafts() if draft is None else [draft]
        held = {photo.sha256: photo for each in drafts for photo in self.of(each)}
        unsaid = {"kind": DEFAULT_KIND, "captured_at": instant_text(now)}
        items = [self._item(item, held, unsaid) for item in evidence]
        return {**given, "evidence": items}

    def _item(
        self, item: Any, held: Mapping[str, HeldPhoto], unsaid: Mapping[str, Any]
    ) -> Any:
        sha256 = item.get("sha256") if isinstance(item, dict) else None
        if not isinstance(sha256, str):
            return item
        if sha256 in held:
            told = {k: v for k, v in asdict(held[sha256]).items() if v is not None}
            return {**unsaid, **told, **item} | {
                k: told[k] for k in ("bytes", "media_type")
            }
        if not self._outbox.is_named(sha256):
            raise _not_here(sha256)
        return item

    def _require_draft(self, number: int) -> None:
        if all(draft.number != number for draft in self._outbox.drafts()):
            raise DraftGone(number)

    def _note(self, draft: int, held: HeldPhoto) -> None:
        folder = self._notes.of(draft)
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._notes.write(draft, held)
        for parent in (folder, self._notes.folder, self._home.photos_path):
            sync_folder(parent)


def _not_here(sha256: str) -> PhotoGone:
    return PhotoGone(
        Message(
            zh=f"照片 {sha256[:12]} 不在本机，请重新拍摄或选取。该条记录未保存。",
            en=f"Photograph {sha256[:12]} is not on this device; take or choose it "
            "again. This record was not saved.",
        )
    )
