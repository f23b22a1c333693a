"""A violation in at most twelve taps, from the home screen to the sealed record."""

from datetime import UTC, datetime, timedelta
from typing import Any

from browser.conftest import NewTablet, enrolled
from browser.inspector import PHONE, XUNWU, Inspector, payload_of, picture
from browser.waiting import until
from journeys.commanded import CommandedBureau
from playwright.sync_api import Locator, Page

from fieldkit.advice import advise
from geo.catalogue import AreaCatalogue
from geo.package_data import default_area, load_counties
from schemas.assessment import Reference
from schemas.record import explain
from sync.clock import acted_on

MOST_TAPS = 12
# In the system's camera: the shutter, and "use it".
TAPS_IN_THE_CAMERA = 2
FEW_METRES_DEG = 0.00003
# The most that a crash may cost.
MOST_LATE_MS = 250
KEPT = """(async (text) => {
    const { $outbox_tablet } = await import("/field/joined/first.js");
    self.beside ??= await $outbox_tablet.openTabletOutbox({ isAutomatic: false });
    const drafts = await self.beside.drafts();
    return drafts.some(({ answers }) => answers.note.startsWith(text));
})"""


def said_by_python(record: dict[str, Any]) -> list[str]:
    """What the device's commands say of a record, line by line."""
    known = Reference(AreaCatalogue((default_area(),)), load_counties())
    payload = payload_of(record)
    return [line.zh for line in advise(payload["body"], acted_on(payload), known).lines]


def test_a_violation_takes_at_most_twelve_taps(inspector: Inspector) -> None:
    inspector.begin()
    assert "精度 7.5 米" in inspector.position
    inspector.choose("果园")
    inspector.take_code("GI-101")
    inspector.choose("地理标志名称")
    inspector.photograph(picture("oranges"))
    assert inspector.taps + TAPS_IN_THE_CAMERA <= MOST_TAPS
    record = inspector.save()
    assert inspector.taps + TAPS_IN_THE_CAMERA <= MOST_TAPS
    assert explain(payload_of(record)) == []
    body = record["body"]
    assert body["site"]["premises_type"] == "orchard"
    assert body["site"]["fix"]["radius95_m"] == 7.5
    assert [one["code"] for one in body["violations"]] == ["GI-101"]
    assert body["goods"][0]["claims"] == ["protected_name"]
    assert body["evidence"][0]["media_type"] == "image/png"


def test_the_advice_stands_there_before_saving_in_the_words_of_the_commands(
    inspector: Inspector,
) -> None:
    inspector.begin()
    inspector.choose("果园")
    inspector.take_code("GI-101")
    inspector.choose("地理标志名称")
    advice = inspector.advice
    record = inspector.save()
    assert advice == said_by_python(record)
    assert inspector.page.locator(".advice p").all_inner_texts() == advice
    assert "位于寻乌县（360734）" in advice


def test_a_visit_that_found_nothing_is_one_tap_more_than_the_position(
    inspector: Inspector,
) -> None:
    inspector.page.get_by_role("link", name="走访无问题").tap()
    assert "精度 7.5 米" in inspector.position
    inspector.choose("超市")
    inspector.save()
    inspector.open()
    inspector.page.get_by_role("link", name="走访无问题").tap()
    assert "精度 7.5 米" in inspector.position
    record = inspector.save()
    # The first opens the visit; the kind of premises is the last one's.
    assert inspector.taps == 2
    assert explain(payload_of(record)) == []
    assert [one["code"] for one in record["body"]["violations"]] == ["NV-000"]
    assert record["body"]["site"]["premises_type"] == "supermarket"


def test_codes_are_found_by_words_by_pinyin_initials_and_by_number(
    inspector: Inspector,
) -> None:
    inspector.begin()
    assert inspector.search("短斤") == ["TR-404"]
    assert inspector.search("ghsb") == ["TM-205"]
    assert inspector.search("301") == ["OR-301"]
    assert inspector.search("short weight") == ["TR-404"]
    assert inspector.search("xyz") == []
    said = "没有找到；换个词，或选“其他”"
    inspector.page.get_by_text(said).wait_for()
    inspector.search("302")
    inspector.page.get_by_label("词语、拼音首字母或编号").press("Enter")
    inspector.page.locator(".finding").get_by_text("OR-302").wait_for()


def test_the_code_last_used_is_offered_first(inspector: Inspector) -> None:
    inspector.begin()
    inspector.choose("果园")
    inspector.search("早采")
    inspector.take_code("HV-501")
    inspector.choose("无标识")
    inspector.save()
    inspector.page.get_by_role("link", name="再记一条").tap()
    inspector.offer("HV-501").get_by_text("上次用过").wait_for()
    assert inspector.offered[0] == "HV-501"
    inspector.choose("果园")
    inspector.take_code("HV-501")
    inspector.page.locator(".finding").get_by_text("HV-501").wait_for()


