"""Photographs become drafts: the bytes kept, what they say only suggested."""

import hashlib
import json
import struct
import zlib
from pathlib import Path
from typing import Any

import pytest
from photographs import XUNWU, exif, picture

from fieldkit.draft_photos import DraftPhotos
from fieldkit.home import Home
from fieldkit.outbox import SqliteOutbox
from fieldkit.photos import PhotoStore


@pytest.fixture
def imported(fieldkit: Any) -> Any:
    """Import files and return the report of ``--json``."""

    def run(*files: Path | str, code: int = 0, **environ: str) -> dict[str, Any]:
        told = fieldkit("import", *map(str, files), "--json", **environ)
        assert told.returncode == code, told.stderr
        return dict(json.loads(told.stdout))

    return run


def answers(outbox: SqliteOutbox) -> list[dict[str, Any]]:
    return [draft.body["form"] for draft in outbox.drafts()]


@pytest.mark.parametrize("name", ["a.jpg", "a.png", "a.heic"])
def test_a_photograph_makes_a_draft_with_its_time_and_place_suggested(
    imported: Any, tmp_path: Path, outbox: SqliteOutbox, home: Home, name: str
) -> None:
    file = picture(tmp_path / name, exif(offset="+08:00"))
    (taken,) = imported(file)["taken"]
    (said,) = answers(outbox)
    assert said["observed_at"] == taken["observed_at"] == "2023-12-02T10:20:00+08:00"
    fix = said["position"]["fix"]
    assert (fix["lon_deg"], fix["lat_deg"]) == pytest.approx((115.6512, 24.9633))
    assert (fix["source"], fix["radius95_m"], fix["is_mock"]) == (
        "imported",
        None,
        None,
    )
    assert fix["basis"] == "EXIF, not to be trusted; datum unsaid, WGS84 taken"
    assert taken["remarks"] == []
    content = file.read_bytes()
    sha256 = hashlib.sha256(content).hexdigest()
    (held,) = DraftPhotos(home, outbox).of(taken["draft"])
    assert (held.sha256, held.bytes) == (sha256, len(content))
    assert PhotoStore(home.photos_path).read(sha256) == content
    (item,) = said["evidence"]
    assert (item["sha256"], item["file_name"]) == (sha256, name)
    assert item["captured_at"] == "2023-12-02T10:20:00+08:00"


def test_a_time_without_a_zone_is_taken_as_chinas_and_said_so(
    imported: Any, tmp_path: Path, outbox: SqliteOutbox
) -> None:
    (taken,) = imported(picture(tmp_path / "a.jpg", exif()))["taken"]
    assert taken["observed_at"] == "2023-12-02T10:20:00+08:00"
    assert [r["en"] for r in taken["remarks"]] == [
        "the time has no zone; taken as Asia/Shanghai"
    ]
    assert "Asia/Shanghai" in answers(outbox)[0]["note"]


def test_a_time_in_another_zone_is_the_same_instant(
    imported: Any, tmp_path: Path
) -> None:
    told = exif(taken_at="2023:12:02 03:20:00", offset="+01:00")
    (taken,) = imported(picture(tmp_path / "a.jpg", told))["taken"]
    assert taken["observed_at"] == "2023-12-02T10:20:00+08:00"


def test_the_error_and_the_datum_that_a_photograph_gives_are_taken(
    imported: Any, tmp_path: Path
) -> None:
    told = exif(error_m=10.0, datum="GCJ-02", date="2023:12:02", time=(2.0, 19.0, 58.0))
    (taken,) = imported(picture(tmp_path / "a.jpg", told))["taken"]
    fix = taken["fix"]
    assert (fix["datum"], fix["radius95_m"]) == ("GCJ02", 16.2)
    assert fix["fixed_at"] == "2023-12-02T02:19:58.000Z"
    assert fix["basis"].endswith("certainty unsaid, 68 % taken")


def test_the_southern_and_western_hemispheres_are_negative(
    imported: Any, tmp_path: Path
) -> None:
    (taken,) = imported(picture(tmp_path / "a.jpg", exif(refs="SW")))["taken"]
    assert (taken["fix"]["lon_deg"], taken["fix"]["lat_deg"]) == pytest.approx(
        (-115.6512, -24.9633)
    )


@pytest.mark.parametrize(
    "told",
    [
        exif(place=((0, 0, 0), (0, 0, 0))),
        exif(place=((95, 0, 0), XUNWU[1])),
        exif(place=((24, 57), XUNWU[1])),
        exif(refs="XE"),
        exif(datum="TOKYO"),
    ],
    ids=["null island", "beyond the pole", "cut short", "no hemisphere", "datum"],
)
def test_a_position_that_cannot_be_is_not_suggested_and_said_so(
    imported: Any, tmp_path: Path, outbox: SqliteOutbox, told: Any
) -> None:
    (taken,) = imported(picture(tmp_path / "a.jpg", told))["taken"]
    assert taken["fix"] is None
    assert "the EXIF position cannot be used" in [r["en"] for r in taken["remarks"]]
    # Without a reason, the form would take the place where it is opened.
    assert answers(outbox)[0]["position"]["no_fix_reason"]


