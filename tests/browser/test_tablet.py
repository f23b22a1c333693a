"""A tablet through what happens to tablets: no record lost, none twice."""

import pytest
from browser.bureaus import day_of_act, ledger, photographs, standings
from browser.conftest import NewTablet, enrolled
from browser.field_tablet import (
    VIOLATION,
    FieldTablet,
    OutboxProblem,
    fingerprint,
    picture,
)
from journeys.commanded import CommandedBureau
from journeys.hostile_proxy import Hold, HostileProxy, LoseReply
from playwright.sync_api import Page

AT_ONCE = 12
LINK_BREAKS_EVERY_BYTES = 100_000
SYNCS_AT_MOST = 20
DAY_MS = 24 * 3600 * 1000
AHEAD = """(ahead) => {
    const [Real, now] = [Date, Date.now];
    self.Date = class extends Real {
        constructor(...words) { super(...(words.length ? words : [now() + ahead])); }
        static now() { return now() + ahead; }
    };
}"""


def test_a_record_arrives_with_its_photographs_to_the_byte(
    tablet: FieldTablet, bureau: CommandedBureau
) -> None:
    saved = tablet.record(picture(150_000), picture(3_000, seed=1))
    report = tablet.sync()
    assert report["stopped"] is None
    assert report["outcomes"] == {"stored": 1}
    assert ledger(bureau, tablet.device_id) == fingerprint(tablet.rows())
    assert photographs(bureau) >= {one["sha256"] for one in saved["body"]["evidence"]}
    status = tablet.ask("status")
    assert status["unsent"] == 0
    assert status["photos"] == {"named": 2, "delivered": 2, "missing": 0}


def test_what_was_saved_is_found_again_after_the_browser_was_killed(
    tablet: FieldTablet, bureau: CommandedBureau
) -> None:
    draft = tablet.ask("saveDraft", {"note": "half a sentence"}, None)
    photo = tablet.ask("addPhoto", draft, picture(40_000, seed=2), {"file_name": "a"})
    saved = tablet.record(picture(50_000))
    tablet.tablet.kill()
    tablet.again()
    assert [row["id"] for row in tablet.rows()] == [saved["id"]]
    (kept,) = tablet.ask("drafts")
    assert (kept["number"], kept["answers"]) == (draft, {"note": "half a sentence"})
    assert tablet.ask("show", saved["id"])["body"] == saved["body"]
    size = "async (sha256) => (await outbox.photo(sha256)).size"
    assert tablet.page.evaluate(size, photo["sha256"]) == 40_000
    assert tablet.sync()["outcomes"] == {"stored": 1}
    assert ledger(bureau, tablet.device_id) == fingerprint(tablet.rows())


def test_two_windows_that_save_at_once_make_one_chain(
    tablet: FieldTablet, bureau: CommandedBureau
) -> None:
    windows = [tablet.page, tablet.window()]
    for page in windows:
        page.evaluate(
            """([body, count]) => { self.saving = Promise.all(
                Array.from({ length: count }, () => outbox.record(body)));
            }""",
            [VIOLATION, AT_ONCE],
        )
    saved = [one for page in windows for one in page.evaluate("self.saving")]
    assert sorted(one["seq"] for one in saved) == list(range(1, 2 * AT_ONCE + 1))
    assert len({one["record_no"] for one in saved}) == 2 * AT_ONCE
    assert tablet.sync()["outcomes"] == {"stored": 2 * AT_ONCE}
    assert standings(bureau, tablet.device_id) == {"stored": 2 * AT_ONCE}
    assert ledger(bureau, tablet.device_id) == fingerprint(tablet.rows())


def test_a_photograph_that_another_window_removed_is_in_no_record(
    tablet: FieldTablet,
) -> None:
    """What the form sends tells its size and type as if the bytes were here."""
    draft = tablet.ask("saveDraft", {"note": "begun"}, None)
    named = tablet.ask("addPhoto", draft, picture(50_000, 1), {"file_name": "1.jpg"})
    tablet.ask("removePhoto", draft, named["sha256"], page=tablet.window())
    item = {key: named[key] for key in ("sha256", "bytes", "media_type")}
    with pytest.raises(OutboxProblem) as refused:
        tablet.ask("record", VIOLATION | {"evidence": [item]}, {"draft": draft})
    problem = refused.value
    assert (problem.code, problem.field) == ("photo-gone", "evidence[0].sha256")
    assert tablet.rows() == []


