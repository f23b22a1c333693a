"""The tablet's store in a real browser: every store's suite, and what a disk can do."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from browser.chromium import Tablet
from browser.module_server import ModuleServer
from playwright.sync_api import Page

SUITES = "/tests/browser/suites"
UNTIL_IT_GOES_ON = """async (suite) => {
    while (!(await suite.goesOn())) await new Promise(requestAnimationFrame);
}"""
ROOM_BYTES = 6 * 2**20


@pytest.fixture(scope="module")
def contract(module_browser: Tablet, modules: ModuleServer) -> Iterator[Any]:
    """The suite's account: how each test ended, and every write transaction."""
    page = module_browser.page(modules.url)
    yield page.evaluate(f"import('{SUITES}/store.js').then(s => s.runContract())")
    page.close()


def failures(ended: list[dict[str, str]]) -> dict[str, str]:
    return {one["name"]: one["error"] for one in ended if one["error"]}


def test_the_store_keeps_every_promise_of_the_port(contract: Any) -> None:
    assert failures(contract["ended"]) == {}
    assert len(contract["ended"]) >= 25


def test_every_write_waits_for_the_disk(contract: Any) -> None:
    """Killing the browser cannot tell: only a power cut would."""
    assert {one["durability"] for one in contract["writes"]} == {"strict"}
    assert len(contract["writes"]) > 50


def test_a_database_of_any_past_version_is_opened_with_its_rows(
    module_page: Page,
) -> None:
    ended = module_page.evaluate(
        f"import('{SUITES}/versions.js').then(s => s.runVersions())"
    )
    assert failures(ended) == {}
    assert len(ended) >= 2


def set_room(page: Page, most_bytes: int | None) -> None:
    """Say how much this origin may keep; None: whatever the machine has."""
    words = {"origin": page.url} | ({"quotaSize": most_bytes} if most_bytes else {})
    session = page.context.new_cdp_session(page)
    session.send("Storage.overrideQuotaForOrigin", words)


def test_a_full_disk_is_said_in_words_and_nothing_is_half_written(
    new_tablet: Callable[[], Tablet], modules: ModuleServer
) -> None:
    page = new_tablet().page(modules.url)
    suite = f"import('{SUITES}/full_disk.js')"
    set_room(page, ROOM_BYTES)
    page.evaluate(f"{suite}.then(s => s.fill())")
    set_room(page, None)
    page.evaluate(f"{suite}.then({UNTIL_IT_GOES_ON})")
