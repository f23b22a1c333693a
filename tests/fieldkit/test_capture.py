"""What is said becomes one sealed record, or nothing at all."""

import hashlib
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import joserfc.jws
import pytest
from joserfc.jwk import ECKey

from fieldkit.capture import Recorder
from fieldkit.completion import amended
from fieldkit.device_clock import ClockReading, note_server_time
from fieldkit.errors import (
    AmendedMeanwhile,
    DraftGone,
    InputRefused,
    NotEnrolled,
)
from fieldkit.home import open_home
from fieldkit.outbox import SqliteOutbox, open_outbox
from fieldkit.revision import target_of
from schemas.record import accepts
from sync.clock import acted_on, instant_text
from sync.errors import RecordTooLarge
from sync.keys import SigningKey
from sync.record import open_record

DEVICE_ID = "018c0000-0000-7000-8000-00000000abcd"


def payload_of(outbox: SqliteOutbox, number: int = -1) -> dict[str, Any]:
    return open_record(outbox.records()[number].compact).payload or {}


def test_the_device_fills_in_what_it_knows(
    recorder: Recorder, outbox: SqliteOutbox, quick: dict[str, Any]
) -> None:
    recorder.record(quick)
    body = payload_of(outbox)["body"]
    assert body["observed_at"] == "2023-12-02T10:20:00+08:00"
    assert body["unit_code"] == "360734"
    assert [officer["name"] for officer in body["officers"]] == ["甲某", "乙某"]
    assert body["code_list_version"] == "2025-1"
    assert body["area_versions"]["gannan-navel-orange"]["version"] == "1"
    assert (body["goods"], body["evidence"], body["synthetic"]) == ([], [], False)


def test_what_is_sealed_is_what_any_server_accepts(
    recorder: Recorder, outbox: SqliteOutbox, xunwu: dict[str, Any]
) -> None:
    captured = recorder.record(xunwu)
    payload = payload_of(outbox)
    assert accepts(payload)
    assert payload["body"]["goods"] == xunwu["goods"]
    assert payload["id"] == captured.sealed.id
    assert captured.acted_on.isoformat() == "2023-12-02"


def test_any_jws_tool_verifies_what_was_sealed(
    recorder: Recorder,
    outbox: SqliteOutbox,
    xunwu: dict[str, Any],
    device_key: SigningKey,
) -> None:
    recorder.record(xunwu)
    key = ECKey.import_key(dict(device_key.public_jwk))
    opened = joserfc.jws.deserialize_compact(outbox.records()[0].compact, key)
    assert opened.headers()["kid"] == DEVICE_ID


def test_the_record_number_is_formed_at_sealing(
    recorder: Recorder, xunwu: dict[str, Any], quick: dict[str, Any]
) -> None:
    numbers = [recorder.record(quick).record_no, recorder.record(xunwu).record_no]
    assert numbers == ["360734-2023-00abcd-00001", "360734-2023-00abcd-00002"]


def test_ids_left_out_are_drawn_and_ids_given_are_kept(
    recorder: Recorder, outbox: SqliteOutbox, quick: dict[str, Any]
) -> None:
    lot = {"product": "navel-orange"}
    quick["goods"] = [{"id": "g2"} | lot, lot, lot]
    quick["violations"] = [{"code": "TM-202"}, {"code": "GI-101", "id": "v1"}]
    recorder.record(quick)
    body = payload_of(outbox)["body"]
    assert [lot["id"] for lot in body["goods"]] == ["g2", "g1", "g3"]
    assert [violation["id"] for violation in body["violations"]] == ["v2", "v1"]


def test_a_lot_without_rights_takes_its_products(
    recorder: Recorder, outbox: SqliteOutbox, quick: dict[str, Any]
) -> None:
    quick["goods"] = [{"product": "xinfeng-navel-orange"}, {"product": "other-citrus"}]
    recorder.record(quick)
    rights = [lot["rights"] for lot in payload_of(outbox)["body"]["goods"]]
    assert rights == [["xinfeng-navel-orange", "gannan-navel-orange"], []]


BREAK: dict[str, Callable[[dict[str, Any]], Any]] = {
    "colour": lambda body: body.update(colour="orange"),
    "violations": lambda body: body.pop("violations"),
    "violations[0].code": lambda body: body["violations"][0].update(code="XX-1"),
    "goods[0].quantity.value": lambda body: body["goods"][0]["quantity"].update(
        value="many"
    ),
    "goods": lambda body: body.update(goods="oranges"),
    "evidence[0].path": lambda body: body.update(evidence=[{"path": 7}]),
    "site.fix": lambda body: body["site"].update(fix=None),
    "site.fix.radius95_m": lambda body: body["site"]["fix"].update(radius95_m=0),
    "party.uscc": lambda body: body["party"].update(uscc="91360734MA35F6UN00"),
    "observed_at": lambda body: body.update(observed_at="2023-12-02 10:20"),
    "site": lambda body: body.update(site=[]),
    "note": lambda body: body.update(note="half a character \ud800"),
    "site.fix.lon_deg": lambda body: body["site"]["fix"].update(lon_deg=float("nan")),
}


