"""What was begun and is not sealed: opened again, never lost, always removable."""

import hashlib

import pytest
from browser.inspector import Inspector, picture, sign
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
    newcomer.part("备注")
    page.evaluate(TYPE_AND, ["三车货", how])
    page.locator(".home .rows a").wait_for()
    assert page.url == f"{newcomer.url}/field/"
    page.reload()
    page.locator(".home .rows a").tap()
    newcomer.shown()
    expect(newcomer.part("备注").locator("textarea")).to_have_value("三车货")


def test_the_way_back_from_home_leads_to_the_draft_that_was_left(
    newcomer: Inspector,
) -> None:
    page = newcomer.page
    newcomer.begin()
    newcomer.part("备注")
    page.evaluate(TYPE_AND, ["三车货", ".savebar a"])
    page.locator(".home .rows a").wait_for()
    page.go_back()
    page.wait_for_url("**/field/draft/*")
    expect(newcomer.part("备注").locator("textarea")).to_have_value("三车货")


# From the moment a file's bytes are kept no draft is written: the page has been killed.
KILLED_BETWEEN = """() => {
    const begin = IDBDatabase.prototype.transaction;
    let isKept = false;
    IDBDatabase.prototype.transaction = function (names, mode, ...more) {
        const isDraft = mode === "readwrite" && [names].flat().includes("draft");
        if (isKept && isDraft) throw new DOMException("killed", "AbortError");
        isKept ||= mode === "readwrite" && [names].flat().includes("original");
        return begin.call(this, names, mode, ...more);
    };
}"""


def interrupted(inspector: Inspector) -> None:
    """The app is opened anew on the draft that was being written."""
    inspector.page.locator(".banner.problem").wait_for()
    inspector.page.reload()
    inspector.shown()
    note = inspector.page.get_by_text("上次中断前存下的 1 个文件已找回")
    note.wait_for()


def test_a_photograph_kept_just_before_a_crash_is_in_the_draft_again(
    newcomer: Inspector,
) -> None:
    newcomer.begin()
    newcomer.choose("果园")
    newcomer.take_code("GI-101")
    newcomer.choose("证明商标")
    newcomer.kept()
    newcomer.page.evaluate(KILLED_BETWEEN)
    newcomer.photograph(picture("kept"), "kept.png")
    interrupted(newcomer)
    newcomer.page.locator(".photos").get_by_text("kept.png").wait_for()
    (item,) = newcomer.save()["body"]["evidence"]
    assert item["sha256"] == hashlib.sha256(picture("kept")).hexdigest()
    assert (item["captured_by"], bool(item["captured_at"])) == ("张三", True)


def test_a_signature_kept_just_before_a_crash_is_found_with_its_name(
    newcomer: Inspector,
) -> None:
    newcomer.begin()
    newcomer.take_code("GI-101")
    newcomer.kept()
    newcomer.page.evaluate(KILLED_BETWEEN)
    newcomer.part("签名")
    sign(newcomer, "当事人签名")
    interrupted(newcomer)
    newcomer.page.locator(".photos").get_by_text("当事人签名.png").wait_for()


def test_a_photograph_taken_away_is_not_found_again(newcomer: Inspector) -> None:
    newcomer.begin()
    newcomer.photograph(picture("wrong"), "wrong.png")
    newcomer.page.get_by_role("button", name="去掉 wrong.png").tap()
    newcomer.page.locator(".photos li").wait_for(state="detached")
    newcomer.page.get_by_role("link", name="返回首页").tap()
    newcomer.page.locator(".home .rows a").tap()
    newcomer.shown()
    assert newcomer.page.locator(".photos li, .note.warn").count() == 0


def test_a_draft_with_a_year_that_nobody_lives_to_see_opens_again(
    newcomer: Inspector,
) -> None:
    newcomer.begin()
    at = newcomer.part("名称、地址、时间").get_by_label("检查开始")
    at.fill("12023-12-02T10:20")
    newcomer.take_code("GI-101")
    newcomer.kept()
    newcomer.page.reload()
    newcomer.shown()
    expect(newcomer.page.locator(".finding")).to_contain_text("GI-101")
    newcomer.part("名称、地址、时间")
    expect(at).to_have_value("")
