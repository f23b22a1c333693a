"""What was begun and is not sealed: opened again, never lost, always removable."""

from browser.inspector import Inspector
from playwright.sync_api import Page, expect


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
