"""The tablet's own sync against the real server, over a link that does its worst."""

from journeys.field_device import observation
from journeys.hostile_proxy import (
    CutUpload,
    HostileProxy,
    LoseReply,
    TruncateReply,
    busy,
    captive_portal,
)
from journeys.scripted_tablet import ScriptedTablet, chain, ledger, photo, sha256
from journeys.served import ServedBureau

from server.verify.verify import verify

PUSH = ("POST", "/records$")


def test_records_and_photographs_arrive_and_the_reference_comes(
    served: ServedBureau, app: ScriptedTablet
) -> None:
    small, large = photo(900), photo(300_000)
    record = app.record(observation(), small, large)
    synced = app.do("sync")
    report = synced["report"]
    assert report == {
        "outcomes": {"stored": 1},
        "troubles": [],
        "offered_again": 0,
        "status_events": report["status_events"],
        "photos_sent": 2,
        "photo_bytes": 300_900,
        "epoch": 1,
        "stopped": None,
    }
    assert synced["stages"] == ["reference", "records", "status", "photos"]
    assert served.counted == {record}
    assert served.photos == {sha256(small), sha256(large)}
    assert app.do("photoCounts", id=record) == [2, 2]
    assert app.do("reference")["serial"] >= 1
    assert ledger(served) == chain(app)
    assert verify(served.bureau, lambda *_step: None).faults == []


def test_every_reply_lost_at_first_still_each_record_exactly_once(
    served: ServedBureau, proxy: HostileProxy, app: ScriptedTablet
) -> None:
    app.record_many([observation() for _ in range(7)])
    proxy.rule(*PUSH, LoseReply(), times=1000)
    report = app.sync()
    assert report["stopped"]["code"] == "link-down"
    assert report["stopped"]["reason"]["zh"].startswith("连接不上服务器")
    assert proxy.count(*PUSH) == 5
    assert set(app.states.values()) == {"sealed"}
    proxy.heal()
    assert app.sync()["outcomes"] == {"replayed": 7}
    assert set(app.states.values()) == {"delivered"}
    assert ledger(served) == chain(app)
    assert len(served.counted) == 7
    assert app.sync()["outcomes"] == {}


def test_cut_and_truncated_exchanges_leave_nothing_half_done(
    served: ServedBureau, proxy: HostileProxy, app: ScriptedTablet
) -> None:
    app.record_many([observation() for _ in range(20)])
    proxy.rule(*PUSH, CutUpload(after_bytes=700), times=2)
    proxy.rule(*PUSH, TruncateReply(after_bytes=40))
    assert app.sync()["outcomes"] == {"replayed": 20}
    assert ledger(served) == chain(app)


def test_a_link_that_breaks_anywhere_ends_in_the_same_ledger(
    served: ServedBureau, proxy: HostileProxy, app: ScriptedTablet
) -> None:
    large = photo(400_000)
    app.record(observation(), large)
    app.record_many([observation() for _ in range(30)])
    proxy.cut_link_every(90_000, 11_000, 140_000, 70_000)
    rounds = 0
    while set(app.states.values()) != {"delivered"} or not served.photos:
        app.sync()
        rounds += 1
        assert rounds < 40
    assert proxy.link_cuts > 0
    assert ledger(served) == chain(app)
    assert served.photos == {sha256(large)}


def test_a_busy_server_is_asked_after_its_time_and_left_alone_if_long(
    served: ServedBureau, proxy: HostileProxy, app: ScriptedTablet
) -> None:
    app.record(observation())
    proxy.rule(*PUSH, busy(retry_after_s=20), times=2)
    synced = app.do("sync")
    assert synced["report"]["outcomes"] == {"stored": 1}
    assert synced["pauses"] == [20, 20]
    app.record(observation())
    proxy.rule(*PUSH, busy(retry_after_s=1800), times=1000)
    synced = app.do("sync")
    assert synced["report"]["stopped"]["code"] == "server-busy"
    assert synced["pauses"] == []
    assert len(served.held) == 1


def test_a_sign_in_page_on_the_way_is_no_server(
    served: ServedBureau, proxy: HostileProxy, app: ScriptedTablet
) -> None:
    app.record(observation())
    proxy.choose = lambda _seen: captive_portal()
    stopped = app.sync()["stopped"]
    assert stopped["code"] == "protocol-broken"
    assert "上网认证" in stopped["reason"]["zh"]
    proxy.heal()
    assert app.sync()["outcomes"] == {"stored": 1}


def test_one_bad_record_among_many_blocks_no_other(
    served: ServedBureau, app: ScriptedTablet
) -> None:
    good = [observation() for _ in range(4)]
    ids = app.record_many([*good[:2], observation(violations=[]), *good[2:]])
    report = app.sync()
    assert report["outcomes"] == {"stored": 4, "quarantined": 1}
    (trouble,) = report["troubles"]
    assert (trouble["id"], trouble["outcome"]) == (ids[2], "quarantined")
    assert trouble["code"] == "schema-fault"
    assert trouble["reason"]["zh"]
    assert set(app.states.values()) == {"delivered"}
    assert served.counted == {*ids[:2], *ids[3:]}


def test_a_server_restarted_between_two_syncs_is_found_again(
    served: ServedBureau, app: ScriptedTablet
) -> None:
    app.record(observation())
    app.sync()
    served.stop()
    app.record(observation())
    assert app.sync()["stopped"]["code"] == "link-down"
    served.start()
    assert app.sync()["outcomes"] == {"stored": 1}
    assert ledger(served) == chain(app)


def test_of_two_syncs_at_once_one_does_nothing(
    served: ServedBureau, app: ScriptedTablet
) -> None:
    app.record(observation())
    assert app.do("syncTwice") == [{"stored": 1}, "sync-running"]
    assert len(served.held) == 1
