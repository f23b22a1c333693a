"""The app's own screens through what befalls tablets: said in words, nothing lost."""

import re
from typing import Any

from browser.bureaus import ledger, photographs, standings
from browser.conftest import NewTablet, enrolled
from browser.field_tablet import fingerprint
from browser.field_tablet import picture as picture_of
from browser.inspector import PHONE, XUNWU, Inspector, picture
from browser.waiting import until
from journeys.commanded import CommandedBureau
from playwright.sync_api import CDPSession, Page, expect

TIME_OUT_MS = 20_000
DAY_MS = 24 * 3600 * 1000
LITTLE_BYTES = 8 * 2**20
AHEAD = f"""(() => {{
    const [Real, now] = [Date, Date.now];
    self.Date = class extends Real {{
        constructor(...words) {{ super(...(words.length ? words : [Date.now()])); }}
        static now() {{ return now() + {DAY_MS}; }}
    }};
}})()"""
# The browser's own time-out, a hundred times as soon: nobody waits for 20 seconds.
IMPATIENT = """(() => {
    const places = navigator.geolocation;
    const watch = places.watchPosition.bind(places);
    places.watchPosition = (take, tell, options) => {
        self.patience_ms = options.timeout;
        return watch(take, tell, { ...options, timeout: options.timeout / 100 });
    };
})()"""
IPAD = (
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 "
    "(KHTML, like Gecko) Version/16.4 Safari/605.1.15"
)
HAS_ROOM = """() => navigator.storage.estimate()
    .then(({ usage, quota }) => quota - usage > 64 * 2 ** 20)"""


def devtools(page: Page) -> CDPSession:
    return page.context.new_cdp_session(page)


def say_all(inspector: Inspector) -> None:
    """Say what a record needs, but the position."""
    inspector.choose("果园")
    inspector.take_code("GI-101")
    inspector.choose("地理标志名称")


def rows(inspector: Inspector) -> list[dict[str, Any]]:
    """Every record that the device holds."""
    listed = inspector.ask("list", {"offset": 0, "limit": 1_000})["records"]
    return [row for row in listed if row["id"]]


def device_id(inspector: Inspector) -> str:
    return str(inspector.ask("identity")["device_id"])


def sync(inspector: Inspector) -> None:
    """Press "sync now", and wait until nothing waits."""
    inspector.open("queue")
    page = inspector.page
    page.get_by_role("button", name="立即同步").click()
    expect(page.locator(".sync-result .note").first).to_be_visible()
    expect(page.locator("header .unsent")).to_contain_text("已全部送达")


def test_what_the_screens_made_and_sent_is_the_ledgers_to_the_row(
    newcomer: Inspector, bureau: CommandedBureau
) -> None:
    newcomer.begin()
    say_all(newcomer)
    newcomer.photograph(picture("orchard"), "one.png")
    newcomer.photograph(picture("label"), "two.png")
    record = newcomer.save()
    newcomer.open("queue")
    row = newcomer.page.locator(".queue-row").first
    expect(row).to_have_attribute("data-state", "delivered")
    expect(row).to_contain_text("照片 2/2")
    expect(newcomer.page.locator("header .unsent")).to_contain_text("已全部送达")
    assert ledger(bureau, device_id(newcomer)) == fingerprint(rows(newcomer))
    named = {one["sha256"] for one in record["body"]["evidence"]}
    assert len(named) == 2
    assert named <= photographs(bureau)


def test_a_receiver_that_finds_nothing_in_time_is_said_and_still_listened_to(
    newcomer: Inspector,
) -> None:
    page = newcomer.page
    page.add_init_script(IMPATIENT)
    page.context.set_geolocation(None)
    devtools(page).send("Emulation.clearGeolocationOverride")
    newcomer.open("new")
    expect(page.locator(".position")).to_contain_text("20 秒内没有定到位，仍在继续")
    assert page.evaluate("self.patience_ms") == TIME_OUT_MS
    newcomer.at(*XUNWU, 7.5)
    assert "精度 7.5 米" in newcomer.position


