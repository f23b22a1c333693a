"""A new version of the app: announced, and never in the middle of a record."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from browser.altered_bureau import AlteredBureau
from browser.chromium import Tablet
from browser.conftest import NewTablet, enrolled
from browser.inspector import PHONE, Inspector
from browser.installed import CACHED, install
from browser.measures import faults_of
from journeys.hostile_proxy import Hold, HostileProxy
from playwright.sync_api import Locator, Page, expect

OWN_CODE = "fetch('/field/joined/base.js').then((reply) => reply.text())"
LOOK_FOR_UPDATE = "navigator.serviceWorker.getRegistration().then((r) => r.update())"
MARK = "document.documentElement.classList.add('before')"
# Another version that adds a step to the database closes it beneath the one before.
NEXT_STEP = ("draftsAndExports]", "draftsAndExports, () => {}]")


@pytest.fixture
def altered(tmp_path: Path) -> Iterator[AlteredBureau]:
    with AlteredBureau(tmp_path) as bureau:
        yield bureau


@pytest.fixture
def browser(new_tablet: NewTablet, altered: AlteredBureau) -> Tablet:
    """A phone that is enrolled and keeps the app."""
    browser = new_tablet()
    browser.start(**PHONE)
    install(enrolled(browser, altered, altered.url)).close()
    return browser


def offered(page: Page) -> Locator:
    return page.get_by_role("button", name="更新", exact=True)


def test_an_update_waits_until_a_person_agrees_and_takes_no_keystroke_with_it(
    browser: Tablet, altered: AlteredBureau
) -> None:
    inspector = Inspector(browser.page("about:blank"), altered.url)
    page = inspector.page
    before = page.evaluate("caches.keys()")
    inspector.begin()
    inspector.take_code("GI-101")
    altered.change()
    page.evaluate(LOOK_FOR_UPDATE)
    update = offered(page)
    update.wait_for()
    inspector.kept()
    assert "// changed" not in page.evaluate(OWN_CODE)
    page.reload()
    page.locator(".finding").get_by_text("GI-101").wait_for()
    assert "// changed" not in page.evaluate(OWN_CODE)
    update.wait_for()
    inspector.part("备注").locator("textarea").fill("三车货")
    with page.expect_navigation():
        update.tap()  # at once, before the draft is saved by itself
    page.locator(".finding").get_by_text("GI-101").wait_for()
    assert "// changed" in page.evaluate(OWN_CODE)
    assert page.evaluate(CACHED)["others"] == 0
    assert page.evaluate("caches.keys()") != before
    (draft,) = inspector.ask("drafts")
    assert draft["answers"]["note"] == "三车货"


NO_RECORD_OPEN = """async () => {
    const { held } = await navigator.locks.query();
    return held.every(({ name }) => name !== "gi-field-record-open");
}"""


def test_an_update_waits_for_the_record_that_is_open_in_another_window(
    browser: Tablet, altered: AlteredBureau
) -> None:
    writing = Inspector(browser.page("about:blank"), altered.url)
    writing.begin()
    writing.take_code("GI-101")
    writing.kept()
    writing.page.evaluate(MARK)
    idle = Inspector(browser.page("about:blank"), altered.url)
    altered.change(("outbox/indexeddb/steps.js", *NEXT_STEP))
    idle.page.evaluate(LOOK_FOR_UPDATE)
    offered(idle.page).tap()
    expect(idle.page.locator(".banner.problem")).to_contain_text("另一个窗口正在填写")
    assert faults_of(idle.page, "both banners") == {}
    writing.part("备注").locator("textarea").fill("三车货")
    writing.kept()
    assert "// changed" not in writing.page.evaluate(OWN_CODE)
    assert writing.page.locator("html.before").count() == 1  # it was not loaded anew
    with writing.page.expect_navigation(url="**/field/"):
        writing.page.locator(".savebar a").tap()
    idle.page.wait_for_function(NO_RECORD_OPEN)
    for one in (writing, idle):
        one.page.evaluate(MARK)
    offered(idle.page).tap()
    for one in (writing, idle):
        one.page.locator("html:not(.before)").wait_for()
        one.shown()
        assert "// changed" in one.page.evaluate(OWN_CODE)
        assert one.page.evaluate(CACHED)["others"] == 0
    writing.page.locator(".home .rows a").tap()
    writing.page.locator(".finding").get_by_text("GI-101").wait_for()
    (draft,) = writing.ask("drafts")
    assert draft["answers"]["note"] == "三车货"


def test_an_update_that_is_on_its_way_when_the_app_is_opened_is_announced(
    new_tablet: NewTablet, altered: AlteredBureau
) -> None:
    with HostileProxy("127.0.0.1", altered.port) as link:
        browser = new_tablet()
        before = install(enrolled(browser, altered, link.url))
        altered.change()
        coming = link.rule("GET", "/field/joined/base.js", Hold(before_server=True))
        assert isinstance(coming, Hold)
        before.evaluate(LOOK_FOR_UPDATE)
        assert coming.arrived.wait(60)
        opened = browser.page(f"{link.url}/field/")
        opened.get_by_role("heading", level=1).wait_for()
        coming.released.set()
        expect(offered(opened)).to_be_visible()