def test_only_one_window_syncs_and_the_other_hears_of_it(
    far_tablet: FieldTablet, proxy: HostileProxy
) -> None:
    far_tablet.record()
    other = far_tablet.window()
    hold = Hold()
    proxy.rule("POST", "/records", hold)
    far_tablet.page.evaluate("() => { self.syncing = outbox.sync(); }")
    assert hold.arrived.wait(60)
    with pytest.raises(OutboxProblem) as refused:
        far_tablet.sync(page=other)
    assert refused.value.code == "sync-running"
    assert far_tablet.ask("status", page=other)["is_syncing"] is True
    other.evaluate("() => { self.told = new Promise((r) => outbox.subscribe(r)); }")
    hold.released.set()
    assert far_tablet.page.evaluate("self.syncing")["outcomes"] == {"stored": 1}
    other.evaluate("self.told")
    assert far_tablet.ask("status", page=other)["is_syncing"] is False


def test_a_reply_that_is_lost_makes_no_record_twice(
    far_tablet: FieldTablet, bureau: CommandedBureau, proxy: HostileProxy
) -> None:
    far_tablet.record(picture(1_000, seed=3))
    proxy.rule("POST", "/records$", LoseReply())
    report = far_tablet.sync()
    assert report["outcomes"] == {"replayed": 1}
    assert far_tablet.page.evaluate("pauses.length") > 0
    assert ledger(bureau, far_tablet.device_id) == fingerprint(far_tablet.rows())


def test_photographs_arrive_over_a_link_that_breaks_every_100_kb(
    far_tablet: FieldTablet, bureau: CommandedBureau, proxy: HostileProxy
) -> None:
    saved = far_tablet.record(picture(700_000, seed=4), picture(300_000, seed=5))
    proxy.cut_link_every(LINK_BREAKS_EVERY_BYTES)
    wanted = {one["sha256"] for one in saved["body"]["evidence"]}
    for _ in range(SYNCS_AT_MOST):
        if wanted <= photographs(bureau):
            break
        far_tablet.sync()
    assert wanted <= photographs(bureau)
    assert proxy.link_cuts >= 10
    assert far_tablet.ask("status")["photos"]["delivered"] == 2
    assert ledger(bureau, far_tablet.device_id) == fingerprint(far_tablet.rows())


def test_a_revoked_device_keeps_what_it_holds_and_says_why(
    tablet: FieldTablet, bureau: CommandedBureau
) -> None:
    tablet.record()
    bureau.do("device", "revoke", tablet.device_id)
    report = tablet.sync()
    told = report["stopped"] or report["troubles"][0]
    assert told["reason"]["zh"]
    (row,) = tablet.rows()
    assert row["state"] == "sealed" or row["status"] == "quarantined"
    exported = tablet.ask("exportBundle")
    assert exported["file_name"].endswith(".gibundle")


def test_a_purged_browser_enrols_anew_and_the_server_holds_both(
    tablet: FieldTablet, bureau: CommandedBureau
) -> None:
    tablet.record()
    tablet.sync()
    first = tablet.device_id
    purge(tablet.page, bureau.url)
    tablet.again()
    assert tablet.ask("identity") is None
    with pytest.raises(OutboxProblem) as refused:
        tablet.record()
    assert refused.value.code == "not-enrolled"
    tablet.enrol(bureau.new_code())
    assert tablet.device_id != first
    tablet.record()
    assert tablet.sync()["outcomes"] == {"stored": 1}
    assert standings(bureau, first) == {"stored": 1}
    assert ledger(bureau, tablet.device_id) == fingerprint(tablet.rows())


