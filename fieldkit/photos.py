"""Photographs on the device: the original bytes, encrypted, filed by their hash.

A photograph is first copied to ``photos/incoming`` and made durable there; when
the record that names it is sealed, it moves to its place. Whatever interrupts
this, a sealed record's photograph is in one of the two, and a photograph in
``incoming`` that no record names belongs to nothing.
"""

import mimetypes
import os
import secrets
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from fieldkit.disk import no_room_in_words, sync_folder
from fieldkit.errors import PhotoUnreadable
from fieldkit.photo_content import PhotoContent, content_of
from fieldkit.vault import Vault, vault_of
from geo.errors import Message
from schemas.evidence import MAX_FILE_BYTES
from sync.sealed_photo import MAGIC, PhotoWriter, is_sealed_photo

CHUNK_BYTES = 1024 * 1024
ORPHAN_AFTER_S = 24 * 3600
_UNKNOWN_TYPE = "application/octet-stream"
_SIGNATURES = (
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"%PDF-", "application/pdf"),
)
_HEIC_BRANDS = (b"heic", b"heix", b"hevc", b"mif1", b"msf1")
"""ISO/IEC 23008-12, after ``ftyp`` in the first box: what telephones photograph in."""


@dataclass(frozen=True, slots=True)
class TakenPhoto:
    """A photograph copied and hashed, not yet in its place."""

    sha256: str
    bytes: int
    media_type: str
    file_name: str
    incoming: Path


