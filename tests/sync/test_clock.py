"""The day of an act, whatever the device's clock shows."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from sync.clock import acted_on, instant, instant_text, is_drift_flagged, offset_ms


def payload(
    observed_at: str, fix: dict[str, Any] | None = None, offset: int | None = None
) -> dict[str, Any]:
    return {
        "clock": {"offset_ms": offset},
        "body": {"observed_at": observed_at, "site": {"fix": fix}},
    }


def test_the_day_is_that_of_shanghai() -> None:
    assert acted_on(payload("2023-12-02T15:59:59Z")) == date(2023, 12, 2)
    assert acted_on(payload("2023-12-02T16:00:00Z")) == date(2023, 12, 3)


def test_gnss_time_goes_before_the_device() -> None:
    """mapeo-core#55, cht-core#6284: a clock ten years off."""
    fix = {"source": "gnss", "fixed_at": "2023-12-02T10:19:41+08:00"}
    assert acted_on(payload("2033-12-02T10:20:00+08:00", fix)) == date(2023, 12, 2)
    fix["source"] = "manual"
    assert acted_on(payload("2033-12-02T10:20:00+08:00", fix)).year == 2033


def test_the_measured_offset_is_taken_off() -> None:
    ten_years = int(timedelta(days=3653) / timedelta(milliseconds=1))
    off = payload("2033-12-02T10:20:00+08:00", offset=ten_years)
    assert acted_on(off) == date(2023, 12, 2)
    assert acted_on(payload("2023-12-02T10:20:00Z", offset=-(10**17))).year == 2023


def test_a_mock_fix_does_not_tell_the_day() -> None:
    """ADR 6: a mock position decides nothing."""
    fix = {"source": "gnss", "fixed_at": "2023-11-01T02:00:00Z", "is_mock": True}
    assert acted_on(payload("2024-01-05T10:20:00+08:00", fix)) == date(2024, 1, 5)


def test_the_offset_is_that_of_the_clock_that_showed_the_time() -> None:
    """An amendment repeats the time of a clock that was set right since."""
    day_ms = 24 * 3600 * 1000
    amended = payload("2024-01-01T09:00:00+08:00", offset=0)
    amended["body"]["observed_offset_ms"] = day_ms
    assert acted_on(amended) == date(2023, 12, 31)
    imported = payload("2024-01-01T09:00:00+08:00", offset=day_ms)
    imported["body"]["observed_offset_ms"] = 0
    assert acted_on(imported) == date(2024, 1, 1)


def test_a_body_without_a_site_has_a_day() -> None:
    assert acted_on(
        {"body": {"observed_at": "2023-12-02T10:20:00Z", "site": None}}
    ) == date(2023, 12, 2)


def test_instants_go_there_and_back_in_milliseconds() -> None:
    at = datetime(2023, 12, 2, 10, 20, 0, 123456, tzinfo=UTC)
    assert instant_text(at) == "2023-12-02T10:20:00.123Z"
    assert instant(instant_text(at)) == at.replace(microsecond=123000)
    for naive in (datetime(2023, 1, 1),):
        with pytest.raises(ValueError, match="naive"):
            instant_text(naive)
    with pytest.raises(ValueError, match="naive"):
        instant("2023-12-02T10:20:00")


def test_drift_is_flagged_beyond_five_minutes() -> None:
    ahead = offset_ms(
        datetime(2023, 1, 1, 0, 5, 1, tzinfo=UTC), datetime(2023, 1, 1, tzinfo=UTC)
    )
    assert ahead == 301_000
    assert is_drift_flagged(ahead)
    assert is_drift_flagged(-ahead)
    assert not is_drift_flagged(300_000)
    assert not is_drift_flagged(None)
