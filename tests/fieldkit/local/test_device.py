"""The device itself, its settings, its reference and its news, as a page asks."""

import json
from collections.abc import Callable
from threading import Event
from typing import Any

import pytest
from flask import Flask

from fieldkit.home import Home
from fieldkit.local.app import create_app
from fieldkit.local.bench import Bench
from fieldkit.local.gate import Gate
from fieldkit.outbox import SqliteOutbox
from fieldkit.runner.exchange import Volume
from fieldkit.runner.lock import SyncRunning
from fieldkit.runner.report import Stage, SyncReport
from geo.errors import Message

Body = dict[str, Any]


def test_who_the_device_is_shows_no_secret(page: Any) -> None:
    found = page.get("/local/v1/identity")
    assert set(found) == {
        "device_id",
        "unit_code",
        "unit_name",
        "officers",
        "server_url",
        "server_thumbprint",
        "thumbprint",
        "enrolled_at",
    }


def test_the_status_adds_what_a_person_must_know(page: Any, recorder: Any) -> None:
    found = page.get("/local/v1/status")
    assert (found["home"], found["unsent"], found["unexported"]) == ("laptop", 0, 0)
    assert found["is_syncing"] is found["photos_waiting_for_wifi"] is False
    assert found["storage"]["is_persisted"] is True
    assert found["clock_offset_ms"] is None
    assert found["counts"]["draft"] == 0


def test_enrolling_at_a_server_that_is_not_there_says_so(
    page: Any, refused: Any
) -> None:
    given = {"url": "ftp://nowhere", "code": "K7QF-3MZP"}
    answer = page.ask("POST", "/local/v1/enrolment", json=given)
    refused(answer, answer.status_code, "address-unusable")


def test_settings_are_kept_and_a_wrong_one_changes_nothing(
    page: Any, refused: Any
) -> None:
    path = "/local/v1/settings"
    assert page.get(path)["theme"] == "system"
    changed = page.send("PATCH", path, {"theme": "sunlight", "last_code": "TM-202"})
    assert changed == page.get(path)
    assert (changed["theme"], changed["last_code"]) == ("sunlight", "TM-202")
    for patch in (
        {"theme": "pink"},
        {"photos_on_wifi_only": 1},
        {"last_code": 7},
        {"language": "en", "colour": "red"},
    ):
        answer = page.ask("PATCH", path, json=patch)
        assert refused(answer, 422, "input-refused")["field"] == [*patch][-1]
    assert page.get(path) == changed


def test_the_reference_is_whole_and_its_versions_are_the_hashes_sealed(
    page: Any, quick: Body
) -> None:
    found = page.get("/local/v1/reference")
    documents = ("codes", "units", "seasons", "products", "laws", "vocabulary")
    assert all(found[name]["version"] for name in documents)
    assert len(found["counties"]["features"]) == 95
    assert found["serial"] is found["issued_at"] is found["received_at"] is None
    given = {"input": quick, "draft": None}
    sealed = page.send("POST", "/local/v1/records", given)["body"]
    ((right, area),) = sealed["area_versions"].items()
    assert found["versions"][f"area/{right}/{area['version']}"] == area
    assert sealed["code_list_version"] == found["codes"]["version"]


def test_the_reference_is_not_sent_twice(page: Any) -> None:
    first = page.ask("GET", "/local/v1/reference")
    tag = {"If-None-Match": first.headers["ETag"]}
    assert page.ask("GET", "/local/v1/reference", headers=tag).status_code == 304


def test_news_come_when_another_program_changed_the_outbox(
    page: Any, outbox: SqliteOutbox
) -> None:
    path = "/local/v1/changes"
    known = page.get(path)["cursor"]
    assert page.get(f"{path}?after={known}")["cursor"] == known
    outbox.set_meta("anything", "else")
    assert page.get(f"{path}?after={known}&wait_s=20")["cursor"] != known


def test_a_cursor_of_an_earlier_run_is_never_known(page: Any, home: Home) -> None:
    later = Bench(home)
    assert later.changes.cursor() != page.get("/local/v1/changes")["cursor"]
    later.close()


class Syncing:
    """A sync whose steps the test takes."""

    def __init__(self) -> None:
        self.begun, self.go_on = Event(), Event()
        self.times = 0
        self.again: list[bool] = []
        self.fails: Exception | None = None
        self.report = SyncReport(photos_sent=2)

    def __call__(
        self, home: Home, progress: Any, on_pause: Any, *, again: bool = False
    ) -> SyncReport:
        self.times += 1
        self.again.append(again)
        progress(Stage.PHOTOS, 1, 3, Volume(65_536, 240_000))
        self.begun.set()
        assert self.go_on.wait(30)
        if self.fails:
            raise self.fails
        return self.report


@pytest.fixture
def syncing() -> Syncing:
    return Syncing()


@pytest.fixture
def bench(home: Home, syncing: Syncing) -> Any:
    bench = Bench(home, syncing)
    yield bench
    syncing.go_on.set()
    bench.close()


@pytest.fixture
def app(gate: Gate, bench: Bench) -> Flask:
    return create_app(gate, bench)


