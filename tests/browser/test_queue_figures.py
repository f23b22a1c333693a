"""What the queue's first card says while a photograph is on its way, and days later."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from browser.field_tablet import FieldTablet, picture
from journeys.hostile_proxy import Answer, Hold, HostileProxy
from playwright.sync_api import Locator, Page, expect

ENDED = "navigator.locks.request('gi-fieldkit-sync', () => {})"
PHOTO_BYTES = 100_000  # two parts: 65,536 and 34,464


@pytest.fixture
def holds(proxy: HostileProxy) -> Iterator[list[Hold]]:
    """The last part of the first photograph, and of the second, each held."""
    holds = [Hold(), Hold()]
    for hold in holds:
        proxy.rule("PUT", "/parts/1$", hold)
    yield holds
    for hold in holds:
        hold.released.set()


@pytest.fixture
def queue(far_tablet: FieldTablet) -> Page:
    """The queue of a tablet that has synced once; what comes then it has not begun."""
    far_tablet.sync()
    page = opened(far_tablet)
    expect(page.locator(".sync-now")).to_be_enabled()
    return page


def opened(tablet: FieldTablet, *, days_later: int = 0) -> Page:
    assert tablet.tablet.context is not None
    page = tablet.tablet.context.new_page()
    if days_later:
        later = timedelta(days=days_later, hours=1)
        page.clock.set_fixed_time(datetime.now(UTC) + later)
    page.goto(f"{tablet.url}/field/queue")
    page.get_by_role("heading", name="队列").wait_for()
    return page


def figure(page: Page, name: str) -> Locator:
    term = page.locator(".figures dt").get_by_text(name, exact=True)
    return term.locator("xpath=following-sibling::dd[1]")


def begin(page: Page, tablet: FieldTablet, *seeds: int) -> None:
    """Record photographs that are new to the server, and press the button here."""
    photos = [picture(PHOTO_BYTES, seed) for seed in seeds]
    tablet.record(*photos)
    expect(figure(page, "未送达")).to_have_text("1")
    page.locator(".sync-now").click()


def test_a_sync_tells_photographs_and_bytes_as_they_arrive(
    queue: Page, far_tablet: FieldTablet, holds: list[Hold]
) -> None:
    first, second = holds
    begin(queue, far_tablet, 31, 32)
    step, bar = queue.locator(".step"), queue.locator("progress")
    expect(step).to_have_text("照片 0/2 · 66 kB / 200 kB")
    assert bar.evaluate("(bar) => bar.value") == pytest.approx(65_536 / 200_000)
    first.released.set()
    expect(step).to_have_text("照片 1/2 · 166 kB / 200 kB")
    assert bar.evaluate("(bar) => bar.value") == pytest.approx(165_536 / 200_000)
    other = opened(far_tablet)
    expect(other.locator(".sync-now")).to_have_text("正在同步")
    expect(other.locator("progress")).to_be_visible()
    assert other.locator("progress").get_attribute("value") is None
    other.close()
    second.released.set()
    expect(queue.locator(".sync-result .note")).to_contain_text("2 张照片")
    expect(bar).to_be_hidden()


def test_a_sync_that_began_by_itself_tells_the_same_and_the_rows_follow(
    far_tablet: FieldTablet, holds: list[Hold]
) -> None:
    first, second = holds
    far_tablet.sync()
    far_tablet.record(*(picture(PHOTO_BYTES, seed) for seed in (36, 37)))
    page = opened(far_tablet)
    expect(page.locator(".step")).to_have_text("照片 0/2 · 66 kB / 200 kB")
    expect(page.locator(".queue-row")).to_contain_text("照片 0/2")
    first.released.set()
    expect(page.locator(".step")).to_have_text("照片 1/2 · 166 kB / 200 kB")
    expect(page.locator(".queue-row")).to_contain_text("照片 1/2")
    expect(page.locator("header .unsent")).to_have_text("记录已送达 · 照片 1 张待传")
    second.released.set()
    expect(figure(page, "照片已送达")).to_have_text("2/2")
    expect(page.locator("progress")).to_be_hidden()


def test_a_photograph_that_is_refused_is_told_with_its_reason_until_it_went(
    queue: Page, far_tablet: FieldTablet, proxy: HostileProxy
) -> None:
    proxy.rule("PUT", "/parts/", refusal("服务器不收这张照片"), times=1000)
    begin(queue, far_tablet, 35)
    result, troubles = queue.locator(".sync-result .note"), queue.locator(".troubles")
    expect(result).to_have_text(
        ["已送达：1 条记录，0 张照片。", "1 项没有办成，原因见上面。"]
    )
    expect(result.last).to_have_class("note bad")
    expect(troubles.locator("li")).to_contain_text(["照片：服务器不收这张照片"])
    queue.reload()
    troubles.get_by_role("link", name="查看记录").click()
    queue.wait_for_url("**/field/record/*")
    (row,) = far_tablet.rows()
    expect(queue.locator("h1")).to_have_text(row["record_no"])
    proxy.heal()
    far_tablet.page.evaluate(ENDED)
    far_tablet.sync()
    again = opened(far_tablet)
    expect(figure(again, "照片已送达")).to_have_text("1/1")
    expect(again.locator(".troubles")).to_have_count(0)


def refusal(title: str) -> Answer:
    """The server will not have it, and says why."""
    told = {"code": "blob-not-named", "title": "not wanted", "zh": {"title": title}}
    headers = (("Content-Type", "application/problem+json"),)
    return Answer(409, headers, json.dumps(told).encode())


def test_the_figures_tell_what_waits_and_how_old_all_is(
    queue: Page, far_tablet: FieldTablet, holds: list[Hold]
) -> None:
    first, second = holds
    begin(queue, far_tablet, 33, 34)
    first.released.set()
    assert second.arrived.wait(60)  # what is sealed from here on waits for its reply
    expect(queue.locator(".step")).to_contain_text("照片 1/2")
    far_tablet.record()
    page = opened(far_tablet, days_later=2)
    expect(figure(page, "未送达")).to_have_text("1")
    expect(figure(page, "最早一条")).to_have_text("2 天前")
    expect(figure(page, "照片已送达")).to_have_text("1/2")
    expect(figure(page, "上次联系服务器")).to_have_text("2 天前")
    expect(figure(page, "参考数据")).to_have_text("2 天前与服务器核对")
    expect(page.locator(".queue-row").last).to_contain_text("照片 1/2")
    expect(page.locator("header .unsent")).to_have_text("1 条未送达 · 最早 2 天前")
    page.close()