@pytest.mark.parametrize("field", BREAK)
def test_a_fault_is_named_by_its_field_and_nothing_is_saved(
    recorder: Recorder, outbox: SqliteOutbox, xunwu: dict[str, Any], field: str
) -> None:
    BREAK[field](xunwu)
    with pytest.raises(InputRefused) as refused:
        recorder.record(xunwu)
    assert refused.value.field == field
    assert field in refused.value.message.zh
    assert field in refused.value.message.en
    assert outbox.records() == []
    assert outbox.head().seq == 0


def test_every_fault_is_told_at_once(recorder: Recorder, quick: dict[str, Any]) -> None:
    quick |= {"colour": "orange", "observed_at": "noon"}
    with pytest.raises(InputRefused) as refused:
        recorder.record(quick)
    assert "colour" in refused.value.message.en
    assert "observed_at" in refused.value.message.en


def test_a_draft_that_another_program_sealed_is_not_sealed_again(
    recorder: Recorder, quick: dict[str, Any]
) -> None:
    outbox = recorder.outbox
    number = outbox.save_draft({"note": "一"}, at=recorder.clock().now)
    first = recorder.record(quick, draft=number)
    with pytest.raises(DraftGone):
        recorder.record(quick, draft=number)
    with pytest.raises(DraftGone):
        recorder.amend(
            quick,
            amends=first.sealed.id,
            root_id=first.root_id,
            record_no=first.record_no,
            earlier=[first.body],
            draft=number,
        )
    assert [record.id for record in outbox.records()] == [first.sealed.id]


def test_a_change_of_a_version_that_another_program_amended_is_not_sealed(
    recorder: Recorder, quick: dict[str, Any]
) -> None:
    """Two that read the same version seal one amendment: none undoes the other."""
    first = recorder.record(quick)
    stands_on_first: dict[str, Any] = {
        "amends": first.sealed.id,
        "root_id": first.root_id,
        "record_no": first.record_no,
    }
    second = recorder.amend(
        {**quick, "note": "一"}, **stands_on_first, earlier=[first.body]
    )
    with pytest.raises(AmendedMeanwhile):
        recorder.amend({**quick, "note": "二"}, **stands_on_first, earlier=[first.body])
    with pytest.raises(AmendedMeanwhile):
        recorder.withdraw("重复录入", **stands_on_first)
    assert [record.id for record in recorder.outbox.records()] == [
        first.sealed.id,
        second.sealed.id,
    ]


def test_a_record_over_256_kib_is_refused_and_nothing_is_saved(
    recorder: Recorder, outbox: SqliteOutbox, quick: dict[str, Any]
) -> None:
    lot = {"product": "navel-orange", "note": "长" * 2000}
    quick["goods"] = [lot] * 50
    with pytest.raises(RecordTooLarge):
        recorder.record(quick)
    assert outbox.records() == []


def test_a_foreign_unit_is_kept_for_the_server_to_judge(
    recorder: Recorder, outbox: SqliteOutbox, quick: dict[str, Any]
) -> None:
    """Evidence is not lost for a wrong unit: it is quarantined (lesson 11)."""
    recorder.record(quick | {"unit_code": "360722"})
    assert payload_of(outbox)["body"]["unit_code"] == "360722"


def test_a_clock_ten_years_off_is_told_beside_the_time_that_it_shows(
    recorder: Recorder, outbox: SqliteOutbox, quick: dict[str, Any]
) -> None:
    """Lesson 27: mapeo-core#55; the boot clock carries the server's time on."""
    true = recorder.clock()
    wrong = ClockReading(true.now + timedelta(days=3650), "boot-1", true.uptime_ms)
    note_server_time(outbox, "2023-12-02T02:20:00.000Z", wrong)
    hour_ms = 3_600_000
    recorder.clock = lambda: ClockReading(
        # Set back by hand meanwhile, to a year that is wrong in another way.
        true.now - timedelta(days=365),
        "boot-1",
        true.uptime_ms + hour_ms,
    )
    captured = recorder.record(quick)
    clock = payload_of(outbox)["clock"]
    assert clock["offset_source"] == "server"
    assert timedelta(milliseconds=clock["offset_ms"]) == timedelta(days=-365, hours=-1)
    assert captured.acted_on.isoformat() == "2023-12-02"