def purge(page: Page, origin: str) -> None:
    """Clear the origin's storage as the browser does when it needs room."""
    words = {"origin": origin, "storageTypes": "all"}
    page.context.new_cdp_session(page).send("Storage.clearDataForOrigin", words)


def test_an_earlier_identity_whose_key_is_lost_keeps_none_of_the_others_back(
    tablet: FieldTablet, bureau: CommandedBureau
) -> None:
    first = tablet.device_id
    lost = tablet.record()
    tablet.enrol(bureau.new_code())
    newer = tablet.record()
    forget = "(id) => outbox.store.setMeta(`key/${id}`, null)"
    tablet.page.evaluate(forget, first)
    report = tablet.sync()
    assert report["stopped"] is None
    (trouble,) = report["troubles"]
    assert (trouble["id"], trouble["code"]) == (first, "sign-in-refused")
    assert "1 条记录未送达" in trouble["reason"]["zh"]
    states = {row["id"]: row["state"] for row in tablet.rows()}
    assert states == {lost["id"]: "sealed", newer["id"]: "delivered"}


def test_a_clock_that_is_wrong_is_measured_and_refuses_nothing(
    tablet: FieldTablet, bureau: CommandedBureau
) -> None:
    tablet.sync()
    tablet.page.evaluate(AHEAD, -DAY_MS)
    saved = tablet.record()
    assert abs(saved["clock_offset_ms"] + DAY_MS) < 60_000
    assert tablet.sync()["outcomes"] == {"stored": 1}
    assert abs(tablet.ask("status")["clock_offset_ms"] + DAY_MS) < 60_000
    assert standings(bureau, tablet.device_id) == {"stored": 1}


def test_a_clock_that_ran_ahead_of_the_page_may_have_slept_until_the_server_is_heard(
    tablet: FieldTablet,
) -> None:
    tablet.sync()
    tablet.page.evaluate(AHEAD, DAY_MS)
    assert abs(tablet.record()["clock_offset_ms"]) < 60_000
    tablet.sync()
    assert abs(tablet.record()["clock_offset_ms"] - DAY_MS) < 60_000


def test_an_amendment_keeps_the_day_of_the_act_though_the_clock_was_set_right_since(
    tablet: FieldTablet, bureau: CommandedBureau
) -> None:
    tablet.page.evaluate(AHEAD, DAY_MS)
    tablet.sync()
    shown = tablet.page.evaluate("new Date().toISOString()")
    site = {"premises_type": "shop", "fix": None, "no_fix_reason": "室内"}
    said = VIOLATION | {"site": site, "observed_at": shown}
    first = tablet.ask("record", said, {})
    tablet.again()
    tablet.sync()
    amended = tablet.ask("amend", first["id"], {"note": "漏填"}, {"reason": "漏填"})
    assert amended["clock_offset_ms"] < 60_000
    assert abs(amended["body"]["observed_offset_ms"] - DAY_MS) < 60_000
    assert amended["acted_on"] == first["acted_on"]
    assert tablet.sync()["outcomes"] == {"stored": 1}
    assert day_of_act(bureau, first["id"]) == first["acted_on"]


def test_a_server_that_dies_in_the_middle_is_caught_up_with(
    new_tablet: NewTablet, own_bureau: CommandedBureau
) -> None:
    with HostileProxy("127.0.0.1", own_bureau.port) as link:
        tablet = enrolled(new_tablet(), own_bureau, link.url)
        saved = tablet.record(picture(400_000, seed=6))
        hold = Hold(before_server=True)
        link.rule("PUT", "/parts/3", hold)
        tablet.page.evaluate("() => { self.syncing = outbox.sync(); }")
        assert hold.arrived.wait(60)
        own_bureau.kill()
        hold.released.set()
        assert tablet.page.evaluate("self.syncing")["stopped"]["code"] == "link-down"
        assert tablet.ask("status")["unsent"] == 0
        own_bureau.start()
        assert tablet.sync()["photos_sent"] == 1
        assert photographs(own_bureau) == {saved["body"]["evidence"][0]["sha256"]}
        assert ledger(own_bureau, tablet.device_id) == fingerprint(tablet.rows())
