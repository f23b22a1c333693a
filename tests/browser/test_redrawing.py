"""What is drawn anew while somebody looks: what stays the same stays where it is."""

import pytest
from browser.inspector import Inspector
from playwright.sync_api import Page, expect


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
