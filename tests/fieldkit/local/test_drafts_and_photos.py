"""Drafts and their photographs outlive whatever happens to the page."""

import hashlib
import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from fieldkit.draft_photos import DraftPhotos
from fieldkit.errors import DraftGone
from fieldkit.home import Home
from fieldkit.local.bench import Bench
from fieldkit.outbox import SqliteOutbox
from fieldkit.photos import PhotoStore
from fieldkit.thumbnails import MOST_PIXELS, thumbnail_of
from schemas.evidence import MAX_FILE_BYTES

RECORDS = "/local/v1/records"
DRAFTS = "/local/v1/drafts"
PHOTO = b"\xff\xd8\xff" + bytes(range(256)) * 20
SHA256 = hashlib.sha256(PHOTO).hexdigest()

Body = dict[str, Any]


@pytest.fixture
def draft(page: Any) -> int:
    return int(page.send("POST", DRAFTS, {"answers": {"note": "一"}})["number"])


@pytest.fixture
def add(page: Any) -> Callable[..., Body]:
    def add(draft: int, content: bytes = PHOTO, name: str = "果园.jpg") -> Body:
        answer = page.ask(
            "PUT",
            f"{DRAFTS}/{draft}/photos",
            query_string={"file_name": name, "captured_at": "2023-12-02T02:20:00Z"},
            data=content,
        )
        assert answer.status_code == 201, answer.text
        return dict(answer.json)

    return add


def test_a_draft_is_kept_as_it_was_typed_last(page: Any, draft: int) -> None:
    page.send("PUT", f"{DRAFTS}/{draft}", {"answers": {"note": "二"}})
    (kept,) = page.get(DRAFTS)
    assert (kept["number"], kept["answers"]) == (draft, {"note": "二"})
    assert kept["started_at"] <= kept["saved_at"]


def test_a_keystroke_that_comes_late_brings_no_draft_back(
    page: Any, refused: Any, draft: int
) -> None:
    page.send("DELETE", f"{DRAFTS}/{draft}")
    late = page.ask("PUT", f"{DRAFTS}/{draft}", json={"answers": {}})
    refused(late, 404, "draft-gone")
    assert page.get(DRAFTS) == []


def test_the_terminals_drafts_and_the_forms_keep_apart(
    page: Any, outbox: SqliteOutbox, refused: Any, recorder: Any
) -> None:
    number = outbox.save_draft({"unit": "360734"}, at=recorder.clock().now)
    assert page.get(DRAFTS) == []
    saved = page.ask("PUT", f"{DRAFTS}/{number}", json={"answers": {}})
    refused(saved, 404, "draft-gone")


def test_a_photograph_is_kept_by_the_hash_of_its_original_bytes(
    page: Any, draft: int, add: Any
) -> None:
    assert add(draft) == {
        "sha256": SHA256,
        "bytes": len(PHOTO),
        "media_type": "image/jpeg",
        "file_name": "果园.jpg",
        "captured_at": "2023-12-02T02:20:00Z",
        "kind": None,
    }
    assert page.ask("GET", f"/local/v1/photos/{SHA256}").data == PHOTO
    (kept,) = page.get(DRAFTS)
    assert [photo["sha256"] for photo in kept["photos"]] == [SHA256]


def test_what_was_photographed_never_runs_as_a_page(
    page: Any, draft: int, add: Any
) -> None:
    script = b"<script>alert(1)</script>"
    add(draft, script, "x.html")
    sha256 = hashlib.sha256(script).hexdigest()
    answer = page.ask("GET", f"/local/v1/photos/{sha256}")
    assert answer.mimetype == "application/octet-stream"
    assert answer.headers["Content-Disposition"] == "attachment"
    assert "sandbox" in answer.headers["Content-Security-Policy"]


def test_a_record_names_its_photograph_and_the_draft_is_gone(
    page: Any, draft: int, add: Any, quick: Body, home: Home, outbox: SqliteOutbox
) -> None:
    add(draft)
    quick["evidence"] = [{"sha256": SHA256, "kind": "physical"}]
    saved = page.send("POST", RECORDS, {"input": quick, "draft": draft})
    (item,) = saved["body"]["evidence"]
    assert item == {
        "id": "e1",
        "sha256": SHA256,
        "bytes": len(PHOTO),
        "media_type": "image/jpeg",
        "file_name": "果园.jpg",
        "captured_at": "2023-12-02T02:20:00Z",
        "kind": "physical",
    }
    assert page.get(DRAFTS) == []
    assert PhotoStore(home.photos_path).read(SHA256) == PHOTO
    assert [blob.sha256 for blob in outbox.blobs("held")] == [SHA256]
    assert not [*home.photos_path.glob("drafts/*")]


