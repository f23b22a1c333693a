"""The queue and the records in it, as a page asks for them."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from complete_record import COMPLETE

from fieldkit.home import Home
from fieldkit.outbox import SqliteOutbox

RECORDS = "/local/v1/records"
DRAFTS = "/local/v1/drafts"

Body = dict[str, Any]


@pytest.fixture
def seal(page: Any, quick: Body) -> Callable[..., Body]:
    def seal(**changed: Any) -> Body:
        body = {**quick, **changed}
        saved: Body = page.send("POST", RECORDS, {"input": body, "draft": None})
        return saved

    return seal


def test_a_record_is_sealed_and_told_whole(
    seal: Any, outbox: SqliteOutbox, quick: Body
) -> None:
    saved = seal()
    stored = outbox.get(saved["id"])
    assert stored is not None
    assert (saved["seq"], saved["root_id"]) == (1, saved["id"])
    assert saved["record_no"].startswith("360734-")
    assert saved["body"]["site"] == quick["site"]
    assert saved["acted_on"] == saved["body"]["observed_at"][:10]


def test_what_does_not_fit_is_refused_by_its_field_and_nothing_is_saved(
    page: Any, refused: Any, quick: Body, outbox: SqliteOutbox
) -> None:
    quick["site"]["premises_type"] = "castle"
    answer = page.ask("POST", RECORDS, json={"input": quick, "draft": None})
    problem = refused(answer, 422, "input-refused")
    assert problem["field"] == "site.premises_type"
    assert outbox.records() == []


@pytest.mark.parametrize(
    ("sent", "code", "field"),
    [
        (b"", "input-unreadable", None),
        (b"[]", "input-unreadable", None),
        (b'{"input": {}, "input": {}}', "input-unreadable", None),
        (b'{"draft": null}', "request-unreadable", "input"),
        (b'{"input": {}, "draft": "3"}', "request-unreadable", "draft"),
        (b'{"input": {}, "draft": true}', "request-unreadable", "draft"),
    ],
)
def test_a_request_that_is_not_as_it_must_be_says_where(
    page: Any, sent: bytes, code: str, field: str | None
) -> None:
    problem = page.ask("POST", RECORDS, data=sent).get_json(force=True)
    assert (problem["code"], problem["field"]) == (code, field)


def test_more_than_a_record_can_hold_is_refused_before_it_is_read(
    page: Any, refused: Any
) -> None:
    refused(page.ask("POST", RECORDS, data=b" " * 1_100_000), 413, "body-too-large")


def test_a_page_cannot_have_a_file_of_the_machine_taken_in(
    page: Any, refused: Any, quick: Body, home: Home
) -> None:
    stolen = str(home.keys_path / "key.pem")
    quick["evidence"] = [{"path": stolen}]
    answer = page.ask("POST", RECORDS, json={"input": quick, "draft": None})
    assert refused(answer, 400, "request-unreadable")["field"] == "evidence[0].path"


def test_the_queue_is_paged_newest_first_with_the_drafts_before(
    page: Any, seal: Any
) -> None:
    sealed = [seal()["id"] for _ in range(3)]
    page.send("POST", DRAFTS, {"answers": {"site": {"name": "老王水果店"}}})
    first = page.get(f"{RECORDS}?limit=2")
    second = page.get(f"{RECORDS}?limit=2&offset=2")
    assert first["total"] == second["total"] == 4
    rows = first["records"] + second["records"]
    assert [row["state"] for row in rows] == ["draft", "sealed", "sealed", "sealed"]
    assert rows[0]["title"] == "老王水果店"
    assert [row["id"] for row in rows[1:]] == sealed[::-1]


def test_the_queue_is_searched_by_premises_code_and_number(
    page: Any, seal: Any, quick: Body
) -> None:
    shop = seal(site=quick["site"] | {"name": "赣南 Fruit 行"})
    other = seal(violations=[{"code": "TM-202"}])
    for query, wanted in [
        ("fruit", shop),
        ("tm-202", other),
        (other["record_no"], other),
        (shop["id"], shop),
    ]:
        found = page.get("/local/v1/records", query_string={"query": query})
        assert [row["id"] for row in found["records"]] == [wanted["id"]]
        assert found["total"] == 1
    assert page.get(f"{RECORDS}?query=nobody") == {"records": [], "total": 0}


def test_the_queue_is_chosen_by_state(page: Any, seal: Any) -> None:
    seal()
    page.send("POST", DRAFTS, {"answers": {}})
    assert page.get(f"{RECORDS}?state=draft")["total"] == 1
    assert page.get(f"{RECORDS}?state=sealed")["total"] == 1
    assert page.get(f"{RECORDS}?state=delivered")["total"] == 0


@pytest.mark.parametrize("asked", ["limit=-1", "limit=many", "offset=1e3", "limit=９"])
def test_a_parameter_that_is_no_number_is_named(
    page: Any, refused: Any, asked: str
) -> None:
    problem = refused(page.ask("GET", f"{RECORDS}?{asked}"), 400, "request-unreadable")
    assert problem["field"] == asked.partition("=")[0]


def test_a_record_is_shown_with_its_versions(page: Any, seal: Any) -> None:
    saved = seal()
    amended = page.send(
        "POST",
        f"{RECORDS}/{saved['id']}/amendments",
        {"changes": {"note": "补充"}, "kind": "complete", "reason": "补全"},
    )
    shown = page.get(f"{RECORDS}/{saved['record_no']}")
    assert [version["id"] for version in shown["versions"]] == [
        saved["id"],
        amended["id"],
    ]
    assert amended["root_id"] == saved["id"]
    assert amended["body"]["note"] == "补充"
    assert amended["body"]["amendment"] == {"kind": "complete", "reason": "补全"}


def test_a_withdrawn_record_takes_no_further_change(
    page: Any, seal: Any, refused: Any
) -> None:
    path = f"{RECORDS}/{seal()['id']}"
    withdrawn = page.send("POST", f"{path}/withdrawal", {"reason": "重复录入"})
    assert withdrawn["body"] == {"reason": "重复录入"}
    again = page.ask("POST", f"{path}/withdrawal", json={"reason": "再次"})
    refused(again, 422, "wrong-target")


def test_a_record_that_is_not_here_is_said_so(page: Any, refused: Any) -> None:
    refused(page.ask("GET", f"{RECORDS}/nobody"), 404, "not-found")
    refused(page.ask("POST", f"{RECORDS}/nobody/requeue"), 404, "not-found")


@pytest.fixture
def pressed(page: Any, app: Any, gate: Any) -> Callable[[str, Body], list[int]]:
    """Asks the same four times at once; returns how each was answered."""
    session = page.client.get_cookie(gate.cookie_name, domain="127.0.0.1").value

    def pressed(path: str, given: Body) -> list[int]:
        def press(_time: int) -> int:
            client = app.test_client()
            client.set_cookie(gate.cookie_name, session, domain="127.0.0.1")
            answer = type(page)(client, gate.origin).ask("POST", path, json=given)
            return int(answer.status_code)

        with ThreadPoolExecutor(4) as threads:
            return sorted(threads.map(press, range(4)))

    return pressed


def test_a_button_pressed_twice_seals_a_draft_once(
    page: Any, pressed: Any, quick: Body, outbox: SqliteOutbox
) -> None:
    number = page.send("POST", DRAFTS, {"answers": {}})["number"]
    answers = pressed(RECORDS, {"input": quick, "draft": number})
    assert answers == [201, 404, 404, 404]
    assert len(outbox.records()) == 1


@pytest.mark.parametrize("kind", ["correction", "finalise"])
def test_a_button_pressed_twice_seals_an_amendment_once(
    page: Any, pressed: Any, outbox: SqliteOutbox, kind: str
) -> None:
    number = page.send("POST", DRAFTS, {"answers": {}})["number"]
    held = page.ask("PUT", f"{DRAFTS}/{number}/photos", data=b"signed").json
    papers = [{"id": name, "sha256": held["sha256"]} for name in ("s1", "s2")]
    body = COMPLETE | {"evidence": papers}
    saved = page.send("POST", RECORDS, {"input": body, "draft": number})
    number = page.send("POST", DRAFTS, {"answers": {}})["number"]
    given = {"changes": {"note": "补充"}, "kind": kind, "draft": number}
    answers = pressed(f"{RECORDS}/{saved['id']}/amendments", given)
    assert answers == [201, 404, 404, 404]
    kinds = [record.kind for record in outbox.records()]
    assert kinds == ["observation", "amendment"]
    assert page.get(DRAFTS) == []


def test_a_change_made_to_an_earlier_version_is_refused_and_leaves_its_draft(
    page: Any, seal: Any, refused: Any, outbox: SqliteOutbox
) -> None:
    first = seal()["id"]
    path = f"{RECORDS}/{first}/amendments"
    second = page.send("POST", path, {"changes": {"note": "二"}, "stands_on": first})
    number = page.send("POST", DRAFTS, {"answers": {}})["number"]
    given = {"changes": {"note": "三"}, "draft": number, "stands_on": first}
    refused(page.ask("POST", path, json=given), 409, "amended-meanwhile")
    assert [kept["number"] for kept in page.get(DRAFTS)] == [number]
    assert len(outbox.records()) == 2
    page.send("POST", path, given | {"stands_on": second["id"]})
    assert page.get(DRAFTS) == []


def test_a_change_that_is_refused_leaves_its_draft(
    page: Any, seal: Any, refused: Any, outbox: SqliteOutbox
) -> None:
    path = f"{RECORDS}/{seal()['id']}/amendments"
    number = page.send("POST", DRAFTS, {"answers": {}})["number"]
    given = {"changes": {"violations": [{"code": "XX-999"}]}, "draft": number}
    refused(page.ask("POST", path, json=given), 422, "input-refused")
    assert [kept["number"] for kept in page.get(DRAFTS)] == [number]
    assert len(outbox.records()) == 1


def test_before_enrolment_nothing_is_sealed_and_the_remedy_is_named(
    page: Any, refused: Any, quick: Body, outbox: SqliteOutbox
) -> None:
    outbox.forget_meta("identity")
    answer = page.ask("POST", RECORDS, json={"input": quick, "draft": None})
    assert "fieldkit enrol" in refused(answer, 409, "not-enrolled")["zh"]
    assert page.get("/local/v1/identity") is None
    assert page.get("/local/v1/status")["device_id"] is None
