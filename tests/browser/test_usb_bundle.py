"""No link for weeks: a file from the tablet, a USB stick, the real import."""

from pathlib import Path
from typing import Any

import pytest
from browser.bureaus import ledger, photographs
from browser.chromium import Tablet
from browser.conftest import enrolled
from browser.field_tablet import FieldTablet, OutboxProblem, fingerprint, picture
from browser.installed import cut_off, install
from journeys.commanded import CommandedBureau
from journeys.hostile_proxy import HostileProxy
from playwright.sync_api import Page, expect

# As Chromium does once the disk is full; at the browser's own door.
NO_WRITES = """(() => {
    const begin = IDBDatabase.prototype.transaction;
    IDBDatabase.prototype.transaction = function (names, mode, ...words) {
        if (mode !== "readwrite") return begin.call(this, names, mode, ...words);
        throw new DOMException("full", "QuotaExceededError");
    };
})()"""


@pytest.fixture
def lonely(
    used_tablet: Tablet, own_bureau: CommandedBureau, proxy: HostileProxy
) -> FieldTablet:
    """A tablet with two records and three photographs, and no server to be reached."""
    proxy.lead_to(own_bureau.port)
    tablet = enrolled(used_tablet, own_bureau, proxy.url)
    install(tablet).close()
    tablet.record(picture(150_000, seed=1), picture(2_000, seed=2))
    tablet.record(picture(70_000, seed=3))
    cut_off(tablet, proxy)
    return tablet


def opened(tablet: FieldTablet, path: str, script: str = "") -> Page:
    assert tablet.tablet.context is not None
    page = tablet.tablet.context.new_page()
    page.add_init_script(script)
    page.goto(f"{tablet.url}/field/{path}")
    return page


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def exported(page: Page, folder: Path) -> Path:
    """Press the button of the queue, as an inspector does; return the file."""
    with page.expect_download() as waiting:
        press(page, "导出到文件")
    path = folder / waiting.value.suggested_filename
    waiting.value.save_as(path)
    return path


def imported(bureau: CommandedBureau, path: Path) -> dict[str, Any]:
    found: dict[str, Any] = bureau.ask("import", str(path), "--json")
    assert found["faults"] == []
    return found


def test_a_file_on_a_usb_stick_arrives_once_whatever_is_sent_later(
    lonely: FieldTablet,
    own_bureau: CommandedBureau,
    proxy: HostileProxy,
    tmp_path: Path,
) -> None:
    page = opened(lonely, "queue")
    expect(page.locator(".figures")).to_contain_text("2")
    path = exported(page, tmp_path)
    assert path.suffix == ".gibundle"
    expect(page.locator(".badge.exported")).to_have_count(0)
    press(page, "文件已保存好")
    expect(page.locator(".badge.exported")).to_have_count(2)
    expect(page.locator(".figures")).to_contain_text("2（其中已导出 2）")
    page.locator(".queue-row a").first.click()
    expect(page.locator(".todo")).to_contain_text("已导出到文件")
    page.close()
    found = imported(own_bureau, path)
    assert found["outcomes"] == {"stored": 2}
    assert (found["photographs"], found["photographs_complete"]) == (3, 3)
    assert imported(own_bureau, path)["outcomes"] == {"replayed": 2}
    proxy.start()
    assert lonely.tablet.context is not None
    lonely.tablet.context.set_offline(False)
    report = lonely.sync()
    assert report["outcomes"] == {"replayed": 2}
    assert (report["photos_sent"], report["photo_bytes"]) == (3, 0)
    assert own_bureau.total("observations") == 2
    assert len(photographs(own_bureau)) == 3
    assert ledger(own_bureau, lonely.device_id) == fingerprint(lonely.rows())
    assert not any(row["is_exported"] for row in lonely.rows())


def test_signing_out_waits_until_all_was_sent_or_handed_over(
    lonely: FieldTablet, own_bureau: CommandedBureau, tmp_path: Path
) -> None:
    draft = lonely.ask("saveDraft", {"note": "begun"}, None)
    page = opened(lonely, "settings")
    sign_out(page)
    page.get_by_text("还有记录 2 条（连同照片）").wait_for()
    page.goto(f"{lonely.url}/field/queue")
    path = exported(page, tmp_path)
    with pytest.raises(OutboxProblem) as written_only:
        lonely.ask("signOut")
    assert written_only.value.code == "unsent"
    press(page, "文件已保存好")
    expect(page.locator(".badge.exported")).to_have_count(2)
    page.goto(f"{lonely.url}/field/settings")
    sign_out(page)
    page.get_by_text("草稿 1 份未完成").wait_for()
    lonely.ask("removeDraft", draft)
    sign_out(page)
    page.get_by_text("本机尚未登记").wait_for()
    assert lonely.ask("identity") is None
    path.unlink()  # the stick is lost
    page.get_by_role("navigation").get_by_role("link", name="队列").click()
    again = imported(own_bureau, exported(page, tmp_path))
    assert again["outcomes"] == {"stored": 2}
    assert again["photographs_complete"] == 3


def test_a_disk_that_takes_nothing_more_keeps_nobody_from_opening_and_exporting(
    lonely: FieldTablet, own_bureau: CommandedBureau, tmp_path: Path
) -> None:
    page = opened(lonely, "queue", NO_WRITES)
    expect(page.locator(".queue-row")).to_have_count(2)
    path = exported(page, tmp_path)
    press(page, "文件已保存好")
    expect(page.locator(".export-result .note.bad")).to_contain_text("存储空间")
    found = imported(own_bureau, path)
    assert (found["outcomes"], found["photographs_complete"]) == ({"stored": 2}, 3)


def sign_out(page: Page) -> None:
    press(page, "退出登记")
    press(page, "确认退出登记")


def test_with_nothing_to_hand_over_no_file_is_written(tablet: FieldTablet) -> None:
    page = opened(tablet, "queue")
    press(page, "导出到文件")
    page.get_by_text("没有可导出的记录").wait_for()
