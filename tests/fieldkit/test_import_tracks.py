"""Waypoints become drafts, and tracks tell where photographs were taken."""

import json
from pathlib import Path
from typing import Any

import pytest
from photographs import exif, picture

from fieldkit.importing import gpx
from fieldkit.outbox import SqliteOutbox

WAYPOINT = (
    '<wpt lat="24.9633" lon="115.6512"><time>2023-12-02T02:20:00Z</time>'
    "<name>某果园</name><desc>路口</desc></wpt>"
)


def document(*content: str) -> str:
    inner = "\n".join(content)
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<gpx version="1.1" creator="x" xmlns="http://www.topografix.com/GPX/1/1">\n'
        f"{inner}\n</gpx>"
    )


def track(*points: tuple[str, float, float]) -> str:
    drawn = "".join(
        f'<trkpt lat="{lat}" lon="{lon}"><time>2023-12-02T{at}Z</time></trkpt>'
        for at, lon, lat in points
    )
    return f"<trk><trkseg>{drawn}</trkseg></trk>"


@pytest.fixture
def imported(fieldkit: Any, tmp_path: Path) -> Any:
    """Write a GPX file, import it with others and return the report."""

    def run(content: str | bytes, *others: Path, code: int = 0) -> Any:
        file = tmp_path / "walk.gpx"
        file.write_bytes(content.encode() if isinstance(content, str) else content)
        # The track is found wherever it stands among the files.
        told = fieldkit("import", *map(str, others), str(file), "--json")
        assert told.returncode == code, told.stderr
        return json.loads(told.stdout)

    return run


def test_a_waypoint_becomes_a_draft(imported: Any, outbox: SqliteOutbox) -> None:
    (taken,) = imported(document(WAYPOINT))["taken"]
    assert (taken["line"], taken["kind"]) == (3, "waypoint")
    (draft,) = outbox.drafts()
    said = draft.body["form"]
    assert said["observed_at"] == "2023-12-02T10:20:00+08:00"
    assert said["site"] == {"premises_type": None, "name": "某果园"}
    assert said["note"].startswith("路口；")
    fix = said["position"]["fix"]
    assert (fix["lon_deg"], fix["lat_deg"]) == (115.6512, 24.9633)
    assert (fix["source"], fix["radius95_m"]) == ("imported", None)
    assert fix["basis"] == "GPX waypoint, not to be trusted"


def test_a_waypoint_is_not_taken_twice(imported: Any, outbox: SqliteOutbox) -> None:
    imported(document(WAYPOINT))
    report = imported(document("<!-- exported anew -->", WAYPOINT))
    assert (report["taken"], len(report["known"])) == ([], 1)
    assert len(outbox.drafts()) == 1


def test_a_photograph_finds_its_place_on_the_track_by_its_time(
    imported: Any, tmp_path: Path
) -> None:
    photo = picture(tmp_path / "a.jpg", exif(place=None, offset="+08:00"))
    walk = track(("02:19:30", 115.0, 24.0), ("02:20:30", 115.002, 24.004))
    report = imported(document(walk), photo)
    (taken,) = report["taken"]
    fix = taken["fix"]
    assert (fix["lon_deg"], fix["lat_deg"]) == pytest.approx((115.001, 24.002))
    assert (fix["source"], fix["radius95_m"]) == ("imported", None)
    assert "interpolated over 60 s; not to be trusted" in fix["basis"]
    assert fix["fixed_at"] == "2023-12-02T02:20:00.000Z"
    assert report["tracks"] == 1


