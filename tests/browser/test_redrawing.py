"""What is drawn anew while somebody looks: what stays the same stays where it is."""

import pytest
from browser.inspector import XUNWU, Inspector
from playwright.sync_api import Page, expect

FAR_DEG = 0.05


def test_what_is_redrawn_while_a_thumb_comes_down_leaves_what_it_comes_down_on(
    inspector: Inspector,
) -> None:
    page = inspector.page
    page.evaluate("self.below = document.querySelectorAll('.begin a, header a')")
    inspector.ask("saveDraft", {"note": "half a sentence"}, None)
    expect(page.locator(".rows a")).to_be_visible()
    stays = "Array.from(self.below, (link) => link.isConnected)"
    assert page.evaluate(stays) == [True] * 3
    inspector.open("queue")
    row = page.locator(".queue-row").last.element_handle()
    inspector.ask("saveDraft", {"note": "another"}, None)
    expect(page.locator(".queue-row")).to_have_count(2)
    assert page.locator(".queue-row").last.evaluate("(now, old) => now === old", row)


def test_a_reading_that_arrives_while_a_button_is_pressed_takes_no_tap_and_no_focus(
    inspector: Inspector,
) -> None:
    page = inspector.page
    lon, lat = XUNWU
    said = page.locator(".fix")
    inspector.at(lon, lat, 60)
    inspector.begin()
    expect(said).to_contain_text("精度 60 米")
    pin = page.get_by_role("button", name="在地图上标注")
    pin.focus()
    inspector.at(lon, lat, 45)
    expect(said).to_contain_text("精度 45 米")
    inspector.at(lon + FAR_DEG, lat, 45)
    expect(page.get_by_role("button", name="改用现在的位置")).to_be_visible()
    expect(pin).to_be_focused()
    inspector.at(lon, lat, 30)
    expect(said).to_contain_text("精度 30 米")
    box = pin.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.down()
    inspector.at(lon, lat, 15)
    expect(said).to_contain_text("精度 15 米")
    page.mouse.up()
    expect(page.get_by_role("dialog")).to_be_visible()


REDRAWN = """async ([before, after]) => {
    const { fill, h, refill } = await import("/fieldkit/app/views/dom.js");
    const drawn = (words) => Array.from(words, (word) => h("p", {}, word));
    const list = fill(h("div"), drawn(before));
    const held = [...list.children];
    refill(list, drawn(after));
    const kept = [...list.children].filter((node) => held.includes(node));
    return [list.textContent, kept.map((node) => node.textContent).join("")];
}"""


@pytest.mark.parametrize(
    ("before", "after", "kept"),
    [
        ("abc", "abc", "abc"),
        ("abc", "xabc", "abc"),
        ("abc", "axc", "ac"),
        ("abcd", "ad", "ad"),
        ("aa", "aaa", "aa"),
        ("abc", "", ""),
        ("", "ab", ""),
        ("ab", "ba", ""),
    ],
)
def test_a_list_is_redrawn_around_what_stays(
    module_page: Page, before: str, after: str, kept: str
) -> None:
    assert module_page.evaluate(REDRAWN, [before, after]) == [after, kept]