@pytest.fixture
def ended(page: Any, syncing: Syncing) -> Callable[[], Body]:
    """Let the sync go to its end, and return the state then."""

    def wait() -> Body:
        syncing.go_on.set()
        state: Body = {"is_running": True, "cursor": 0}
        while state["is_running"]:
            state = page.get(f"/local/v1/sync?after={state['cursor']}&wait_s=20")
        return state

    return wait


def test_a_sync_is_watched_step_by_step_to_its_report(
    page: Any, syncing: Syncing, ended: Any
) -> None:
    begun = page.send("POST", "/local/v1/sync", {"again": True})
    assert begun["run"] == 1
    assert syncing.begun.wait(30)
    during = page.get("/local/v1/sync")
    assert (during["stage"], during["done"], during["total"]) == ("photos", 1, 3)
    assert (during["bytes"], during["bytes_total"]) == (65_536, 240_000)
    status = page.get("/local/v1/status")
    assert status["is_syncing"] is True
    names = ("stage", "done", "total", "bytes", "bytes_total")
    assert status["sync_progress"] == {name: during[name] for name in names}
    report = ended()["report"]
    assert (report["photos_sent"], report["exit_code"]) == (2, 0)
    assert syncing.again == [True]


def test_what_a_sync_left_undone_is_told_until_one_leaves_nothing(
    page: Any, syncing: Syncing, ended: Any
) -> None:
    reason = Message("照片文件已不在本机", "the photograph is gone")
    syncing.report.note_trouble(Stage.PHOTOS, "ab" * 32, "photo-missing", reason, "r1")
    page.send("POST", "/local/v1/sync", {})
    ended()
    (trouble,) = page.get("/local/v1/status")["sync_troubles"]
    assert (trouble["record_id"], trouble["reason"]["zh"]) == ("r1", reason.zh)
    syncing.report = SyncReport()
    page.send("POST", "/local/v1/sync", {})
    ended()
    assert page.get("/local/v1/status")["sync_troubles"] == []


def test_a_page_that_was_reloaded_joins_the_sync_under_way(
    page: Any, syncing: Syncing, ended: Any
) -> None:
    first = page.send("POST", "/local/v1/sync", {})
    assert syncing.begun.wait(30)
    second = page.send("POST", "/local/v1/sync", {})
    assert second["run"] == first["run"]
    assert [first["is_joined"], second["is_joined"]] == [False, True]
    ended()
    assert syncing.times == 1


def test_a_sync_of_another_program_is_told_as_such(
    page: Any, syncing: Syncing, ended: Any
) -> None:
    syncing.fails = SyncRunning(Message("另一个同步", "another sync"))
    page.send("POST", "/local/v1/sync", {})
    assert ended()["problem"]["code"] == "sync-running"


def test_a_fault_in_a_sync_is_said_without_its_insides(
    page: Any, syncing: Syncing, ended: Any
) -> None:
    syncing.fails = RuntimeError("secret detail")
    page.send("POST", "/local/v1/sync", {})
    state = ended()
    assert state["problem"]["code"] == "internal-error"
    assert "secret" not in json.dumps(state)


def test_nothing_to_export_is_said(page: Any, refused: Any) -> None:
    refused(page.ask("POST", "/local/v1/bundles"), 404, "nothing-to-export")


def test_signing_out_waits_until_everything_is_sent_or_handed_over(
    page: Any, refused: Any, quick: Body, outbox: SqliteOutbox
) -> None:
    page.send("POST", "/local/v1/records", {"input": quick, "draft": None})
    refused(page.ask("POST", "/local/v1/sign-out"), 409, "unsent")
    export = page.send("POST", "/local/v1/bundles")
    (file,) = export["files"]
    assert (file["records"], file["photos"]) == (1, 0)
    path = f"/local/v1/bundles/{export['id']}"
    assert page.ask("GET", f"{path}/0").data.startswith(b"PK")
    refused(page.ask("POST", "/local/v1/sign-out"), 409, "unsent")
    assert page.get("/local/v1/status")["unexported"] == 1
    page.send("POST", f"{path}/exported")
    assert page.get("/local/v1/status")["unexported"] == 0
    page.send("POST", "/local/v1/sign-out")
    assert page.get("/local/v1/identity") is None
    assert len(outbox.records()) == 1
    (again,) = page.send("POST", "/local/v1/bundles")["files"]
    assert (again["records"], again["file_name"][:10]) == (1, file["file_name"][:10])


def test_a_draft_keeps_the_officer_from_signing_out(page: Any, refused: Any) -> None:
    page.send("POST", "/local/v1/drafts", {"answers": {}})
    refused(page.ask("POST", "/local/v1/sign-out"), 409, "unsent")


def test_an_export_that_is_gone_is_neither_fetched_nor_noted(
    page: Any, refused: Any
) -> None:
    for method, end in (("GET", "0"), ("POST", "exported")):
        answer = page.ask(method, f"/local/v1/bundles/nothing/{end}")
        refused(answer, 404, "not-found")


def test_a_fault_of_ours_is_words_and_no_insides(
    page: Any, refused: Any, home: Home
) -> None:
    home.outbox_path.rename(home.outbox_path.with_suffix(".gone"))
    home.outbox_path.write_bytes(b"this is no database" * 100)
    problem = refused(page.ask("GET", "/local/v1/status"), 500, "outbox-damaged")
    assert "Traceback" not in json.dumps(problem)