@pytest.mark.parametrize(
    "walk",
    [
        track(("02:18:00", 115.0, 24.0), ("02:21:00", 115.2, 24.0)),
        track(("02:18:00", 115.0, 24.0), ("02:19:59", 115.2, 24.0)),
        track(("02:20:01", 115.0, 24.0)),
        track(("02:19:59", 115.0, 24.0)) + track(("02:20:01", 115.2, 24.0)),
    ],
    ids=["a gap of 180 s", "ended before", "begins after", "between two segments"],
)
def test_a_position_is_never_guessed(imported: Any, tmp_path: Path, walk: str) -> None:
    photo = picture(tmp_path / "a.jpg", exif(place=None, offset="+08:00"))
    (taken,) = imported(document(walk), photo)["taken"]
    assert taken["fix"] is None


def test_a_photographs_own_position_goes_before_the_tracks(
    imported: Any, tmp_path: Path
) -> None:
    photo = picture(tmp_path / "a.jpg", exif())
    (taken,) = imported(document(track(("02:20:00", 110.0, 20.0))), photo)["taken"]
    assert taken["fix"]["basis"].startswith("EXIF")


BOMB = (
    '<!DOCTYPE gpx [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">'
    '<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">]><gpx><wpt lat="1" lon="1">'
    "<name>&c;</name></wpt></gpx>"
)
OUTSIDE = (
    '<!DOCTYPE gpx [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
    '<gpx><wpt lat="1" lon="1"><name>&x;</name></wpt></gpx>'
)


@pytest.mark.parametrize(
    "content",
    [BOMB, OUTSIDE, BOMB.encode("utf-16"), '<!DOCTYPE gpx SYSTEM "http://x/"><gpx/>'],
    ids=["entities", "a file of this machine", "in UTF-16", "from afar"],
)
def test_a_document_type_is_refused_where_it_begins(
    imported: Any, outbox: SqliteOutbox, content: str | bytes
) -> None:
    (refused,) = imported(content, code=3)["not_taken"]
    assert (refused["code"], refused["field"]) == ("rows-refused", "DOCTYPE")
    assert "文档类型" in refused["reasons"]["zh"]
    assert outbox.drafts() == []


@pytest.mark.parametrize(
    ("content", "line", "field"),
    [
        (document(WAYPOINT, '<wpt lat="95" lon="1"/>'), 4, "lat, lon"),
        (document(WAYPOINT, '<wpt lat="x" lon="1"/>'), 4, "lat, lon"),
        (document(WAYPOINT, '<wpt lat="nan" lon="1"/>'), 4, "lat, lon"),
        (document(WAYPOINT, '<wpt lat="1"/>'), 4, "lat, lon"),
        (document('<wpt lat="1" lon="1"><time>noon</time></wpt>'), 3, "time"),
        (document(WAYPOINT)[:-10], 3, None),
        ("<kml/>", 1, "kml"),
        ("hello", 1, None),
        ("", 1, None),
        ('<?xml version="1.0" encoding="rot13"?><gpx/>', 1, None),
    ],
)
def test_a_file_with_a_fault_is_not_taken_and_the_line_is_named(
    imported: Any, outbox: SqliteOutbox, content: str, line: int, field: str | None
) -> None:
    (refused,) = imported(content, code=3)["not_taken"]
    assert (refused["line"], refused["field"]) == (line, field)
    assert outbox.drafts() == []


@pytest.mark.parametrize(
    "content",
    [
        "<gpx>" + "<a>" * 200,
        document(*['<wpt lat="1" lon="1"/>'] * (gpx.MOST_WAYPOINTS + 1)),
        " " * (gpx.MOST_BYTES + 1),
    ],
    ids=["deep", "many", "large"],
)
def test_what_is_over_the_bounds_is_refused(imported: Any, content: str) -> None:
    (refused,) = imported(content, code=3)["not_taken"]
    assert refused["code"] == "file-too-large"


def test_a_bad_track_does_not_keep_a_photograph_from_being_taken(
    imported: Any, tmp_path: Path
) -> None:
    photo = picture(tmp_path / "a.jpg", exif())
    report = imported("<kml/>", photo, code=3)
    assert [one["file"] for one in report["taken"]] == ["a.jpg"]
