"""A season's records on a laptop: what is asked at each keystroke opens none."""

import sqlite3
import sys
from collections.abc import Callable
from types import FrameType
from typing import Any

import pytest
from season import PHOTOS_EACH, seal_season

from fieldkit.device import Device
from fieldkit.home import Home
from fieldkit.outbox import SqliteOutbox

OPEN = ("columns.py", "_opened")
PAGE = 50


def opened_during(ask: Callable[[], Any]) -> int:
    """Do something; return how many encrypted columns were opened for it."""
    count = 0

    def note(frame: FrameType, event: str, _arg: Any) -> None:
        nonlocal count
        code = frame.f_code
        is_open = event == "call" and code.co_name == OPEN[1]
        count += is_open and code.co_filename.endswith(OPEN[0])

    sys.setprofile(note)
    try:
        ask()
    finally:
        sys.setprofile(None)
    return count


@pytest.mark.parametrize(
    "path", ["status", "records", "records?query=9", "records?state=sealed"]
)
def test_of_many_records_no_more_are_opened_than_of_few(
    page: Any, home: Home, outbox: SqliteOutbox, path: str
) -> None:
    def ask() -> Any:
        return page.get(f"/local/v1/{path}")

    seal_season(Device(home, outbox), PAGE + 10)
    ask()
    few = opened_during(ask)
    seal_season(Device(home, outbox), 10 * PAGE)
    ask()
    assert 0 < opened_during(ask) <= few + PAGE


def test_a_search_finds_what_was_sealed_after_the_last_one(
    page: Any, home: Home, outbox: SqliteOutbox
) -> None:
    def found(query: str) -> list[str]:
        told = page.get(f"/local/v1/records?query={query}")
        assert told["total"] == len(told["records"])
        return [row["title"] for row in told["records"]]

    seal_season(Device(home, outbox), 3)
    assert found("店 2") == ["果品店 2"]
    seal_season(Device(home, outbox), 20)
    assert found("店 2") == [f"果品店 {n}" for n in (23, 22, 21, 20, 2)]
    one = page.get("/local/v1/records?query=店 2")["records"][-1]
    assert one["photos"] == {"named": PHOTOS_EACH, "delivered": 0, "missing": 0}


def test_a_record_that_does_not_open_is_told_each_time_and_waits_for_nobody(
    page: Any, home: Home, outbox: SqliteOutbox
) -> None:
    seal_season(Device(home, outbox), 3)
    with sqlite3.connect(home.outbox_path) as connection:
        connection.execute("UPDATE record SET envelope = x'00' WHERE position = 2")
    connection.close()
    for _ in range(2):
        told = page.get("/local/v1/status")
        assert (told["unreadable"], told["unsent"]) == (1, 2)
    seal_season(Device(home, outbox), 1)
    told = page.get("/local/v1/status")
    assert (told["unreadable"], told["unsent"]) == (1, 3)
