"""Small pictures for the bureau: made apart, bounded, of telephones' HEIC too."""

import hashlib
import io
import struct
import zlib
from collections.abc import Callable
from typing import Any

import pillow_heif
import pytest
from bureau_rig import Device, problem_of
from PIL import Image
from werkzeug.test import TestResponse

from server.blob_files import blob_path
from server.thumbnails import making
from sync.parts import PART_BYTES, part_count, part_range

ORANGE, GREEN = (240, 140, 20), (30, 120, 60)
SIDEWAYS = 6  # EXIF: the camera was held upright


def sent(tablet: Device, content: bytes) -> str:
    """Push a record with this file, upload it whole, return its hash."""
    tablet.push(tablet.seal(content))
    sha256 = hashlib.sha256(content).hexdigest()
    for number in range(part_count(len(content))):
        start, end = part_range(number, len(content))
        reply = tablet.put_part(sha256, number, content[start:end])
    assert reply.get_json()["state"] == "complete"
    return sha256


def thumbnail(tablet: Device, sha256: str, **more: Any) -> TestResponse:
    return tablet.http.get(f"/thumbnails/{sha256}", **more)


def shown(reply: TestResponse) -> Image.Image:
    assert (reply.status_code, reply.mimetype) == (200, "image/jpeg"), reply.text
    return Image.open(io.BytesIO(reply.data))


def jpeg(**more: Any) -> bytes:
    written = io.BytesIO()
    picture = Image.new("RGB", (1200, 800), ORANGE)
    picture.paste(GREEN, (0, 0, 1200, 400))
    picture.save(written, "JPEG", **more)
    return written.getvalue()


def heic() -> bytes:
    written = io.BytesIO()
    pillow_heif.from_pillow(Image.new("RGB", (1280, 960), GREEN)).save(written)
    return written.getvalue()


def drawn_signature() -> bytes:
    written = io.BytesIO()
    Image.new("RGBA", (600, 200), (0, 0, 0, 0)).save(written, "PNG")
    return written.getvalue()