def test_a_photograph_that_says_nothing_is_taken_and_its_gaps_are_named(
    imported: Any, tmp_path: Path
) -> None:
    (taken,) = imported(picture(tmp_path / "a.jpg"))["taken"]
    assert [r["en"] for r in taken["remarks"]] == [
        "there is no time; the moment of the import stands in, correct it",
        "there is no position",
    ]


@pytest.mark.parametrize("at", ["2123:12:02 10:20:00", "2023:13:45 99:00:00"])
def test_a_time_that_cannot_be_is_not_taken(
    imported: Any, tmp_path: Path, at: str
) -> None:
    (taken,) = imported(picture(tmp_path / "a.jpg", exif(taken_at=at)))["taken"]
    assert taken["observed_at"] < "2100"
    assert any("stands in" in r["en"] for r in taken["remarks"])


def test_exif_that_is_rubbish_costs_only_what_it_would_have_said(
    imported: Any, tmp_path: Path
) -> None:
    file = picture(tmp_path / "a.jpg", exif())
    content = file.read_bytes()
    start = content.index(b"Exif\0\0") + 6
    file.write_bytes(content[:start] + b"\xff" * 60 + content[start + 60 :])
    (taken,) = imported(file)["taken"]
    assert taken["fix"] is None


def test_the_same_photograph_is_not_taken_twice(
    imported: Any, tmp_path: Path, outbox: SqliteOutbox
) -> None:
    file = picture(tmp_path / "a.jpg", exif())
    copy = tmp_path / "copy.jpg"
    copy.write_bytes(file.read_bytes())
    first = imported(file, copy)
    assert len(first["taken"]) == 1
    draft = first["taken"][0]["draft"]
    assert first["known"] == [{"file": "copy.jpg", "line": None, "draft": draft}]
    again = imported(file)
    assert (again["taken"], len(again["known"])) == ([], 1)
    assert len(outbox.drafts()) == 1


def test_a_photograph_that_a_record_names_is_not_taken(
    imported: Any, tmp_path: Path, recorder: Any, quick: dict[str, Any]
) -> None:
    file = picture(tmp_path / "a.jpg", exif())
    recorder.record(quick | {"evidence": [{"path": str(file)}]})
    report = imported(file)
    assert report["taken"] == []
    assert report["known"] == [{"file": "a.jpg", "line": None, "draft": None}]


def png_of(width: int, height: int) -> bytes:
    def chunk(kind: bytes, content: bytes) -> bytes:
        sum_ = struct.pack(">I", zlib.crc32(kind + content))
        return struct.pack(">I", len(content)) + kind + content + sum_

    header = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    data = chunk(b"IDAT", zlib.compress(b"\0" * 1000))
    return b"\x89PNG\r\n\x1a\n" + header + data + chunk(b"IEND", b"")


@pytest.mark.parametrize("edge_px", [15_000, 60_000])
def test_a_picture_made_to_burst_is_refused_unread(
    imported: Any, tmp_path: Path, outbox: SqliteOutbox, edge_px: int
) -> None:
    file = tmp_path / "bomb.png"
    file.write_bytes(png_of(edge_px, edge_px))
    (refused,) = imported(file, code=3)["not_taken"]
    assert refused["code"] == "file-too-large"
    assert refused["reasons"]["zh"]
    assert outbox.drafts() == []


def test_what_is_no_photograph_is_refused_and_the_rest_is_taken(
    imported: Any, tmp_path: Path, home: Home
) -> None:
    text, cut = tmp_path / "a.txt", tmp_path / "cut.jpg"
    text.write_text("hello")
    cut.write_bytes(b"\xff\xd8\xff\xe1")
    good = picture(tmp_path / "good.jpg", exif())
    report = imported(text, cut, tmp_path / "gone.jpg", tmp_path, good, code=3)
    assert [one["code"] for one in report["not_taken"]] == ["file-unknown"] * 4
    assert [one["file"] for one in report["taken"]] == ["good.jpg"]
    assert not [*home.photos_path.glob("incoming/*")]


def test_a_device_that_is_not_enrolled_imports_nothing(
    fieldkit: Any, tmp_path: Path
) -> None:
    file = picture(tmp_path / "a.jpg")
    told = fieldkit("import", str(file), FIELDKIT_HOME=str(tmp_path / "other"))
    assert told.returncode == 5


def test_a_person_reads_what_was_taken_and_what_not(
    fieldkit: Any, tmp_path: Path
) -> None:
    file, bad = picture(tmp_path / "a.jpg", exif()), tmp_path / "b.txt"
    bad.write_text("x")
    told = fieldkit("import", str(file), str(bad), GI_LANG="zh")
    assert told.returncode == 3
    assert (
        "草稿 1：a.jpg；2023-12-02T10:20:00+08:00; 东经 115.651200°，北纬 24.963300°"
        in told.stdout
    )
    assert "未导入 b.txt：不认识的文件" in told.stderr
    assert "已导入 1 条草稿，0 条此前已有，1 个文件未导入" in told.stderr
