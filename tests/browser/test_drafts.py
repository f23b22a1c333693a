"""What was begun and is not sealed: opened again, never lost, always removable."""

import pytest
from browser.inspector import Inspector
from playwright.sync_api import Page, expect

# Nobody's finger is as quick: a key and a tap before anything is kept.
TYPE_AND = """([text, how]) => {
    const note = [...document.querySelectorAll("textarea[maxlength='4000']")].at(-1);
    note.value = text;
    note.dispatchEvent(new InputEvent("input", { bubbles: true }));
    if (how === "back") history.back();
    else document.querySelector(how).click();
}"""


def delete_draft(page: Page) -> None:
    """Delete the draft that is open; home is shown after it."""
    page.get_by_role("button", name="删除草稿").tap()
    page.get_by_role("button", name="删除", exact=True).tap()
    page.locator(".home").wait_for()


def test_a_draft_whose_time_was_cleared_opens_again_says_so_and_can_be_deleted(
    newcomer: Inspector,
) -> None:
    newcomer.begin()
    newcomer.part("名称、地址、时间").get_by_label("检查开始").fill("")
    newcomer.take_code("GI-101")
    newcomer.choose("果园")
    newcomer.kept()
    newcomer.page.reload()
    newcomer.shown()
    expect(newcomer.page.locator(".finding")).to_contain_text("GI-101")
    newcomer.page.get_by_role("button", name="保存并封存").tap()
    assert "请填写检查开始的时间" in newcomer.faults
    delete_draft(newcomer.page)
    assert newcomer.ask("drafts") == []


@pytest.mark.parametrize("how", [".savebar a", "back"])
def test_who_leaves_at_once_after_a_key_is_where_the_address_says(
    newcomer: Inspector, how: str
) -> None:
    page = newcomer.page
    newcomer.begin()
    page.evaluate(TYPE_AND, ["三车货", how])
    page.locator(".home .rows a").wait_for()
    assert page.url == f"{newcomer.url}/field/"
    page.reload()
    page.locator(".home .rows a").tap()
    newcomer.shown()
    note = page.locator("textarea[maxlength='4000']").last
    expect(note).to_have_value("三车货")


def test_the_way_back_from_home_leads_to_the_draft_that_was_left(
    newcomer: Inspector,
) -> None:
    page = newcomer.page
    newcomer.begin()
    page.evaluate(TYPE_AND, ["三车货", ".savebar a"])
    page.locator(".home .rows a").wait_for()
    page.go_back()
    page.wait_for_url("**/field/draft/*")
    note = page.locator("textarea[maxlength='4000']").last
    expect(note).to_have_value("三车货")