def test_a_device_without_a_position_says_what_to_do_and_a_reason_suffices(
    newcomer: Inspector,
) -> None:
    newcomer.page.context.set_geolocation(None)
    newcomer.begin()
    expect(newcomer.page.locator(".position")).to_contain_text("到窗边或室外再试")
    newcomer.page.get_by_role("button", name="没有位置").tap()
    newcomer.choose("室内或冷库，收不到信号")
    say_all(newcomer)
    site = newcomer.save()["body"]["site"]
    assert (site["fix"], site["no_fix_reason"]) == (None, "室内或冷库，收不到信号")


def test_what_the_screen_called_sealed_is_there_after_the_browser_was_killed(
    new_tablet: NewTablet, bureau: CommandedBureau
) -> None:
    browser = new_tablet()
    browser.start(**PHONE)
    enrolled(browser, bureau, bureau.url).page.close()
    inspector = Inspector(browser.page("about:blank"), bureau.url)
    inspector.at(*XUNWU, 1500)
    inspector.begin()
    say_all(inspector)
    inspector.photograph(picture("kept"), "kept.png")
    inspector.page.get_by_role("button", name="保存并封存").tap()
    inspector.page.get_by_role("heading", name="已封存").wait_for()
    address = inspector.page.url
    browser.kill()
    browser.start(**PHONE)
    again = Inspector(browser.page("about:blank"), bureau.url)
    (row,) = rows(again)
    assert row["id"] == address.split("/")[-2]
    assert again.ask("drafts") == []
    body = again.ask("show", row["id"])["body"]
    assert body["site"]["fix"]["radius95_m"] == 1500
    again.open("queue")
    expect(again.page.locator(".queue-row").first).to_contain_text("照片 1/1")
    assert ledger(bureau, device_id(again)) == fingerprint(rows(again))


def test_a_draft_that_another_window_sealed_becomes_no_second_record(
    newcomer: Inspector, bureau: CommandedBureau
) -> None:
    newcomer.begin()
    say_all(newcomer)
    newcomer.kept()
    assert newcomer.position
    draft = newcomer.page.url
    other = newcomer.page.context.new_page()
    other.goto(draft)
    other.locator(".finding").get_by_text("GI-101").wait_for()
    newcomer.save()
    other.get_by_role("button", name="保存并封存").tap()
    expect(other.locator(".banner.problem")).to_contain_text("已保存为记录")
    assert len(rows(newcomer)) == 1
    assert newcomer.ask("drafts") == []


def test_a_revoked_device_says_so_beside_its_record(
    newcomer: Inspector, bureau: CommandedBureau
) -> None:
    newcomer.begin()
    say_all(newcomer)
    newcomer.page.context.set_offline(True)
    newcomer.save()
    bureau.do("device", "revoke", device_id(newcomer))
    newcomer.page.context.set_offline(False)
    sync(newcomer)
    row = newcomer.page.locator(".queue-row").first
    expect(row).to_contain_text("隔离待审")
    expect(row.locator(".why")).to_contain_text("吊销")
    row.locator("a").tap()
    expect(newcomer.page.locator(".todo")).to_contain_text("请按原因联系市局")
    assert standings(bureau, device_id(newcomer)) == {"quarantined": 1}


def test_a_purged_phone_offers_to_enrol_and_begins_anew(
    newcomer: Inspector, bureau: CommandedBureau
) -> None:
    page = newcomer.page
    first = device_id(newcomer)
    newcomer.begin()
    say_all(newcomer)
    newcomer.save()
    sync(newcomer)
    words = {"origin": bureau.url, "storageTypes": "all"}
    devtools(page).send("Storage.clearDataForOrigin", words)
    newcomer.open()
    page.get_by_role("link", name="登记设备").tap()
    page.get_by_label("登记码", exact=True).fill(bureau.new_code())
    page.get_by_role("button", name="登记", exact=True).tap()
    page.get_by_role("heading", name="本设备已登记").wait_for()
    newcomer.open()
    newcomer.begin()
    say_all(newcomer)
    newcomer.save()
    sync(newcomer)
    assert device_id(newcomer) != first
    assert standings(bureau, first) == {"stored": 1}
    assert standings(bureau, device_id(newcomer)) == {"stored": 1}