@pytest.mark.parametrize(
    ("is_sleep_counted", "slept", "offset"),
    [
        (True, timedelta(hours=16), timedelta(hours=16)),
        (False, timedelta(hours=16), timedelta()),
        (False, timedelta(hours=-16), timedelta(hours=-16)),
    ],
)
def test_a_boot_clock_that_stops_in_sleep_tells_only_of_a_clock_set_back(
    recorder: Recorder,
    outbox: SqliteOutbox,
    quick: dict[str, Any],
    is_sleep_counted: bool,
    slept: timedelta,
    offset: timedelta,
) -> None:
    true = recorder.clock()
    note_server_time(outbox, instant_text(true.now), true)
    later = ClockReading(
        true.now + slept, true.boot_id, true.uptime_ms, is_sleep_counted
    )
    recorder.clock = lambda: later
    recorder.record(quick)
    sealed = payload_of(outbox)["clock"]
    assert timedelta(milliseconds=sealed["offset_ms"]) == offset


@pytest.mark.parametrize(
    ("since", "offset"),
    [
        (timedelta(hours=2), timedelta()),
        (timedelta(days=-30), timedelta(days=-30)),
    ],
    ids=["set right", "set before the contact"],
)
def test_a_clock_that_was_a_day_ahead_and_set_since_is_not_set_back_again(
    recorder: Recorder,
    outbox: SqliteOutbox,
    quick: dict[str, Any],
    since: timedelta,
    offset: timedelta,
) -> None:
    """The settings ask for it; the day of the act must then be the one it shows."""
    true = recorder.clock()
    ahead = replace(true, now=true.now + timedelta(days=1))
    note_server_time(outbox, instant_text(true.now), ahead)
    recorder.clock = lambda: ClockReading(true.now + since, "boot-2", 1)
    recorder.record(quick)
    sealed = payload_of(outbox)["clock"]["offset_ms"]
    assert timedelta(milliseconds=sealed) == offset


def test_an_amendment_keeps_the_day_of_the_act_though_the_clock_was_set_right_since(
    recorder: Recorder, outbox: SqliteOutbox, quick: dict[str, Any]
) -> None:
    true = recorder.clock()
    ahead = replace(true, now=true.now + timedelta(days=1))
    note_server_time(outbox, instant_text(true.now), ahead)
    recorder.clock = lambda: ahead
    site = {"premises_type": "shop", "fix": None, "no_fix_reason": "室内"}
    first = recorder.record(
        {**quick, "site": site, "observed_at": ahead.now.isoformat()}
    )
    note_server_time(outbox, instant_text(true.now), true)
    recorder.clock = lambda: true

    def amend(**changes: Any) -> dict[str, Any]:
        target = target_of(outbox, outbox.listing()[-1])
        recorder.amend(
            amended(target.current, changes, "correction", "漏填"),
            amends=target.amends,
            root_id=target.root_id,
            record_no=target.record_no,
            earlier=target.earlier,
        )
        return payload_of(outbox)

    assert first.acted_on == acted_on(payload_of(outbox)) == date(2023, 12, 2)
    for note in ("一", "二"):
        assert acted_on(amend(note=note)) == date(2023, 12, 2)
    assert payload_of(outbox)["clock"]["offset_ms"] == 0
    # A time that is said anew is one of the clock that is right now.
    later = amend(observed_at="2023-12-01T23:30:00+08:00")
    assert acted_on(later) == date(2023, 12, 1)
    assert "observed_offset_ms" not in later["body"]


def test_after_a_reboot_the_offset_last_measured_stands(
    recorder: Recorder, outbox: SqliteOutbox, quick: dict[str, Any]
) -> None:
    reading = recorder.clock()
    ahead = ClockReading(reading.now + timedelta(minutes=7), "boot-1", 1)
    note_server_time(outbox, "2023-12-02T02:20:00.000Z", ahead)
    later = reading.now + timedelta(hours=1)
    recorder.clock = lambda: ClockReading(later, "boot-2", 1)
    recorder.record(quick)
    assert payload_of(outbox)["clock"]["offset_ms"] == 7 * 60_000


def test_a_device_that_is_not_enrolled_records_nothing(
    tmp_path: Any, recorder: Recorder, quick: dict[str, Any]
) -> None:
    home = open_home(tmp_path / "new")
    with open_outbox(home) as outbox, pytest.raises(NotEnrolled):
        Recorder(home, outbox, recorder.versions).record(quick)


def test_the_hash_in_the_outbox_is_of_the_signing_input(
    recorder: Recorder, outbox: SqliteOutbox, quick: dict[str, Any]
) -> None:
    recorder.record(quick)
    record = outbox.records()[0]
    signing_input = record.compact.rpartition(".")[0].encode()
    assert record.hash == hashlib.sha256(signing_input).hexdigest()
