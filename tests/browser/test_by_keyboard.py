"""A record without touching the screen, and what somebody hears who does not see it."""

from pathlib import Path
from typing import Any

from browser.inspector import Inspector, payload_of, picture
from complete_record import COMPLETE
from playwright.sync_api import Page, expect

from schemas.record import explain

MOST_STEPS = 120
# In the middle of what has the focus lies nothing else: no bar covers it.
IS_SEEN = """() => {
    const focused = document.activeElement;
    const box = (focused.closest("label") ?? focused).getBoundingClientRect();
    const [x, y] = [box.left + box.width / 2, box.top + box.height / 2];
    const there = document.elementFromPoint(x, y);
    const holder = focused.closest("label") ?? focused;
    return Boolean(there) && (holder.contains(there) || there.contains(holder));
}"""
LISTEN = """() => {
    self.heard = [];
    const live = "[role=status], [role=alert], [aria-live]";
    const hear = (changes) => {
        for (const { target } of changes) {
            const place = target.nodeType === 1 ? target : target.parentElement;
            const region = place?.closest(live);
            const text = region?.textContent.trim();
            if (text) self.heard.push(text);
        }
    };
    new MutationObserver(hear).observe(document, { subtree: true, childList: true });
}"""


def press_until(page: Page, selector: str, key: str = "Tab") -> None:
    """Go on by one key until something has the focus; it must be seen all the way."""
    for _ in range(MOST_STEPS):
        page.keyboard.press(key)
        if page.evaluate(
            "(wanted) => document.activeElement.matches(wanted)", selector
        ):
            assert page.evaluate(IS_SEEN), f"{selector} is covered"
            return
    raise AssertionError(f"{selector} is not reached by {key}")


def test_a_violation_is_recorded_by_keyboard_alone(inspector: Inspector) -> None:
    page = inspector.page
    press_until(page, "a.giant")
    page.keyboard.press("Enter")
    inspector.shown()
    assert inspector.position
    press_until(page, "[data-field='site.premises_type'] input")
    page.keyboard.press("Space")
    press_until(page, "input[value=wholesale]", "ArrowDown")
    press_until(page, "button.offer")
    page.keyboard.press("Enter")
    page.locator(".finding").wait_for()
    press_until(page, "input[value=cert_mark]")
    page.keyboard.press("Space")
    press_until(page, "input[type=file]")
    with page.expect_file_chooser() as chooser:
        page.keyboard.press("Enter")
    file = {"name": "a.png", "mimeType": "image/png", "buffer": picture()}
    chooser.value.set_files(files=[file])  # type: ignore[list-item]
    page.locator(".photos li").wait_for()
    press_until(page, ".savebar button.primary")
    page.keyboard.press("Enter")
    page.wait_for_url("**/record/*/saved")
    page.locator(".seal").wait_for()
    record = inspector.ask("show", page.url.split("/")[-2])
    assert inspector.taps == 0
    assert explain(payload_of(record)) == []
    assert record["body"]["site"]["premises_type"] == "wholesale"
    assert record["body"]["goods"][0]["claims"] == ["cert_mark"]
    assert len(record["body"]["evidence"]) == 1


UNSIGNED = ("officer_signatures", "refusal_reason")


def unsigned() -> dict[str, Any]:
    """An observation that lacks its end and every signature."""
    body = {name: value for name, value in COMPLETE.items() if name != "ended_at"}
    record = COMPLETE["on_site_record"]
    scene = {name: value for name, value in record.items() if name not in UNSIGNED}
    return body | {"on_site_record": scene}


def go_to(page: Page, words: str) -> None:
    """Press what is still demanded: the focus goes to where it is said."""
    demand = page.locator(".demands button").filter(has_text=words)
    demand.evaluate("(button) => button.setAttribute('data-wanted', '')")
    press_until(page, ".demands [data-wanted]", "Shift+Tab")
    page.keyboard.press("Enter")
    expect(demand).not_to_be_focused()


