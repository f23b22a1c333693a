"""A season's work on one tablet: the queue stays quick, and all of it arrives."""

import os
from statistics import median
from typing import Any

import pytest
from browser.bureaus import ledger, standings
from browser.field_tablet import FieldTablet, fingerprint
from browser.installed import install
from browser.many_records import seal_many
from journeys.commanded import CommandedBureau
from playwright.sync_api import Page

PAGE = 50
SEASON = {"short": 2_000}.get(os.environ.get("SOAK", ""), 10_000)
TIMES = 9
SECOND_MS = 1_000
# Every request that a page makes of its database, noted at the browser's own door.
COUNT_REQUESTS = """() => {
    self.requests = 0;
    const doors = [IDBObjectStore, IDBIndex, IDBCursor];
    const names = ["get", "getKey", "getAll", "getAllKeys", "count", "openCursor",
        "openKeyCursor", "continue", "advance"];
    for (const { prototype } of doors) {
        for (const name of names.filter((one) => prototype[one])) {
            const ask = prototype[name];
            prototype[name] = function (...words) {
                self.requests += 1;
                return ask.apply(this, words);
            };
        }
    }
}"""
# From the tap to the first frame that shows the rows.
OPEN_QUEUE = """async () => {
    const frame = () => new Promise((seen) => requestAnimationFrame(seen));
    const tap = async (path, sight) => {
        document.querySelector(`nav a[href="/field/${path}"]`).click();
        while (!document.querySelector(sight)) await frame();
    };
    await tap("", ".home");
    const [began, before] = [performance.now(), self.requests ?? 0];
    await tap("queue", ".queue-row");
    await frame();
    const rows = document.querySelectorAll(".queue-row").length;
    return { ms: performance.now() - began, requests: self.requests - before, rows };
}"""


@pytest.fixture
def offline_app(tablet: FieldTablet) -> Page:
    """The app, which sends nothing meanwhile."""
    page = install(tablet)
    page.locator(".home").wait_for()
    page.context.set_offline(True)
    page.evaluate(OPEN_QUEUE.replace(".queue-row", ".queue"))  # its modules are loaded
    return page


def opened(page: Page) -> dict[str, Any]:
    """Open the queue; what it took."""
    taken: dict[str, Any] = page.evaluate(OPEN_QUEUE)
    return taken


def test_the_queue_of_many_records_reads_and_draws_no_more_than_that_of_few(
    tablet: FieldTablet, offline_app: Page
) -> None:
    """A measured time hangs on the machine; how much is read and drawn does not."""
    offline_app.evaluate(COUNT_REQUESTS)
    seal_many(tablet, PAGE + 1)
    few = opened(offline_app)
    seal_many(tablet, 10 * PAGE)
    many = opened(offline_app)
    assert few["rows"] == many["rows"] == PAGE
    assert 0 < many["requests"] <= few["requests"]
    said = f"显示 {PAGE} / {11 * PAGE + 1} 条"
    offline_app.get_by_text(said).wait_for()


@pytest.mark.soak
def test_ten_thousand_records_are_listed_within_a_second_and_arrive_to_the_row(
    tablet: FieldTablet, offline_app: Page, bureau: CommandedBureau
) -> None:
    seal_many(tablet, SEASON)
    took = median(opened(offline_app)["ms"] for _ in range(TIMES))
    assert took < SECOND_MS, f"{SEASON} records in {took:.0f} ms (median of {TIMES})"
    context = offline_app.context
    offline_app.close()  # it would sync by itself
    context.set_offline(False)
    assert tablet.sync()["stopped"] is None
    assert tablet.ask("status")["unsent"] == 0
    assert standings(bureau, tablet.device_id) == {"stored": SEASON}
    assert ledger(bureau, tablet.device_id) == fingerprint(tablet.rows())
