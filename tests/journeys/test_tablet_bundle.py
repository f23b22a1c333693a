"""The tablet's bundle, made in the app, taken in by the real ``gi-server import``."""

import base64
import json
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from journeys.commanded import CommandedBureau
from journeys.field_device import observation
from journeys.scripted_tablet import ScriptedTablet

PHOTO = b"\xff\xd8\xff" + random.Random(7).randbytes(200_000)
OTHER_PHOTO = b"\xff\xd8\xff" + random.Random(8).randbytes(900)


@pytest.fixture
def bureau(commanded_bureau: CommandedBureau) -> CommandedBureau:
    return commanded_bureau


@pytest.fixture
def tablet(bureau: CommandedBureau) -> Iterator[ScriptedTablet]:
    with ScriptedTablet() as tablet:
        tablet.enrol(bureau.url, bureau.new_code())
        yield tablet


def bundled(tablet: ScriptedTablet, path: Path) -> dict[str, Any]:
    told: dict[str, Any] = tablet.do("bundle")
    path.write_bytes(base64.b64decode(told["base64"]))
    return told


def imported(bureau: CommandedBureau, path: Path) -> dict[str, Any]:
    found: dict[str, Any] = bureau.ask("import", str(path), "--json")
    assert found["faults"] == []
    return found


def test_what_a_tablet_bundles_is_stored_once_however_often_it_comes(
    bureau: CommandedBureau, tablet: ScriptedTablet, tmp_path: Path
) -> None:
    first = tablet.record(observation(), PHOTO)
    second = tablet.record(observation(), OTHER_PHOTO, PHOTO)
    told = bundled(tablet, tmp_path / "tablet.gibundle")
    assert (told["records"], told["photos"], told["missing"]) == (2, 2, [])
    assert told["ids"] == [first, second]
    found = imported(bureau, tmp_path / "tablet.gibundle")
    assert found["outcomes"] == {"stored": 2}
    assert (found["photographs"], found["photographs_complete"]) == (2, 2)
    again = imported(bureau, tmp_path / "tablet.gibundle")
    assert again["outcomes"] == {"replayed": 2}
    report = tablet.sync()
    assert report["outcomes"] == {"replayed": 2}
    assert (report["photos_sent"], report["photo_bytes"]) == (2, 0)
    assert bureau.total("observations") == 2


def test_a_browser_that_cannot_compress_bundles_and_syncs_all_the_same(
    bureau: CommandedBureau, tablet: ScriptedTablet, tmp_path: Path
) -> None:
    tablet.do("forgetCompression")
    tablet.record(observation(), OTHER_PHOTO)
    bundled(tablet, tmp_path / "plain.gibundle")
    found = imported(bureau, tmp_path / "plain.gibundle")
    assert found["outcomes"] == {"stored": 1}
    assert found["photographs_complete"] == 1
    assert tablet.sync()["outcomes"] == {"replayed": 1}


def test_after_a_sync_nothing_is_left_to_bundle(
    bureau: CommandedBureau, tablet: ScriptedTablet, tmp_path: Path
) -> None:
    tablet.record(observation(), OTHER_PHOTO)
    tablet.sync()
    told = bundled(tablet, tmp_path / "empty.gibundle")
    assert (told["records"], told["photos"]) == (0, 0)
    assert imported(bureau, tmp_path / "empty.gibundle")["outcomes"] == {}


def test_a_lost_photograph_is_named_and_the_rest_arrives(
    bureau: CommandedBureau, tablet: ScriptedTablet, tmp_path: Path
) -> None:
    tablet.record(observation(), PHOTO, OTHER_PHOTO)
    lost = tablet.do("records")[0]
    (sha256, _other) = photographs(lost["compact"])
    tablet.do("losePhoto", sha256=sha256)
    assert bundled(tablet, tmp_path / "part.gibundle")["missing"] == [sha256]
    found = imported(bureau, tmp_path / "part.gibundle")
    assert found["outcomes"] == {"stored": 1}
    assert (found["photographs"], found["photographs_complete"]) == (1, 1)


def photographs(compact: str) -> list[str]:
    segment = compact.split(".")[1]
    payload = json.loads(base64.urlsafe_b64decode(segment + "=" * (-len(segment) % 4)))
    return [blob["sha256"] for blob in payload["blobs"]]


def test_killed_and_started_again_the_server_has_each_record_once(
    bureau: CommandedBureau, tablet: ScriptedTablet
) -> None:
    tablet.record_many([observation() for _ in range(5)])
    assert tablet.sync()["outcomes"] == {"stored": 5}
    bureau.kill()
    tablet.record_many([observation() for _ in range(5)])
    assert tablet.sync()["stopped"]["code"] == "link-down"
    bureau.start()
    assert tablet.sync()["outcomes"] == {"stored": 5}
    assert bureau.total("observations") == 10
    assert set(tablet.states.values()) == {"delivered"}