def test_the_size_and_type_sealed_are_those_of_the_bytes_whatever_the_page_says(
    page: Any, draft: int, add: Any, quick: Body
) -> None:
    add(draft)
    quick["evidence"] = [{"sha256": SHA256, "bytes": 1, "media_type": "text/html"}]
    saved = page.send("POST", RECORDS, {"input": quick, "draft": draft})
    (item,) = saved["body"]["evidence"]
    assert (item["bytes"], item["media_type"]) == (len(PHOTO), "image/jpeg")


def test_a_photograph_that_is_not_here_seals_nothing(
    page: Any, draft: int, quick: Body, refused: Any, outbox: SqliteOutbox
) -> None:
    quick["evidence"] = [{"sha256": "ab" * 32, "bytes": 1, "media_type": "image/png"}]
    answer = page.ask("POST", RECORDS, json={"input": quick, "draft": draft})
    refused(answer, 422, "photo-gone")
    assert outbox.records() == []
    assert [kept["number"] for kept in page.get(DRAFTS)] == [draft]


def test_an_amendment_brings_a_photograph_and_keeps_the_one_before(
    page: Any, draft: int, add: Any, quick: Body, home: Home
) -> None:
    add(draft)
    first = {"input": quick | {"evidence": [{"sha256": SHA256}]}, "draft": draft}
    saved = page.send("POST", RECORDS, first)
    second = page.send("POST", DRAFTS, {"answers": {}})["number"]
    more = add(second, b"\xff\xd8\xff more")
    evidence = [*saved["body"]["evidence"], {"sha256": more["sha256"]}]
    amended = page.send(
        "POST",
        f"{RECORDS}/{saved['id']}/amendments",
        {"changes": {"evidence": evidence}, "kind": "complete", "draft": second},
    )
    assert page.get(DRAFTS) == []
    assert not [*home.photos_path.glob("drafts/*")]
    named = [item["sha256"] for item in amended["body"]["evidence"]]
    assert named == [SHA256, more["sha256"]]
    shown = page.get(f"{RECORDS}/{amended['id']}")
    assert all(file["is_on_disk"] for file in shown["evidence_files"])


def test_a_removed_draft_takes_its_photographs_along(
    page: Any, draft: int, add: Any, home: Home
) -> None:
    add(draft)
    page.send("DELETE", f"{DRAFTS}/{draft}")
    assert PhotoStore(home.photos_path).find(SHA256) is None


def test_a_removed_photograph_stays_where_another_draft_or_record_holds_it(
    page: Any, draft: int, add: Any, home: Home, quick: Body
) -> None:
    other = page.send("POST", DRAFTS, {"answers": {}})["number"]
    third = page.send("POST", DRAFTS, {"answers": {}})["number"]
    for number in (draft, other, third):
        add(number)
    page.send("DELETE", f"{DRAFTS}/{draft}/photos/{SHA256}")
    assert PhotoStore(home.photos_path).read(SHA256) == PHOTO
    body = quick | {"evidence": [{"sha256": SHA256}]}
    page.send("POST", RECORDS, {"input": body, "draft": other})
    page.send("DELETE", f"{DRAFTS}/{third}")
    assert PhotoStore(home.photos_path).read(SHA256) == PHOTO


@pytest.mark.parametrize("name", ["../../keys/x", "a/b\\c", "\x00", "", "长" * 400])
def test_a_files_name_leads_nowhere(
    page: Any, draft: int, add: Any, home: Home, name: str
) -> None:
    told = add(draft, name=name)["file_name"]
    assert 0 < len(told) <= 255
    assert not set(told) & set("/\\\x00")
    assert not [*home.keys_path.glob("x*")]


def test_an_empty_and_an_oversized_photograph_are_refused_and_leave_nothing(
    page: Any, draft: int, refused: Any, home: Home
) -> None:
    path = f"{DRAFTS}/{draft}/photos"
    refused(page.ask("PUT", path, data=b""), 422, "photo-unreadable")
    large = io.BytesIO(b"x" * (MAX_FILE_BYTES + 1))
    refused(page.ask("PUT", path, input_stream=large), 413, "body-too-large")
    assert not [*home.photos_path.glob("incoming/*")]
    assert page.get(DRAFTS)[0]["photos"] == []


