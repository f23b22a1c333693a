"""The tablet's own sync against the real server, over a link that does its worst."""

import hashlib
import random
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta

import pytest
from journeys.field_device import observation
from journeys.hostile_proxy import (
    CutUpload,
    HostileProxy,
    LoseReply,
    TruncateReply,
    busy,
    captive_portal,
)
from journeys.scripted_tablet import ScriptedTablet, TabletProblem
from journeys.served import ServedBureau

from server.devices import revoke_device
from server.tables import record as record_table
from server.verify.verify import verify

PUSH = ("POST", "/records$")
PART = ("PUT", "/parts/")


@pytest.fixture
def tablet(served: ServedBureau, proxy: HostileProxy) -> Iterator[ScriptedTablet]:
    """A tablet enrolled through the hostile proxy, which has been kind so far."""
    with ScriptedTablet() as tablet:
        told = tablet.enrol(proxy.url, served.new_code(), served.bureau.key.thumbprint)
        assert [told["identity"]["device_id"]] == served.devices
        yield tablet


def ledger(served: ServedBureau) -> list[tuple[int, str, str]]:
    """What the server holds: (seq, id, hash) of every record, by seq."""
    return sorted(served.rows(record_table, "seq", "id", "hash"))


def chain(tablet: ScriptedTablet) -> list[tuple[int, str, str]]:
    """The same of what the tablet sealed."""
    return [(one["seq"], one["id"], one["hash"]) for one in tablet.do("records")]


def photo(size_bytes: int, seed: int = 0) -> bytes:
    """Bytes that compress as badly as a photograph's."""
    return b"\xff\xd8\xff" + random.Random(seed).randbytes(size_bytes - 3)


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def test_records_and_photographs_arrive_and_the_reference_comes(
    served: ServedBureau, tablet: ScriptedTablet
) -> None:
    small, large = photo(900), photo(300_000)
    record = tablet.record(observation(), small, large)
    synced = tablet.do("sync")
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
    assert tablet.do("photoCounts", id=record) == [2, 2]
    assert tablet.do("reference")["serial"] >= 1
    assert ledger(served) == chain(tablet)
    assert verify(served.bureau, lambda *_step: None).faults == []


def test_every_reply_lost_at_first_still_each_record_exactly_once(
    served: ServedBureau, proxy: HostileProxy, tablet: ScriptedTablet
) -> None:
    tablet.record_many([observation() for _ in range(7)])
    proxy.rule(*PUSH, LoseReply(), times=1000)
    report = tablet.sync()
    assert report["stopped"]["code"] == "link-down"
    assert report["stopped"]["reason"]["zh"].startswith("连接不上服务器")
    assert proxy.count(*PUSH) == 5
    assert set(tablet.states.values()) == {"sealed"}
    proxy.heal()
    assert tablet.sync()["outcomes"] == {"replayed": 7}
    assert set(tablet.states.values()) == {"delivered"}
    assert ledger(served) == chain(tablet)
    assert len(served.counted) == 7
    assert tablet.sync()["outcomes"] == {}


def test_cut_and_truncated_exchanges_leave_nothing_half_done(
    served: ServedBureau, proxy: HostileProxy, tablet: ScriptedTablet
) -> None:
    tablet.record_many([observation() for _ in range(20)])
    proxy.rule(*PUSH, CutUpload(after_bytes=700), times=2)
    proxy.rule(*PUSH, TruncateReply(after_bytes=40))
    assert tablet.sync()["outcomes"] == {"replayed": 20}
    assert ledger(served) == chain(tablet)


def test_a_link_that_breaks_anywhere_ends_in_the_same_ledger(
    served: ServedBureau, proxy: HostileProxy, tablet: ScriptedTablet
) -> None:
    large = photo(400_000)
    tablet.record(observation(), large)
    tablet.record_many([observation() for _ in range(30)])
    proxy.cut_link_every(90_000, 11_000, 140_000, 70_000)
    rounds = 0
    while set(tablet.states.values()) != {"delivered"} or not served.photos:
        tablet.sync()
        rounds += 1
        assert rounds < 40
    assert proxy.link_cuts > 0
    assert ledger(served) == chain(tablet)
    assert served.photos == {sha256(large)}


