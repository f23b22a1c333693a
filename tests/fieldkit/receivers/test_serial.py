"""A serial port that a receiver speaks at, opened as the app opens it."""

import errno
from collections.abc import Iterator
from typing import Any

import pytest
from simulated_receiver import BEGINNING, SimulatedReceiver, moment, sentence

from fieldkit.receivers.errors import (
    NoFix,
    ReceiverBusy,
    ReceiverForbidden,
    ReceiverSilent,
    ReceiverUnplugged,
    ReceiverUnreadable,
    trouble_of,
)
from fieldkit.receivers.freshness import STALE_AFTER_S, UNFIXED_AFTER_S, Freshness
from fieldkit.receivers.reading import Reading
from fieldkit.receivers.sources import (
    VARIABLE,
    connected_sources,
    serial_readings,
    serial_source,
)


@pytest.fixture
def receiver() -> Iterator[SimulatedReceiver]:
    with SimulatedReceiver() as receiver:
        yield receiver


def readings(receiver: SimulatedReceiver, silent_after_s: float = 60.0) -> Any:
    return serial_readings(receiver.path, lambda: False, silent_after_s)


def test_readings_come_from_the_port_and_are_mock_for_it_is_no_receivers(
    receiver: SimulatedReceiver,
) -> None:
    receiver.go_on(lambda at: moment(at, 24.95, 115.65))
    told = next(readings(receiver))
    assert isinstance(told, Reading)
    assert (told.lat_deg, told.lon_deg) == pytest.approx((24.95, 115.65))
    assert told.is_mock
    assert told.fix()["basis"].endswith("; simulated")


def test_a_receiver_without_satellites_says_no_fix(receiver: SimulatedReceiver) -> None:
    receiver.go_on(lambda at: moment(at, quality=0))
    assert isinstance(next(readings(receiver)), NoFix)


def test_an_unplugged_receiver_is_told_and_named(receiver: SimulatedReceiver) -> None:
    receiver.go_on()
    words = readings(receiver)
    next(words)
    receiver.unplug()
    with pytest.raises(ReceiverUnplugged, match=receiver.path):
        list(words)


def test_a_silent_port_is_tried_at_every_speed_and_then_told(
    receiver: SimulatedReceiver,
) -> None:
    with pytest.raises(ReceiverSilent):
        list(readings(receiver, silent_after_s=0.0))


def test_what_is_no_nmea_is_told(receiver: SimulatedReceiver) -> None:
    receiver.go_on(lambda _at: [b"AT+CSQ: 20,99\r\n"] * 9)
    with pytest.raises(ReceiverUnreadable):
        list(readings(receiver))


def test_a_port_in_use_is_told_as_that(receiver: SimulatedReceiver) -> None:
    receiver.go_on()
    first = readings(receiver)
    next(first)
    with pytest.raises(ReceiverBusy):
        next(readings(receiver))


def test_a_port_that_is_not_there_is_told() -> None:
    with pytest.raises(ReceiverUnplugged):
        next(serial_readings("/dev/ttyUSB987", lambda: False))


def test_a_port_that_may_not_be_read_names_the_group() -> None:
    forbidden = trouble_of(OSError(errno.EACCES, "Permission denied"), "/dev/ttyUSB0")
    assert isinstance(forbidden, ReceiverForbidden)
    assert "dialout" in forbidden.message.zh
    assert "dialout" in forbidden.message.en
    on_windows = trouble_of(OSError("access is denied"), "COM3", "win32")
    assert isinstance(on_windows, ReceiverBusy)


def test_the_named_port_is_among_those_connected_while_it_is_there(
    receiver: SimulatedReceiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(VARIABLE, receiver.path)
    assert connected_sources()[0] == serial_source(receiver.path)
    assert receiver.path in connected_sources()[0].label
    monkeypatch.setenv(VARIABLE, "/dev/no-such-port")
    assert all("no-such" not in source.id for source in connected_sources())


class Seconds:
    now_s = 0.0

    def __call__(self) -> float:
        return self.now_s


def test_a_position_whose_time_stands_still_is_stale_until_it_moves() -> None:
    clock = Seconds()
    freshness = Freshness(clock)
    reading = Reading(115.65, 24.96, 9.0, "NMEA", True, fixed_at=BEGINNING)
    assert freshness.judged(reading) is reading
    clock.now_s = STALE_AFTER_S
    assert freshness.judged(reading) is reading
    clock.now_s += 1
    stale = freshness.judged(reading)
    assert stale is not None
    assert not isinstance(stale, Reading)
    assert stale.code == "receiver-stale"
    moved = Reading(115.65, 24.96, 9.0, "NMEA", True, fixed_at=None)
    assert freshness.judged(moved) is moved


def test_a_receiver_that_talks_of_other_things_has_no_fix() -> None:
    clock = Seconds()
    freshness = Freshness(clock)
    assert freshness.judged(None) is None
    clock.now_s = UNFIXED_AFTER_S + 1
    assert isinstance(freshness.judged(None), NoFix)
    assert freshness.judged(None) is None


def test_sentences_of_satellites_come_between_and_do_no_harm(
    receiver: SimulatedReceiver,
) -> None:
    receiver.go_on(lambda at: [sentence("GPGSV,1,1,00"), *moment(at)])
    assert isinstance(next(readings(receiver)), Reading)