def test_a_photograph_for_a_draft_that_is_gone_is_not_taken(
    page: Any, refused: Any
) -> None:
    refused(page.ask("PUT", f"{DRAFTS}/99/photos", data=PHOTO), 404, "draft-gone")


@pytest.mark.parametrize("sha256", ["..", "ab" * 32, "AB" * 32, "%2e%2e%2foutbox"])
def test_a_photograph_that_is_not_here_is_said_so(
    page: Any, refused: Any, sha256: str
) -> None:
    answer = page.ask("GET", f"/local/v1/photos/{sha256}/thumbnail")
    assert refused(answer, 404, answer.get_json(force=True)["code"])


def test_photographs_of_a_draft_sealed_just_before_a_crash_are_tidied(
    home: Home, outbox: SqliteOutbox, recorder: Any
) -> None:
    photos = DraftPhotos(home, outbox)
    here, sealed = (
        outbox.save_draft({"form": {}}, at=recorder.clock().now) for _ in range(2)
    )
    for draft in (here, sealed):
        photos.add(draft, io.BytesIO(b"%d" % draft), bytes_told=1, file_name="a.jpg")
    outbox.remove_draft(sealed)
    photos.tidy()
    assert len(photos.of(here)) == 1
    assert photos.of(sealed) == []
    kept = [file for file in home.photos_path.glob("??/*") if file.is_file()]
    assert len(kept) == 1


def test_what_a_crash_or_the_system_left_beside_a_note_stops_nothing(
    page: Any, draft: int, add: Any, home: Home
) -> None:
    add(draft)
    notes = home.photos_path / "drafts" / str(draft)
    for name in (".DS_Store", f".{'ab' * 32}.note.17.part"):
        (notes / name).write_bytes(b"left behind")
    (notes.parent / "9.lnk").write_bytes(b"no folder of notes")
    assert page.ask("DELETE", f"{DRAFTS}/{draft}").status_code == 200
    assert not notes.exists()
    Bench(home).close()


def test_a_photograph_whose_draft_is_sealed_while_it_comes_is_not_taken(
    home: Home, outbox: SqliteOutbox, recorder: Any
) -> None:
    photos = DraftPhotos(home, outbox)
    number = outbox.save_draft({"form": {}}, at=recorder.clock().now)

    class Sealing(io.BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            outbox.remove_draft(number)
            return super().read(size)

    with pytest.raises(DraftGone):
        photos.add(number, Sealing(PHOTO), bytes_told=1, file_name="a.jpg")
    assert not [file for file in home.photos_path.rglob("*") if file.is_file()]


def picture(kind: str, **more: Any) -> bytes:
    written = io.BytesIO()
    Image.new("RGB", (1200, 800), "orange").save(written, kind, **more)
    return written.getvalue()


@pytest.fixture
def heic(tmp_path: Path) -> bytes:
    import pillow_heif

    image = Image.new("RGB", (640, 480), "green")
    file = tmp_path / "a.heic"
    pillow_heif.from_pillow(image).save(file)
    return file.read_bytes()


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "HEIC"])
def test_a_thumbnail_is_small_whatever_the_camera_writes(
    page: Any, draft: int, add: Any, kind: str, heic: bytes
) -> None:
    content = heic if kind == "HEIC" else picture(kind)
    held = add(draft, content)
    assert held["media_type"] == f"image/{kind.lower()}"
    answer = page.ask("GET", f"/local/v1/photos/{held['sha256']}/thumbnail")
    small = Image.open(io.BytesIO(answer.data))
    assert (answer.mimetype, max(small.size)) == ("image/jpeg", 320)


def test_a_file_that_only_calls_itself_a_photograph_wakes_no_other_decoder() -> None:
    encapsulated = io.BytesIO()
    Image.new("RGB", (40, 30)).save(encapsulated, "EPS")
    bitmap = picture("BMP")
    assert thumbnail_of(encapsulated.getvalue()) is None
    assert thumbnail_of(bitmap) is None


def test_a_picture_of_too_many_pixels_is_not_decoded() -> None:
    wide = io.BytesIO()
    Image.new("1", (MOST_PIXELS // 1000 + 1, 1000)).save(wide, "PNG")
    assert thumbnail_of(wide.getvalue()) is None


def test_what_is_no_picture_has_no_thumbnail(page: Any, draft: int, add: Any) -> None:
    held = add(draft)
    answer = page.ask("GET", f"/local/v1/photos/{held['sha256']}/thumbnail")
    assert answer.status_code == 204
