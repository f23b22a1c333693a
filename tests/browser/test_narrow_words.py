"""Words in narrow places: none touches an edge, is cut, or breaks where it must not."""

from collections.abc import Iterator

import pytest
from browser.inspector import PHONE, Inspector, picture

WIDTHS_PX = (360, 370, 375, 390)
LEAST_PX = 4
# What stands too near to its tile's edge, and single words that are broken.
CRAMPED = """(least) => {
    const cramped = ({ left, right }, box) =>
        left - box.left < least || box.right - right < least;
    return [...document.querySelectorAll(".tile .face")].filter((face) => {
        const words = document.createRange();
        words.selectNodeContents(face);
        const isOneWord = !/\\s/.test(face.textContent.trim());
        return cramped(words.getBoundingClientRect(), face.getBoundingClientRect())
            || (isOneWord && words.getClientRects().length > 1);
    }).map((face) => face.textContent);
}"""
CUT = """() => [...document.querySelectorAll(".said")]
    .filter((said) => said.scrollHeight > said.clientHeight)
    .map((said) => said.textContent)"""
# An address in every width from a small phone's to a tablet's; the ports that break.
BROKEN_PORTS = """async (url) => {
    const { $views_settings_identity } = await import("/field/joined/more.js");
    const { identityCard } = $views_settings_identity;
    const card = identityCard({
        unit_name: "寻乌县", unit_code: "360734", officers: [], server_url: url,
        enrolled_at: "2023-12-02T02:20:00Z", server_thumbprint: "a", thumbprint: "b",
    });
    document.querySelector("main").replaceChildren(card);
    const dd = [...card.querySelectorAll("dd")].find((one) => one.textContent === url);
    const topOf = (place) => {
        const walk = document.createTreeWalker(dd, NodeFilter.SHOW_TEXT);
        let before = 0;
        while (walk.nextNode()) {
            const at = place - before;
            before += walk.currentNode.length;
            if (at >= walk.currentNode.length) continue;
            const letter = document.createRange();
            letter.setStart(walk.currentNode, at);
            letter.setEnd(walk.currentNode, at + 1);
            return letter.getBoundingClientRect().top;
        }
    };
    const broken = [];
    for (let width = 280; width < 500; width += 5) {
        card.style.width = `${width}px`;
        if (topOf(url.lastIndexOf(":")) !== topOf(url.length - 1)) broken.push(width);
    }
    return broken;
}"""
MIDDLES = """() => [...document.querySelector(".where:has(.photos)").children]
    .map((one) => one.getBoundingClientRect())
    .map(({ top, bottom }) => Math.round((top + bottom) / 2))"""
TEXT_TOP = """(element) => {
    const words = document.createRange();
    words.selectNodeContents(element);
    return words.getBoundingClientRect().top;
}"""
SWITCH = """() => {
    const style = getComputedStyle(document.querySelector("[role=switch]"));
    return [style.borderTopColor, style.backgroundColor];
}"""


@pytest.fixture
def english(inspector: Inspector) -> Iterator[Inspector]:
    inspector.ask("saveSettings", {"language": "en", "theme": "sunlight"})
    yield inspector
    inspector.page.set_viewport_size(PHONE["viewport"])
    inspector.ask("saveSettings", {"language": "zh-CN", "theme": "system"})


def test_no_word_touches_the_edge_of_its_tile(english: Inspector) -> None:
    for width_px in WIDTHS_PX:
        english.page.set_viewport_size({"width": width_px, "height": 740})
        english.open("new")
        english.page.get_by_text("Supermarket", exact=True).wait_for()
        assert english.page.evaluate(CRAMPED, LEAST_PX) == []


def test_what_a_closed_part_says_is_whole_to_its_descenders(english: Inspector) -> None:
    site = {"name": "Young gypsy orchard", "premises_type": "orchard"}
    number = english.ask("saveDraft", {"site": site}, None)
    english.open(f"draft/{number}")
    english.page.locator(".said", has_text="Young gypsy").wait_for()
    assert english.page.evaluate(CUT) == []
    english.ask("removeDraft", number)


def test_an_address_never_breaks_within_its_port(english: Inspector) -> None:
    english.open("settings")
    for url in ("https://gi.xunwu.lan:38219", "https://192.168.101.110:8470"):
        assert english.page.evaluate(BROKEN_PORTS, url) == []


def test_a_switch_that_is_off_is_seen_in_the_sun(english: Inspector) -> None:
    english.open("settings")
    switch = english.page.get_by_role("switch")
    assert english.page.evaluate(SWITCH) == ["rgb(0, 0, 0)", "rgb(255, 255, 255)"]
    switch.focus()
    assert english.page.evaluate(SWITCH) == ["rgb(0, 0, 0)", "rgb(255, 255, 255)"]


def test_a_records_count_of_photographs_stands_in_line_with_its_state(
    english: Inspector,
) -> None:
    page = english.page
    number = english.ask("saveDraft", {"note": "begun"}, None)
    english.open(f"draft/{number}")
    page.locator("input[type=file]").nth(1).set_input_files(
        [{"name": "orchard.png", "mimeType": "image/png", "buffer": picture()}]
    )
    page.locator(".photos li").first.wait_for()
    page.locator("label.tile:has([value=shop])").tap()
    page.locator("button.offer").first.tap()
    page.locator("label.tile:has([value=protected_name])").tap()
    page.locator(".fix:not(.waiting)").wait_for()
    page.locator(".savebar button").tap()
    page.wait_for_url("**/record/*/saved")
    english.open("queue")
    page.locator(".queue-row .photos").first.wait_for()
    middles = page.evaluate(MIDDLES)
    assert len(middles) > 1
    assert max(middles) - min(middles) <= 1


def test_the_units_name_keeps_off_the_edge_where_the_header_has_two_lines(
    english: Inspector,
) -> None:
    page = english.page
    page.set_viewport_size({"width": 320, "height": 640})
    english.open("queue")
    page.context.set_offline(True)
    page.get_by_text("Offline, still working").wait_for()
    unit, sync = (page.locator(f".top .{name}") for name in ("unit", "sync"))
    assert sync.evaluate(TEXT_TOP) > unit.evaluate("(unit) => unit.offsetHeight")
    assert unit.evaluate(TEXT_TOP) >= 8
    page.context.set_offline(False)