def test_a_busy_server_is_asked_after_its_time_and_left_alone_if_long(
    served: ServedBureau, proxy: HostileProxy, tablet: ScriptedTablet
) -> None:
    tablet.record(observation())
    proxy.rule(*PUSH, busy(retry_after_s=20), times=2)
    synced = tablet.do("sync")
    assert synced["report"]["outcomes"] == {"stored": 1}
    assert synced["pauses"] == [20, 20]
    tablet.record(observation())
    proxy.rule(*PUSH, busy(retry_after_s=1800), times=1000)
    synced = tablet.do("sync")
    assert synced["report"]["stopped"]["code"] == "server-busy"
    assert synced["pauses"] == []
    assert len(served.held) == 1


def test_a_sign_in_page_on_the_way_is_no_server(
    served: ServedBureau, proxy: HostileProxy, tablet: ScriptedTablet
) -> None:
    tablet.record(observation())
    proxy.choose = lambda _seen: captive_portal()
    stopped = tablet.sync()["stopped"]
    assert stopped["code"] == "protocol-broken"
    assert "上网认证" in stopped["reason"]["zh"]
    proxy.heal()
    assert tablet.sync()["outcomes"] == {"stored": 1}


def test_one_bad_record_among_many_blocks_no_other(
    served: ServedBureau, tablet: ScriptedTablet
) -> None:
    good = [observation() for _ in range(4)]
    ids = tablet.record_many([*good[:2], observation(violations=[]), *good[2:]])
    report = tablet.sync()
    assert report["outcomes"] == {"stored": 4, "quarantined": 1}
    (trouble,) = report["troubles"]
    assert (trouble["id"], trouble["outcome"]) == (ids[2], "quarantined")
    assert trouble["code"] == "schema-fault"
    assert trouble["reason"]["zh"]
    assert set(tablet.states.values()) == {"delivered"}
    assert served.counted == {*ids[:2], *ids[3:]}


def test_a_server_restarted_between_two_syncs_is_found_again(
    served: ServedBureau, tablet: ScriptedTablet
) -> None:
    tablet.record(observation())
    tablet.sync()
    served.stop()
    tablet.record(observation())
    assert tablet.sync()["stopped"]["code"] == "link-down"
    served.start()
    assert tablet.sync()["outcomes"] == {"stored": 1}
    assert ledger(served) == chain(tablet)


def test_a_token_that_ran_out_is_renewed_by_signature(
    served: ServedBureau, proxy: HostileProxy, tablet: ScriptedTablet
) -> None:
    tablet.sync()
    asked = proxy.count("POST", "/token$")
    served.clock.forward(hours=2)
    tablet.record(observation())
    assert tablet.sync()["outcomes"] == {"stored": 1}
    assert proxy.count("POST", "/token$") == asked + 1
    tablet.record(observation())
    assert tablet.sync()["outcomes"] == {"stored": 1}
    assert proxy.count("POST", "/token$") == asked + 1


def test_a_revoked_tablet_is_told_and_keeps_what_it_has(
    served: ServedBureau, tablet: ScriptedTablet
) -> None:
    before = tablet.record(observation())
    tablet.sync()
    revoke_device(served.bureau, served.devices[0])
    later = tablet.record(observation())
    report = tablet.sync()
    (trouble,) = report["troubles"]
    assert trouble["code"] == "device-revoked"
    assert trouble["id"] == later
    assert served.counted == {before}
    assert set(tablet.states) == {before, later}


def test_a_restored_server_is_offered_again_what_it_lost(
    served: ServedBureau, tablet: ScriptedTablet
) -> None:
    content = photo(70_000)
    tablet.record(observation(), content)
    tablet.sync()
    served.stop()
    for rest in served.home.glob("gi.sqlite3*"):
        rest.unlink()
    served.start()
    report = tablet.sync()
    assert report["epoch"] > 1
    assert report["offered_again"] == 1
    assert ledger(served) == chain(tablet)
    assert served.photos == {sha256(content)}


def test_a_photograph_resumes_where_the_link_broke(
    served: ServedBureau, proxy: HostileProxy, tablet: ScriptedTablet
) -> None:
    content = photo(10 * 65_536)
    tablet.record(observation(), content)
    proxy.rule("PUT", "/parts/6$", CutUpload(after_bytes=900), times=1000)
    first = tablet.sync()
    assert first["stopped"]["code"] == "link-down"
    assert first["photo_bytes"] == 6 * 65_536
    proxy.heal()
    second = tablet.sync()
    assert second["photo_bytes"] == 4 * 65_536
    assert second["photos_sent"] == 1
    assert served.photos == {sha256(content)}
    sent = Counter(seen.path for seen in proxy.seen if seen.method == "PUT")
    assert sum(sent.values()) == 10 + 5  # the sixth part, five times in vain
    assert tablet.sync()["photos_sent"] == 0