def test_the_best_fix_is_kept_while_one_types(inspector: Inspector) -> None:
    lon, lat = XUNWU
    inspector.at(lon, lat, 1500)
    inspector.begin()
    assert "精度 1500 米" in inspector.position
    inspector.page.get_by_text("精度差，边界附近无法判定产地").wait_for()
    inspector.at(lon, lat, 30)
    inspector.page.get_by_text("精度 30 米").wait_for()
    inspector.at(lon, lat, 7.5)
    inspector.page.get_by_text("精度 7.5 米").wait_for()
    inspector.at(lon, lat, 90)
    inspector.at(lon + 0.05, lat, 90)
    inspector.page.get_by_text("您已离开约").wait_for()
    inspector.choose("果园")
    inspector.take_code("GI-101")
    inspector.choose("地理标志名称")
    fix = inspector.save()["body"]["site"]["fix"]
    assert (fix["lon_deg"], fix["lat_deg"], fix["radius95_m"]) == (lon, lat, 7.5)


def test_an_averaged_fix_is_said_to_be_averaged(inspector: Inspector) -> None:
    lon, lat = XUNWU
    inspector.begin()
    mean = inspector.page.locator(".fix").get_by_text("次读数的平均")
    for step in range(200):
        inspector.at(lon + (step % 3) * FEW_METRES_DEG, lat, 7.5)
        if mean.is_visible():
            break
    mean.wait_for()
    inspector.choose("果园")
    inspector.take_code("GI-101")
    inspector.choose("地理标志名称")
    record = inspector.save()
    assert record["body"]["site"]["fix"]["averaged_from"] >= 5
    assert explain(payload_of(record)) == []


def test_without_leave_to_look_the_way_out_is_said_and_a_reason_suffices(
    inspector: Inspector,
) -> None:
    inspector.page.context.clear_permissions()
    inspector.begin()
    inspector.page.get_by_text("定位未获允许").first.wait_for()
    inspector.page.get_by_role("button", name="没有位置").tap()
    inspector.choose("定位未获允许", "商店")
    inspector.take_code("GI-101")
    inspector.choose("地理标志名称")
    record = inspector.save()
    inspector.allow_position()
    assert record["body"]["site"]["no_fix_reason"] == "定位未获允许"
    assert record["body"]["site"]["fix"] is None
    assert explain(payload_of(record)) == []


def test_what_is_missing_is_shown_where_it_belongs_and_nothing_is_sealed(
    inspector: Inspector,
) -> None:
    inspector.begin()
    assert inspector.position
    inspector.page.get_by_role("button", name="保存并封存").tap()
    assert inspector.faults == [
        "请选择场所类型",
        "请选择违法行为；没有问题请走“走访无问题”",
        "请选择货物上的标示；没有就选“无标识”",
    ]
    focused = "document.activeElement.closest('[data-field]').dataset.field"
    assert inspector.page.evaluate(focused) == "site.premises_type"


def note_of(inspector: Inspector) -> Locator:
    inspector.part("备注")
    return inspector.page.locator("textarea[maxlength='4000']").last


def stop_the_clock(page: Page) -> None:
    """From now on the page's time stands still but for what a test lets pass."""
    page.clock.install()
    page.clock.pause_at(datetime.now(UTC) + timedelta(minutes=1))


def test_a_keystroke_is_on_the_disk_after_a_quarter_of_a_second(
    unhurried: Inspector,
) -> None:
    """By the page's own clock, however slow the machine."""
    unhurried.begin()
    note = note_of(unhurried)
    stop_the_clock(unhurried.page)
    note.fill("三")
    unhurried.page.clock.run_for(MOST_LATE_MS)
    until(unhurried.page, f"{KEPT}('三')")


def test_who_types_on_without_a_pause_loses_no_more_than_the_last_quarter_second(
    unhurried: Inspector,
) -> None:
    unhurried.begin()
    note = note_of(unhurried)
    stop_the_clock(unhurried.page)
    text = "三车货到了"
    for upto in range(1, len(text) + 1):
        note.fill(text[:upto])
        unhurried.page.clock.run_for(MOST_LATE_MS // 2)
    until(unhurried.page, f"{KEPT}('{text[:4]}')")


def test_every_keystroke_survives_a_killed_browser(
    new_tablet: NewTablet, bureau: CommandedBureau
) -> None:
    browser = new_tablet()
    browser.start(**PHONE)
    enrolled(browser, bureau, bureau.url).page.close()
    inspector = Inspector(browser.page("about:blank"), bureau.url)
    inspector.at(*XUNWU, 7.5)
    inspector.begin()
    inspector.choose("果园")
    inspector.take_code("GI-101")
    inspector.choose("证明商标")
    inspector.photograph(picture("kept"), "kept.png")
    note = note_of(inspector)
    for upto in range(1, 4):
        note.press_sequentially("三车货"[upto - 1])
        until(inspector.page, f"{KEPT}('{'三车货'[:upto]}')")
    browser.kill()
    browser.start(**PHONE)
    again = Inspector(browser.page("about:blank"), bureau.url)
    again.page.locator("a.row").tap()
    again.page.locator(".finding").get_by_text("GI-101").wait_for()
    again.page.locator(".photos").get_by_text("kept.png").wait_for()
    record = again.save()
    body = record["body"]
    assert body["note"] == "三车货"
    assert body["goods"][0]["claims"] == ["cert_mark"]
    assert body["site"]["fix"]["radius95_m"] == 7.5
    assert explain(payload_of(record)) == []