class PhotoStore:
    """The folder of photographs under the device's home.

    They are encrypted by ``vault``, the folder's own unless said otherwise.
    """

    def __init__(self, folder: Path, vault: Vault | None = None) -> None:
        self._folder = folder
        self._vault = vault or vault_of(folder.parent)
        self._incoming = folder / "incoming"

    def take_in(self, sources: Sequence[Path]) -> list[TakenPhoto]:
        """Copy the files, durably, and return what they are.

        Raises
        ------
        PhotoUnreadable
            A file is missing, empty, a folder, unreadable or over 64 MiB;
            none of the copies is left.
        DiskFull
            Likewise.
        """
        self._prepare()
        taken: list[TakenPhoto] = []
        try:
            with no_room_in_words(str(self._folder)):
                for source in sources:
                    with _opened(source) as reader:
                        taken.append(self._copy(reader, source))
                if taken:
                    sync_folder(self._incoming)
        except BaseException:
            self.give_up(taken)
            raise
        return taken

    def take_stream(self, reader: BinaryIO, file_name: str) -> TakenPhoto:
        """Copy what can be read, durably, and return what it is.

        Raises
        ------
        PhotoUnreadable
            It is empty or over 64 MiB; no copy is left.
        DiskFull
            Likewise.
        """
        self._prepare()
        with no_room_in_words(str(self._folder)):
            taken = self._copy(reader, Path(file_name))
            sync_folder(self._incoming)
        return taken

    def settle(self, taken: Sequence[TakenPhoto]) -> None:
        """Move photographs that a sealed record names to their places."""
        for photo in taken:
            self._move(photo.incoming, photo.sha256)

    def give_up(self, taken: Sequence[TakenPhoto]) -> None:
        """Remove copies that no record will name."""
        for photo in taken:
            photo.incoming.unlink(missing_ok=True)

    def forget(self, sha256: str) -> None:
        """Remove a photograph's bytes; the caller knows that nothing names them."""
        self._place(sha256).unlink(missing_ok=True)

    def find(self, sha256: str) -> Path | None:
        """Return where the photograph's bytes are, None if they are gone."""
        place = self._place(sha256)
        if place.is_file():
            return place
        return next(self._incoming.glob(f"{sha256}.*"), None)

    def read(self, sha256: str) -> bytes | None:
        """Return the photograph's bytes, None if gone or no longer those bytes."""
        with self.open(sha256) as content:
            if content is None:
                return None
            return content.read_range(0, content.size_bytes)

    @contextmanager
    def open(self, sha256: str) -> Iterator[PhotoContent | None]:
        """Give the photograph's content, None if gone or no longer those bytes.

        All of it was read and found authentic before.

        Raises
        ------
        VaultLocked
            It cannot be opened now.
        """
        place = self.find(sha256)
        if place is None:
            yield None
            return
        with place.open("rb") as file:
            yield content_of(file, sha256, self._vault.store_key)

    def seal_in_place(self, place: Path) -> None:
        """Encrypt a photograph that an older version left in clear.

        Bytes that are no longer those of its name are kept under their own.
        """
        with place.open("rb") as plain:
            if is_sealed_photo(plain.read(len(MAGIC))):
                return
            plain.seek(0)
            self._prepare()
            partial = self._partial()
            with no_room_in_words(str(self._folder)), _removed_on_failure(partial):
                digest, _size, _start = self._seal_durably(plain, place, partial)
                os.replace(partial, place)
        sync_folder(place.parent)
        if not place.name.startswith(digest):
            self._move(place, digest)

    def tidy(self, is_named: Callable[[str], bool], *, now_s: float) -> int:
        """Finish what a crash interrupted; return how many orphans were removed.

        A named photograph moves to its place; an unnamed copy older than a
        day is removed (a younger one may belong to a capture under way).
        """
        removed = 0
        for copy in self._copies():
            sha256, _, rest = copy.name.partition(".")
            if rest != "part" and is_named(sha256):
                self._move(copy, sha256)
            elif now_s - copy.stat().st_mtime > ORPHAN_AFTER_S:
                copy.unlink(missing_ok=True)
                removed += 1
        return removed

    def _partial(self) -> Path:
        return self._incoming / f"{secrets.token_hex(8)}.part"

    def _prepare(self) -> None:
        if not self._incoming.is_dir():
            self._incoming.mkdir(mode=0o700, parents=True, exist_ok=True)
            sync_folder(self._folder)

    def _copies(self) -> Iterator[Path]:
        if self._incoming.is_dir():
            yield from sorted(self._incoming.iterdir())

    def _place(self, sha256: str) -> Path:
        return self._folder / sha256[:2] / sha256

    def _move(self, copy: Path, sha256: str) -> None:
        place = self._place(sha256)
        place.parent.mkdir(mode=0o700, exist_ok=True)
        # Gone already: another process tidied up.
        with suppress(FileNotFoundError):
            os.replace(copy, place)
        sync_folder(place.parent)
        sync_folder(self._folder)

    def _copy(self, reader: BinaryIO, source: Path) -> TakenPhoto:
        partial = self._partial()
        with _removed_on_failure(partial):
            digest, size, start = self._seal_durably(reader, source, partial)
            if size == 0:
                raise _unreadable(source, "文件为空", "the file is empty")
            copy = self._incoming / f"{digest}.{partial.stem}"
            os.replace(partial, copy)
        return TakenPhoto(digest, size, media_type_of(source, start), source.name, copy)

    def _seal_durably(
        self, reader: BinaryIO, source: Path, target: Path
    ) -> tuple[str, int, bytes]:
        """Return the SHA-256, the size and the first bytes of what was copied."""
        store, start = self._vault.current(), b""
        handle = os.open(target, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w+b") as file:
            writer = PhotoWriter(file, store, os.urandom)
            while chunk := reader.read(CHUNK_BYTES):
                start = start or chunk[:16]
                if writer.size_bytes + len(chunk) > MAX_FILE_BYTES:
                    raise _too_large(source)
                writer.write(chunk)
            digest = writer.finish()
            file.flush()
            os.fsync(file.fileno())
        return digest, writer.size_bytes, start


@contextmanager
def _removed_on_failure(partial: Path) -> Iterator[None]:
    try:
        yield
    except BaseException:
        partial.unlink(missing_ok=True)
        raise


def photo_bytes(source: Path) -> int:
    """Return the size of a photograph to be taken in.

    Raises
    ------
    PhotoUnreadable
        It is not there, is no file, or is over 64 MiB.
    """
    try:
        size = source.stat().st_size
    except OSError as error:
        raise _unreadable(source, "找不到该文件", "there is no such file") from error
    if not source.is_file():
        raise _unreadable(source, "不是文件", "it is not a file")
    if size > MAX_FILE_BYTES:
        raise _too_large(source)
    return size


def _opened(source: Path) -> BinaryIO:
    try:
        return source.open("rb")
    except OSError as error:
        raise _unreadable(source, "无法读取", "it cannot be read") from error


def media_type_of(source: Path, start: bytes) -> str:
    """Return what a file is by its first 16 bytes, else by its name."""
    for signature, media_type in _SIGNATURES:
        if start.startswith(signature):
            return media_type
    if start[4:8] == b"ftyp" and start[8:12] in _HEIC_BRANDS:
        return "image/heic"
    return mimetypes.guess_type(source.name)[0] or _UNKNOWN_TYPE


def _too_large(source: Path) -> PhotoUnreadable:
    limit = MAX_FILE_BYTES // 2**20
    return _unreadable(source, f"超过 {limit} MiB", f"it is over {limit} MiB")


def _unreadable(source: Path, zh: str, en: str) -> PhotoUnreadable:
    return PhotoUnreadable(
        Message(
            zh=f"照片 {source}：{zh}。该条记录未保存。",
            en=f"Photograph {source}: {en}. This record was not saved.",
        )
    )
