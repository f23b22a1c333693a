"""What fails behind a button is said, whoever forgot to."""

from browser.inspector import Inspector
from playwright.sync_api import expect

NO_ROOM = """() => {
    IDBObjectStore.prototype.put = () => {
        throw new DOMException("no room", "QuotaExceededError");
    };
}"""


def test_a_choice_that_cannot_be_kept_says_so(inspector: Inspector) -> None:
    inspector.open("settings")
    inspector.page.evaluate(NO_ROOM)
    inspector.page.locator("label").filter(has_text="强光").tap()
    expect(inspector.page.locator(".banner.problem")).to_contain_text("空间不足")


def test_a_fault_of_the_software_is_told_as_one(inspector: Inspector) -> None:
    inspector.page.evaluate("void Promise.reject(new Error('kaputt'))")
    expect(inspector.page.locator(".banner.problem")).to_contain_text(
        "程序出错：kaputt"
    )
