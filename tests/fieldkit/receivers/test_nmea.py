"""Sentences of a receiver into readings, one a moment."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from simulated_receiver import BEGINNING, moment, sentence

from fieldkit.receivers.errors import NoFix
from fieldkit.receivers.nmea import BROKEN_IN_A_ROW, NmeaReader
from fieldkit.receivers.reading import Reading


def told(*moments: list[bytes]) -> list[Any]:
    """What is told of these moments, the last one ended by the end."""
    reader = NmeaReader()
    said = [reader.take(line) for lines in moments for line in lines]
    return [word for word in [*said, reader.end()] if word is not None]


def only(*moments: list[bytes]) -> Reading:
    (reading,) = told(*moments)
    assert isinstance(reading, Reading)
    return reading


def test_a_moment_is_one_fix_with_the_satellites_time() -> None:
    fix = only(moment(BEGINNING)).fix()
    assert fix == {
        "lon_deg": 115.6512,
        "lat_deg": 24.9633,
        "datum": "WGS84",
        "radius95_m": 9.0,
        "source": "external",
        "is_mock": None,
        "fixed_at": "2023-12-02T02:20:00.000Z",
        "basis": "NMEA HDOP 0.9, UERE 5 m, 2 x HDOP x UERE",
    }


def test_the_receivers_own_error_goes_before_the_geometry() -> None:
    reading = only(moment(BEGINNING, sigma_m=2.0))
    assert reading.fix()["radius95_m"] == 4.9
    assert reading.fix()["basis"] == "NMEA GST, 1 sigma x 2.45"
    assert not reading.is_estimated
    assert only(moment(BEGINNING)).is_estimated


@pytest.mark.parametrize("hdop", [None, 99.99])
def test_without_geometry_the_radius_is_unknown_and_never_zero(hdop: Any) -> None:
    reading = only(moment(BEGINNING, hdop=hdop))
    assert reading.fix()["radius95_m"] is None
    assert reading.fix()["basis"] == "NMEA without accuracy"


@pytest.mark.parametrize(("quality", "mode"), [(8, "S"), (7, "M"), (1, "S")])
def test_what_a_simulator_says_is_mock(quality: int, mode: str) -> None:
    fix = only(moment(BEGINNING, quality=quality, mode=mode)).fix()
    assert fix["is_mock"] is True
    assert fix["basis"].endswith("; simulated")


def test_dead_reckoning_is_given_no_accuracy() -> None:
    fix = only(moment(BEGINNING, quality=6, mode="E")).fix()
    assert (fix["radius95_m"], fix["is_mock"]) == (None, None)


def test_no_satellites_is_no_fix_and_no_position_in_the_sea() -> None:
    (word,) = told(moment(BEGINNING, quality=0))
    assert isinstance(word, NoFix)


def test_a_moment_said_again_is_told_again() -> None:
    assert len(told(*[moment(BEGINNING)] * 3)) == 3


def test_south_and_west_are_negative() -> None:
    words = "GPGGA,022000.00,2457.798,S,11539.072,W,1,08,1.0,,M,,M,,"
    reading = only([sentence(words)])
    assert (reading.lat_deg, reading.lon_deg) == pytest.approx((-24.9633, -115.6512))


def test_what_fails_its_checksum_is_passed_over_and_counted() -> None:
    reader = NmeaReader()
    line = moment(BEGINNING)[0].replace(b"E", b"W", 1)
    for _ in range(BROKEN_IN_A_ROW):
        assert reader.take(line) is None
    assert reader.broken_in_a_row == BROKEN_IN_A_ROW
    assert reader.end() is None


@pytest.mark.parametrize(
    "words",
    [
        "GPGGA,,,,,,,,,,,,,,",
        "GPRMC,022000.00,A,,,,,,,021223,,,A",
        "GPGGA,022000.00,9957.798,N,11539.072,E,1,08,1.0,,M,,M,,",
        "GPGGA,022000.00,abc,N,def,E,1,08,1.0,,M,,M,,",
        "GPGGA,022000.00",
        "PUBX,00,nonsense",
    ],
)
def test_what_holds_no_position_gives_none(words: str) -> None:
    assert not [word for word in told([sentence(words)]) if isinstance(word, Reading)]


def test_the_day_is_not_carried_over_midnight_without_being_said() -> None:
    before = datetime(2023, 12, 2, 23, 59, 59, tzinfo=UTC)
    _rmc, gga = moment(before + timedelta(seconds=1))
    first, second = told(moment(before), [gga])
    assert first.fixed_at == before
    assert second.fixed_at is None


def test_a_week_number_that_rolled_over_leaves_the_time_out() -> None:
    fix = only(moment(datetime(2004, 4, 18, 2, 20, tzinfo=UTC))).fix()
    assert fix["fixed_at"] is None
