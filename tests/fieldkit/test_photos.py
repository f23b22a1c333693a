"""Photographs: original bytes, copied in and hashed at capture, never lost."""

import hashlib
import time
from pathlib import Path
from typing import Any

import pytest

from fieldkit.capture import Recorder
from fieldkit.errors import InputRefused, PhotoUnreadable
from fieldkit.home import Home
from fieldkit.outbox import SqliteOutbox
from fieldkit.photos import ORPHAN_AFTER_S, PhotoStore
from schemas.evidence import MAX_FILE_BYTES
from sync.record import open_record

Body = dict[str, Any]


def with_photos(body: Body, *paths: Path | str) -> Body:
    return body | {"evidence": [{"path": str(path)} for path in paths]}


def files_under(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def test_the_original_bytes_are_filed_by_their_hash(
    recorder: Recorder, home: Home, quick: Body, photo: Path
) -> None:
    captured = recorder.record(with_photos(quick, photo))
    digest = hashlib.sha256(photo.read_bytes()).hexdigest()
    item = captured.body["evidence"][0]
    assert (item["sha256"], item["bytes"]) == (digest, photo.stat().st_size)
    assert (item["media_type"], item["file_name"]) == ("image/jpeg", "photo1.jpg")
    assert (item["id"], item["captured_at"]) == ("e1", "2023-12-02T02:20:00.000Z")
    filed = home.photos_path / digest[:2] / digest
    assert recorder.photos.read(digest) == photo.read_bytes()
    assert photo.read_bytes()[:64] not in filed.read_bytes()
    assert filed.stat().st_mode & 0o077 == 0
    assert files_under(home.photos_path) == [filed]


def test_the_envelope_names_the_photograph(
    recorder: Recorder, outbox: SqliteOutbox, quick: Body, photo: Path
) -> None:
    recorder.record(with_photos(quick, photo))
    payload = open_record(outbox.records()[0].compact).payload or {}
    digest = hashlib.sha256(photo.read_bytes()).hexdigest()
    size = photo.stat().st_size
    assert payload["blobs"] == [
        {"sha256": digest, "bytes": size, "media_type": "image/jpeg"}
    ]


def test_the_copy_does_not_change_when_the_original_does(
    recorder: Recorder, quick: Body, photo: Path
) -> None:
    before = photo.read_bytes()
    captured = recorder.record(with_photos(quick, photo))
    photo.write_bytes(b"retouched")
    kept = recorder.photos.read(captured.body["evidence"][0]["sha256"])
    assert kept == before


def test_the_same_photograph_twice_is_kept_once(
    recorder: Recorder, outbox: SqliteOutbox, home: Home, quick: Body, photo: Path
) -> None:
    """Lesson 17: central-backend#299, #330."""
    copy = photo.with_name("copy.png")
    copy.write_bytes(photo.read_bytes())
    captured = recorder.record(with_photos(quick, photo, copy))
    recorder.record(with_photos(quick, copy))
    assert len(files_under(home.photos_path)) == 1
    assert len(captured.body["evidence"]) == 2
    assert len(outbox.blobs()) == 1
    assert outbox.blob_counts(captured.sealed.id) == (0, 1)


def test_a_photograph_missing_on_disk_saves_nothing_and_says_which(
    recorder: Recorder, outbox: SqliteOutbox, home: Home, quick: Body, photo: Path
) -> None:
    with pytest.raises(PhotoUnreadable) as refused:
        recorder.record(with_photos(quick, photo, photo.with_name("gone.jpg")))
    assert "gone.jpg" in refused.value.message.zh
    assert "gone.jpg" in refused.value.message.en
    assert outbox.records() == []
    assert files_under(home.photos_path) == []


@pytest.mark.parametrize(
    ("make", "reason"),
    [
        (lambda path: path.write_bytes(b""), "empty"),
        (lambda path: path.mkdir(), "not a file"),
        (lambda path: path.symlink_to("nowhere"), "no such"),
    ],
)
def test_what_is_no_photograph_is_refused(
    recorder: Recorder, home: Home, quick: Body, photo: Path, make: Any, reason: str
) -> None:
    strange = photo.with_name("strange")
    make(strange)
    with pytest.raises(PhotoUnreadable) as refused:
        recorder.record(with_photos(quick, photo, strange))
    assert reason in refused.value.message.en
    assert files_under(home.photos_path) == []


def test_a_file_over_64_mib_is_refused_before_it_is_copied(
    recorder: Recorder, home: Home, quick: Body, tmp_path: Path
) -> None:
    huge = tmp_path / "film.mp4"
    with huge.open("wb") as file:
        file.truncate(MAX_FILE_BYTES + 1)
    with pytest.raises(PhotoUnreadable) as refused:
        recorder.record(with_photos(quick, huge))
    assert "64 MiB" in refused.value.message.en
    assert files_under(home.photos_path) == []


def test_a_record_refused_for_another_reason_leaves_no_copy(
    recorder: Recorder, home: Home, quick: Body, photo: Path
) -> None:
    quick["violations"] = []
    with pytest.raises(InputRefused):
        recorder.record(with_photos(quick, photo))
    assert files_under(home.photos_path) == []


def test_a_relative_path_is_sought_beside_the_input(
    recorder: Recorder, quick: Body, photo: Path
) -> None:
    body = with_photos(quick, photo.name)
    captured = recorder.record(body, folders=[photo.parent / "no", photo.parent])
    assert captured.body["evidence"][0]["bytes"] == photo.stat().st_size


def test_a_crash_after_the_seal_leaves_the_photograph_where_it_is_found(
    recorder: Recorder, outbox: SqliteOutbox, home: Home, quick: Body, photo: Path
) -> None:
    captured = recorder.record(with_photos(quick, photo))
    digest = captured.body["evidence"][0]["sha256"]
    store = PhotoStore(home.photos_path)
    place = store.find(digest)
    assert place is not None
    # As it is between the commit and the move.
    copy = home.photos_path / "incoming" / f"{digest}.0011"
    place.rename(copy)
    assert store.find(digest) == copy
    assert store.read(digest) == photo.read_bytes()
    store.tidy(outbox.is_named, now_s=time.time())
    assert store.find(digest) == place


def test_an_orphan_is_removed_only_when_no_capture_can_own_it(
    home: Home, outbox: SqliteOutbox, photo: Path
) -> None:
    store = PhotoStore(home.photos_path)
    store.take_in([photo])
    assert store.tidy(outbox.is_named, now_s=time.time()) == 0
    later = time.time() + ORPHAN_AFTER_S + 60
    assert store.tidy(outbox.is_named, now_s=later) == 1
    assert files_under(home.photos_path) == []


def test_a_photograph_altered_on_disk_is_not_given_out(
    recorder: Recorder, quick: Body, photo: Path
) -> None:
    captured = recorder.record(with_photos(quick, photo))
    digest = captured.body["evidence"][0]["sha256"]
    place = recorder.photos.find(digest)
    assert place is not None
    sealed = place.read_bytes()
    place.write_bytes(sealed[:-1] + bytes([sealed[-1] ^ 1]))
    assert recorder.photos.read(digest) is None


def test_taking_in_a_photograph_again_heals_a_lost_one(
    recorder: Recorder, outbox: SqliteOutbox, quick: Body, photo: Path
) -> None:
    """Lesson 16: QFieldCloud#468, a path with no file behind it."""
    captured = recorder.record(with_photos(quick, photo))
    digest = captured.body["evidence"][0]["sha256"]
    place = recorder.photos.find(digest)
    assert place is not None
    place.unlink()
    outbox.blob_missing(digest)
    assert outbox.photo_counts()[1].missing == 1
    recorder.record(with_photos(quick, photo))
    assert outbox.photo_counts()[1].missing == 0
    assert recorder.photos.read(digest) == photo.read_bytes()


def test_ctrl_c_just_after_the_commit_keeps_the_photograph(
    recorder: Recorder, home: Home, quick: Body, photo: Path
) -> None:
    class InterruptedAfterwards(SqliteOutbox):
        def append(self, *args: Any, **kept: Any) -> None:
            super().append(*args, **kept)
            raise KeyboardInterrupt

    with InterruptedAfterwards(home.outbox_path) as outbox:
        recorder.outbox = outbox
        with pytest.raises(KeyboardInterrupt):
            recorder.record(with_photos(quick, photo))
        (record,) = outbox.records()
        (blob,) = outbox.blobs()
    assert record.seq == 1
    assert recorder.photos.read(blob.sha256) == photo.read_bytes()