def test_a_clock_a_day_ahead_is_said_in_the_settings_and_refuses_nothing(
    newcomer: Inspector, bureau: CommandedBureau
) -> None:
    newcomer.page.add_init_script(AHEAD)
    newcomer.open()
    newcomer.begin()
    say_all(newcomer)
    newcomer.save()
    sync(newcomer)
    newcomer.open("settings")
    expect(newcomer.page.locator(".settings")).to_contain_text("本机时钟比服务器快 14")
    assert standings(bureau, device_id(newcomer)) == {"stored": 1}


def test_a_full_disk_is_said_before_the_shutter_and_costs_nothing(
    newcomer: Inspector, bureau: CommandedBureau
) -> None:
    page = newcomer.page
    tools = devtools(page)
    used = page.evaluate("navigator.storage.estimate().then(({ usage }) => usage)")
    words = {"origin": bureau.url, "quotaSize": used + LITTLE_BYTES}
    tools.send("Storage.overrideQuotaForOrigin", words)
    newcomer.begin()
    say_all(newcomer)
    choosers: list[Any] = []
    page.on("filechooser", lambda chooser: choosers.append(chooser))
    page.get_by_text("拍照", exact=True).tap()
    expect(page.locator(".banner.problem")).to_contain_text("本机存储将满")
    assert choosers == []
    newcomer.kept()
    record = newcomer.save()
    assert record["body"]["evidence"] == []
    tools.send("Storage.overrideQuotaForOrigin", {"origin": bureau.url})
    until(page, HAS_ROOM)
    newcomer.open()
    newcomer.begin()
    say_all(newcomer)
    newcomer.photograph(picture("room"))
    assert len(newcomer.save()["body"]["evidence"]) == 1


def test_the_room_used_and_the_browsers_promise_are_shown(
    new_tablet: NewTablet, bureau: CommandedBureau
) -> None:
    """The promise is asked for whenever the app is opened."""
    tablet = enrolled(new_tablet(), bureau, bureau.url)
    tablet.record(picture_of(300_000))
    page = tablet.tablet.page(f"{bureau.url}/field/settings")
    expect(page.locator(".settings")).to_contain_text("没有承诺保留数据")
    expect(page.locator(".settings")).to_contain_text("应用没有安装到主屏幕")
    figures = re.compile(r"已用 [\d.]+ [kM]B，可用约")
    expect(page.locator(".settings")).to_contain_text(figures)
    promise = {"permission": {"name": "persistent-storage"}, "setting": "granted"}
    devtools(page).send("Browser.setPermission", promise | {"origin": bureau.url})
    page.reload()
    page.get_by_role("heading", name="设置").wait_for()
    page.reload()
    expect(page.locator(".settings")).to_contain_text("浏览器承诺不自行清理")
    assert page.evaluate("navigator.storage.persisted()") is True


def test_an_ipad_where_it_is_not_installed_says_what_that_means_and_offers_the_export(
    newcomer: Inspector,
) -> None:
    page = newcomer.page
    tools = devtools(page)
    tools.send("Emulation.setUserAgentOverride", {"userAgent": IPAD})
    touch = {"enabled": True, "maxTouchPoints": 5}
    tools.send("Emulation.setTouchEmulationEnabled", touch)
    newcomer.open()
    page.context.set_offline(True)
    newcomer.begin()
    say_all(newcomer)
    newcomer.save()
    page.context.set_offline(False)
    page.route("**/api/**", lambda route: route.abort())  # no server for now
    newcomer.open()
    expect(page.locator(".home .note")).to_contain_text(
        "7 天不用，iPad 会清除这里的记录"
    )
    page.get_by_role("link", name="怎么安装，怎么导出").tap()
    expect(page.locator(".settings")).to_contain_text("“添加到主屏幕”")
    with page.expect_download() as waiting:
        page.get_by_role("button", name="导出到文件").tap()
    assert waiting.value.suggested_filename.endswith(".gibundle")