def test_without_wifi_photographs_wait_and_records_go(
    served: ServedBureau, proxy: HostileProxy, tablet: ScriptedTablet
) -> None:
    record = tablet.record(observation(), photo(900))
    report = tablet.sync(mayUploadPhotos=False)
    assert report["outcomes"] == {"stored": 1}
    assert (report["photos_sent"], report["troubles"]) == (0, [])
    assert proxy.count(*PART) == 0
    assert tablet.do("photoCounts", id=record) == [0, 1]
    assert tablet.sync()["photos_sent"] == 1


def test_a_photograph_that_is_gone_is_told_and_passed_over(
    served: ServedBureau, tablet: ScriptedTablet
) -> None:
    gone, here = photo(900, 1), photo(900, 2)
    tablet.record(observation(), gone, here)
    tablet.do("losePhoto", sha256=sha256(gone))
    report = tablet.sync()
    (trouble,) = report["troubles"]
    assert (trouble["stage"], trouble["code"]) == ("photos", "photo-missing")
    assert trouble["id"] == sha256(gone)
    assert report["stopped"] is None
    assert served.photos == {sha256(here)}


def test_a_sync_can_be_stopped_and_goes_on_later(
    served: ServedBureau, tablet: ScriptedTablet
) -> None:
    tablet.record(observation(), photo(900))
    report = tablet.sync(stopAfter="status")
    assert report["stopped"]["code"] == "sync-cancelled"
    assert served.photos == set()
    assert tablet.sync()["photos_sent"] == 1


def test_of_two_syncs_at_once_one_does_nothing(
    served: ServedBureau, tablet: ScriptedTablet
) -> None:
    tablet.record(observation())
    assert tablet.do("syncTwice") == [{"stored": 1}, "sync-running"]
    assert len(served.held) == 1


def test_a_tablet_that_enrolled_anew_still_sends_what_it_sealed_before(
    served: ServedBureau, proxy: HostileProxy, tablet: ScriptedTablet
) -> None:
    first = tablet.record(observation(), photo(900))
    tablet.enrol(proxy.url, served.new_code())
    second = tablet.record(observation())
    assert tablet.sync()["outcomes"] == {"stored": 2}
    assert set(served.counted) == {first, second}
    assert len(served.devices) == 2
    assert served.photos == {sha256(photo(900))}


def test_a_lost_reply_to_enrolling_leaves_one_device(
    served: ServedBureau, proxy: HostileProxy
) -> None:
    with ScriptedTablet() as tablet:
        proxy.rule("POST", "/devices$", LoseReply(), times=7)
        code = served.new_code()
        with pytest.raises(TabletProblem, match="link-down"):
            tablet.enrol(proxy.url, code)
        tablet.enrol(proxy.url, code.lower().replace("-", " "))
        assert len(served.devices) == 1
        tablet.record(observation())
        assert tablet.sync()["outcomes"] == {"stored": 1}


def test_another_server_than_the_code_names_is_refused_in_words(
    served: ServedBureau,
) -> None:
    with ScriptedTablet() as tablet:
        with pytest.raises(TabletProblem) as refusal:
            tablet.enrol(served.url, served.new_code(), "x" * 43)
        assert refusal.value.code == "server-mistaken"
        assert served.bureau.key.thumbprint in refusal.value.zh
        assert served.devices == []
        with pytest.raises(TabletProblem, match="not-enrolled"):
            tablet.sync()


def test_the_clocks_offset_is_measured_and_sealed(
    served: ServedBureau, tablet: ScriptedTablet
) -> None:
    tablet.sync()
    served.clock.forward(seconds=1)
    record = tablet.record(observation())
    tablet.sync()
    (found,) = (one for one in tablet.do("records") if one["id"] == record)
    assert timedelta(0) < timedelta(milliseconds=offset_of(found["compact"]))


def offset_of(compact: str) -> int:
    from sync.record import open_record

    payload = open_record(compact).payload
    assert payload is not None
    return int(payload["clock"]["offset_ms"])
