"""What a receiver said last, kept while somebody asks."""

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest

from fieldkit.receivers.errors import ReceiverUnknown, ReceiverUnplugged
from fieldkit.receivers.freshness import Told
from fieldkit.receivers.reading import Reading
from fieldkit.receivers.sources import Source
from fieldkit.receivers.watch import Receivers

WAIT_S = 60.0


@dataclass(frozen=True, slots=True)
class Spoken(Source):
    """A receiver that says what the test has it say, one word at a time."""

    may_speak: threading.Semaphore = field(
        default_factory=lambda: threading.Semaphore(0)
    )
    opened: list[int] = field(default_factory=list)

    def readings(self, is_over: Callable[[], bool]) -> Iterator[Told]:
        self.opened.append(1)
        for number in range(4):
            while not self.may_speak.acquire(timeout=0.05):
                if is_over():
                    return
            if number == 3:
                raise ReceiverUnplugged(self.label)
            yield Reading(115.0 + number, 24.0, 9.0, "NMEA", True)


@pytest.fixture
def spoken() -> Spoken:
    return Spoken("serial:/dev/ttyUSB0", "nmea", "/dev/ttyUSB0")


@pytest.fixture
def receivers(spoken: Spoken) -> Iterator[Receivers]:
    receivers = Receivers(lambda: [spoken])
    yield receivers
    receivers.end()


def test_each_word_comes_once_and_the_trouble_at_the_end(
    receivers: Receivers, spoken: Spoken
) -> None:
    cursor, told = 0, []
    for _ in range(4):
        spoken.may_speak.release()
        found = receivers.after(spoken.id, cursor, WAIT_S)
        assert found["cursor"] != cursor
        cursor = found["cursor"]
        told.append(found)
    *fixes, last = told
    assert [one["fix"]["lon_deg"] for one in fixes] == [115.0, 116.0, 117.0]
    assert last["fix"] is None
    assert isinstance(last["trouble"], ReceiverUnplugged)
    assert told[0]["details"]["is_estimated"] is True


def test_a_receiver_is_opened_once_for_all_pages(
    receivers: Receivers, spoken: Spoken
) -> None:
    spoken.may_speak.release()
    both: list[Any] = [receivers.after(spoken.id, 0, WAIT_S) for _page in range(2)]
    assert both[0] == both[1]
    assert spoken.opened == [1]


def test_a_receiver_that_ended_is_begun_anew_when_asked_again(
    receivers: Receivers, spoken: Spoken
) -> None:
    spoken.may_speak.release(4)
    found = receivers.after(spoken.id, 0, WAIT_S)
    while found["trouble"] is None:
        found = receivers.after(spoken.id, found["cursor"], WAIT_S)
    spoken.may_speak.release()
    while found["fix"] is None:
        found = receivers.after(spoken.id, found["cursor"], WAIT_S)
    assert spoken.opened == [1, 1]


def test_only_what_is_connected_is_ever_opened(receivers: Receivers) -> None:
    with pytest.raises(ReceiverUnknown):
        receivers.after("serial:/etc/passwd", 0, 0.0)