def sign_on_paper(page: Page, who: str) -> None:
    """Press the button that has the focus, and give a photograph of the paper."""
    expect(page.locator(":focus")).to_have_text(who)
    page.keyboard.press("Enter")
    press_until(page, "dialog button:nth-of-type(3)")
    with page.expect_file_chooser() as chooser:
        page.keyboard.press("Enter")
    file = {"name": "paper.png", "mimeType": "image/png", "buffer": picture(who)}
    chooser.value.set_files(files=[file])  # type: ignore[list-item]
    page.locator("dialog").wait_for(state="detached")
    page.get_by_text("· 已签").filter(has_text=who.removeprefix("签名：")).wait_for()


def test_a_record_is_signed_finalised_and_exported_by_keyboard_alone(
    newcomer: Inspector, tmp_path: Path
) -> None:
    page = newcomer.page
    record = newcomer.ask("record", unsigned())
    page.route("**/api/**", lambda route: route.abort())  # nothing is sent meanwhile
    page.goto(f"{newcomer.url}/field/record/{record['id']}")
    newcomer.shown()
    press_until(page, "a[href$=finalise]")
    page.keyboard.press("Enter")
    page.locator(".demands").wait_for()
    go_to(page, "检查结束时间")
    press_until(page, "[data-field=ended_at] button")
    page.keyboard.press("Enter")
    go_to(page, "当事人签名")
    sign_on_paper(page, "当事人签名")
    go_to(page, "执法人员签名")
    sign_on_paper(page, "签名：张三")
    sign_on_paper(page, "签名：李四")
    page.get_by_text("本软件核对的项目已齐").wait_for()
    press_until(page, ".savebar button.primary")
    page.keyboard.press("Enter")
    page.wait_for_url("**/record/*/saved")
    page.locator(".seal").wait_for()
    final = newcomer.ask("show", page.url.split("/")[-2])
    assert explain(payload_of(final)) == []
    papers = [one["kind"] for one in final["body"]["evidence"]]
    assert papers == ["documentary"] * 3
    press_until(page, "a[href='/field/queue']")
    page.keyboard.press("Enter")
    press_until(page, ".export > button")
    with page.expect_download() as waiting:
        page.keyboard.press("Enter")
    waiting.value.save_as(tmp_path / "a.gibundle")
    press_until(page, ".export-result button")
    page.keyboard.press("Enter")
    expect(page.locator(".export-result .note.good")).to_be_visible()
    assert newcomer.ask("status")["unexported"] == 0
    assert newcomer.taps == 0


def test_position_advice_and_saved_are_heard(inspector: Inspector) -> None:
    inspector.page.evaluate(LISTEN)
    inspector.begin()
    assert inspector.position
    inspector.choose("果园")
    inspector.take_code("GI-101")
    inspector.choose("地理标志名称")
    assert inspector.advice
    inspector.photograph(picture("heard"), "heard.png")
    number = inspector.save()["record_no"]
    inspector.page.wait_for_function(
        "(number) => self.heard.some((text) => text.includes(number))", arg=number
    )
    heard = "\n".join(inspector.page.evaluate("self.heard"))
    for words in (
        "位置已定，精度 7.5 米",
        "果园位置在保护范围内",
        "heard.png",
        f"已封存 {number}",
    ):
        assert words in heard, (words, heard)


def test_the_focus_goes_to_what_is_missing_and_its_reason_is_heard(
    inspector: Inspector,
) -> None:
    inspector.page.evaluate(LISTEN)
    inspector.begin()
    assert inspector.position
    inspector.page.get_by_role("button", name="保存并封存").tap()
    assert inspector.faults
    told = inspector.page.evaluate(
        "document.getElementById("
        "document.activeElement.getAttribute('aria-describedby')).textContent"
    )
    assert told == "请选择场所类型"
    inspector.page.wait_for_function("self.heard.includes('3 处需要补充或改正')")
    inspector.choose("果园")
    gone = inspector.page.locator(".fault").filter(has_text=told)
    gone.wait_for(state="detached")
    assert len(inspector.faults) == 2