def bomb(width: int, height: int) -> bytes:
    """A sound PNG of a few kilobytes that is one pixel too many when decoded."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        body = kind + data
        return struct.pack(">I", len(data)) + body + struct.pack(">I", zlib.crc32(body))

    rows = zlib.compressobj(9)
    packed = b"".join(rows.compress(b"\0" * (width // 8 + 1)) for _ in range(height))
    head = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    parts = ((b"IHDR", head), (b"IDAT", packed + rows.flush()), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunk(*part) for part in parts)


def near(pixel: Any, colour: tuple[int, int, int]) -> bool:
    return all(abs(one - other) < 12 for one, other in zip(pixel, colour, strict=True))


def test_the_bureau_sees_what_a_telephone_took_as_heic(tablet: Device) -> None:
    content = heic()
    sha256 = sent(tablet, content)
    small = shown(thumbnail(tablet, sha256))
    assert small.size == (480, 360)
    assert near(small.getpixel((200, 200)), GREEN)
    folder = tablet.bureau.settings.blobs_folder
    assert blob_path(folder, sha256).read_bytes() == content


def test_a_photograph_stands_upright_and_tells_no_place(tablet: Device) -> None:
    exif = Image.Exif()
    exif[0x0112] = SIDEWAYS
    exif.get_ifd(0x8825).update({1: "N", 2: (24.0, 54.0, 0.0)})
    small = shown(thumbnail(tablet, sent(tablet, jpeg(exif=exif))))
    assert small.size == (320, 480)
    assert near(small.getpixel((300, 240)), GREEN)  # what was above is at the right
    assert not small.getexif()
    assert "exif" not in small.info


def test_a_signature_is_drawn_on_white(tablet: Device) -> None:
    small = shown(thumbnail(tablet, sent(tablet, drawn_signature())))
    assert near(small.getpixel((5, 5)), (255, 255, 255))


def test_it_is_made_once_and_again_when_it_was_cleared_away(tablet: Device) -> None:
    sha256 = sent(tablet, jpeg())
    first = thumbnail(tablet, sha256).data
    (kept,) = tablet.bureau.settings.thumbnails_folder.glob("*/*")
    made_at = kept.stat().st_mtime_ns
    assert thumbnail(tablet, sha256).data == first
    assert kept.stat().st_mtime_ns == made_at
    kept.unlink()
    assert thumbnail(tablet, sha256).data == first


NO_PICTURES: dict[str, Callable[[], bytes]] = {
    "a bomb of pixels": lambda: bomb(12_000, 10_001),
    "a page": lambda: b"%PDF-1.7 " + b"x" * 500,
    "half a photograph": lambda: jpeg()[:900],
    "half a HEIC": lambda: heic()[: len(heic()) // 2],
    "a kind that nobody's camera writes": lambda: b"GIF89a" + b"\0" * 400,
}


@pytest.mark.parametrize("name", NO_PICTURES)
def test_what_cannot_be_drawn_is_told_tried_once_and_kept(
    tablet: Device, name: str
) -> None:
    content = NO_PICTURES[name]()
    sha256 = sent(tablet, content)
    for _ in range(2):
        reply = thumbnail(tablet, sha256)
        assert (reply.status_code, problem_of(reply)) == (404, "thumbnail-none")
    (mark,) = tablet.bureau.settings.thumbnails_folder.glob("*/*")
    assert mark.name == f"{sha256}.none"
    assert (
        blob_path(tablet.bureau.settings.blobs_folder, sha256).read_bytes() == content
    )


def test_the_drawing_ends_before_it_takes_the_machine(
    tablet: Device, monkeypatch: pytest.MonkeyPatch
) -> None:
    hungry = (
        "from server.thumbnails import drawing; drawing.MOST_MEMORY_BYTES = 64 << 20\n"
        "raise SystemExit(drawing.main())"
    )
    program = (making._DRAWING[0], "-P", "-c", hungry)
    monkeypatch.setattr(making, "_DRAWING", program)
    sha256 = sent(tablet, bomb(12_000, 9_000))
    assert problem_of(thumbnail(tablet, sha256)) == "thumbnail-none"


def test_a_drawing_that_was_stopped_says_nothing_of_the_picture(
    tablet: Device, monkeypatch: pytest.MonkeyPatch
) -> None:
    sha256 = sent(tablet, jpeg())
    stopped = "import os, signal; os.kill(os.getpid(), signal.SIGKILL)"
    with monkeypatch.context() as patched:
        program = (making._DRAWING[0], "-P", "-c", stopped)
        patched.setattr(making, "_DRAWING", program)
        assert problem_of(thumbnail(tablet, sha256)) == "thumbnail-busy"
    assert shown(thumbnail(tablet, sha256)).size == (480, 320)


def test_without_the_libraries_it_says_what_to_install(
    tablet: Device, monkeypatch: pytest.MonkeyPatch
) -> None:
    bare = (
        "import sys; sys.modules['pillow_heif'] = None\n"
        "from server.thumbnails import drawing; raise SystemExit(drawing.main())"
    )
    monkeypatch.setattr(making, "_DRAWING", (making._DRAWING[0], "-P", "-c", bare))
    reply = thumbnail(tablet, sent(tablet, jpeg()))
    assert (reply.status_code, problem_of(reply)) == (501, "thumbnail-unavailable")
    assert "gi-fieldkit[server,photos]" in reply.get_json()["zh"]["detail"]
    assert list(tablet.bureau.settings.thumbnails_folder.glob("*/*")) == []


def test_what_is_not_here_whole_has_none_yet(tablet: Device) -> None:
    content = jpeg() + b"\0" * PART_BYTES
    sha256 = hashlib.sha256(content).hexdigest()
    tablet.push(tablet.seal(content))
    tablet.put_part(sha256, 0, content[:PART_BYTES])
    assert problem_of(thumbnail(tablet, sha256)) == "blob-incomplete"
    assert problem_of(thumbnail(tablet, "0" * 64)) == "blob-incomplete"
    assert problem_of(tablet.http.get("/thumbnails/..")) == "not-found"


def test_nobody_else_sees_it_until_there_are_accounts(tablet: Device) -> None:
    sha256 = sent(tablet, jpeg())
    other = {"REMOTE_ADDR": "10.0.0.7"}
    assert problem_of(thumbnail(tablet, sha256, environ_base=other)) == "loopback-only"
    headers = tablet.bearer
    with_token = thumbnail(tablet, sha256, environ_base=other, headers=headers)
    assert problem_of(with_token) == "loopback-only"
