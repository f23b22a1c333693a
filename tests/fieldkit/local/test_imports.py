"""Files that the page sends become drafts, and the report says which did not."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from photographs import exif, picture

from fieldkit.outbox import SqliteOutbox

TRACK = (
    b'<gpx><trk><trkseg><trkpt lat="24" lon="115"><time>2023-12-02T02:19:30Z</time>'
    b'</trkpt><trkpt lat="24.2" lon="115.2"><time>2023-12-02T02:20:30Z</time></trkpt>'
    b"</trkseg></trk></gpx>"
)


@pytest.fixture
def give(page: Any) -> Callable[..., Any]:
    """Send a file and return the report."""

    def give(name: str, content: bytes, **more: Any) -> Any:
        params = {"file_name": name} | more
        answer = page.ask("POST", "/local/v1/import", query_string=params, data=content)
        assert answer.status_code == 200, answer.text
        return answer.json

    return give


def test_a_file_of_the_page_becomes_a_draft_of_the_form(
    page: Any, give: Any, tmp_path: Path
) -> None:
    content = picture(tmp_path / "a.heic", exif()).read_bytes()
    (taken,) = give("a.heic", content)["taken"]
    (draft,) = page.get("/local/v1/drafts")
    assert draft["number"] == taken["draft"]
    assert draft["answers"]["position"]["fix"] == taken["fix"]
    assert len(draft["photos"]) == 1
    assert len(give("a.heic", content)["known"]) == 1


def test_a_track_sent_before_tells_where_a_photograph_was_taken(
    give: Any, tmp_path: Path
) -> None:
    assert give("walk.gpx", TRACK)["tracks"] == 1
    photo = picture(tmp_path / "a.jpg", exif(place=None, offset="+08:00"))
    (taken,) = give("a.jpg", photo.read_bytes())["taken"]
    assert (taken["fix"]["lon_deg"], taken["fix"]["lat_deg"]) == pytest.approx(
        (115.1, 24.1)
    )


def test_a_photograph_without_exif_has_the_files_time(
    page: Any, give: Any, tmp_path: Path
) -> None:
    content = picture(tmp_path / "a.jpg").read_bytes()
    give("a.jpg", content, modified_ms=1_701_483_600_000)
    (draft,) = page.get("/local/v1/drafts")
    (item,) = draft["answers"]["evidence"]
    assert item["captured_at"] == "2023-12-02T10:20:00+08:00"
    assert draft["answers"]["observed_at"] > "2024"


@pytest.mark.parametrize("name", ["../../x.csv", "C:\\x\\x.csv", "", "x", "\0.jpg"])
def test_a_name_leads_nowhere_and_a_refusal_is_told_in_both_languages(
    page: Any, give: Any, name: str
) -> None:
    report = give(name, b"height\n1")
    (refused,) = report["not_taken"]
    assert refused["reasons"]["zh"]
    assert refused["reasons"]["en"]
    assert not set(refused["file"]) & set("/\\")
    assert page.get("/local/v1/drafts") == []


def test_nobody_imports_without_the_session(stranger: Any, refused: Any) -> None:
    answer = stranger.ask(
        "POST", "/local/v1/import", query_string={"file_name": "a.csv"}, data=b"note\nx"
    )
    refused(answer, 403, answer.get_json(force=True)["code"])


def test_before_enrolment_nothing_is_imported(
    page: Any, outbox: SqliteOutbox, refused: Any
) -> None:
    outbox.forget_meta("identity")
    answer = page.ask(
        "POST", "/local/v1/import", query_string={"file_name": "a.csv"}, data=b"note\nx"
    )
    refused(answer, 409, "not-enrolled")
    assert outbox.drafts() == []


def test_a_table_without_a_datum_is_refused_by_its_line(give: Any) -> None:
    (refused,) = give("rows.csv", b"lon,lat\n115.6,24.9\n")["not_taken"]
    assert (refused["line"], refused["field"]) == (2, "datum")
