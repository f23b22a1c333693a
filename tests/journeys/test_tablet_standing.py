"""Whom the tablet believes and who believes it: tokens, revocation, restoration."""

import pytest
from journeys.field_device import observation
from journeys.hostile_proxy import HostileProxy, LoseReply
from journeys.scripted_tablet import (
    ScriptedTablet,
    TabletProblem,
    chain,
    ledger,
    photo,
    sha256,
)
from journeys.served import ServedBureau

from server.devices import revoke_device
from sync.record import open_record


def test_a_token_that_ran_out_is_renewed_by_signature(
    served: ServedBureau, proxy: HostileProxy, app: ScriptedTablet
) -> None:
    app.sync()
    asked = proxy.count("POST", "/token$")
    served.clock.forward(hours=2)
    app.record(observation())
    assert app.sync()["outcomes"] == {"stored": 1}
    assert proxy.count("POST", "/token$") == asked + 1
    app.record(observation())
    assert app.sync()["outcomes"] == {"stored": 1}
    assert proxy.count("POST", "/token$") == asked + 1


def test_a_revoked_tablet_is_told_and_keeps_what_it_has(
    served: ServedBureau, app: ScriptedTablet
) -> None:
    before = app.record(observation())
    app.sync()
    revoke_device(served.bureau, served.devices[0])
    later = app.record(observation())
    report = app.sync()
    (trouble,) = report["troubles"]
    assert trouble["code"] == "device-revoked"
    assert trouble["id"] == later
    assert served.counted == {before}
    assert set(app.states) == {before, later}


def test_a_restored_server_is_offered_again_what_it_lost(
    served: ServedBureau, app: ScriptedTablet
) -> None:
    content = photo(70_000)
    app.record(observation(), content)
    app.sync()
    served.stop()
    for rest in served.home.glob("gi.sqlite3*"):
        rest.unlink()
    served.start()
    report = app.sync()
    assert report["epoch"] > 1
    assert report["offered_again"] == 1
    assert ledger(served) == chain(app)
    assert served.photos == {sha256(content)}


def test_a_tablet_that_enrolled_anew_still_sends_what_it_sealed_before(
    served: ServedBureau, proxy: HostileProxy, app: ScriptedTablet
) -> None:
    first = app.record(observation(), photo(900))
    app.enrol(proxy.url, served.new_code())
    second = app.record(observation())
    assert app.sync()["outcomes"] == {"stored": 2}
    assert set(served.counted) == {first, second}
    assert len(served.devices) == 2
    assert served.photos == {sha256(photo(900))}


def test_a_lost_reply_to_enrolling_leaves_one_device(
    served: ServedBureau, proxy: HostileProxy
) -> None:
    with ScriptedTablet() as app:
        proxy.rule("POST", "/devices$", LoseReply(), times=7)
        code = served.new_code()
        with pytest.raises(TabletProblem, match="link-down"):
            app.enrol(proxy.url, code)
        app.enrol(proxy.url, code.lower().replace("-", " "))
        assert len(served.devices) == 1
        app.record(observation())
        assert app.sync()["outcomes"] == {"stored": 1}


def test_another_server_than_the_code_names_is_refused_in_words(
    served: ServedBureau,
) -> None:
    with ScriptedTablet() as app:
        with pytest.raises(TabletProblem) as refusal:
            app.enrol(served.url, served.new_code(), "x" * 43)
        assert refusal.value.code == "server-mistaken"
        assert served.bureau.key.thumbprint in refusal.value.zh
        assert served.devices == []
        with pytest.raises(TabletProblem, match="not-enrolled"):
            app.sync()


def test_the_clocks_offset_is_measured_and_sealed(
    served: ServedBureau, app: ScriptedTablet
) -> None:
    app.sync()
    served.clock.forward(seconds=1)
    record = app.record(observation())
    app.sync()
    (found,) = (one for one in app.do("records") if one["id"] == record)
    assert offset_of(found["compact"]) > 0


def offset_of(compact: str) -> int:
    payload = open_record(compact).payload
    assert payload is not None
    return int(payload["clock"]["offset_ms"])
