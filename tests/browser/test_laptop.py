"""The laptop's home in a real Chromium: a receiver's position, a photograph, a sync."""

from pathlib import Path

import segno
from browser.bureaus import ledger, photographs
from browser.conftest import NewTablet
from journeys.commanded import CommandedBureau
from local_app import LocalApp
from playwright.sync_api import expect
from simulated_receiver import SimulatedReceiver

from fieldkit.receivers.sources import VARIABLE

UNTIL_DELIVERED = """async () => {
    const ask = { headers: { "X-Fieldkit": "1" } };
    const status = async () => (await fetch("/local/v1/status", ask)).json();
    while ((await status()).photos.delivered !== 1) {
        await new Promise(requestAnimationFrame);
    }
}"""


def test_a_record_made_on_a_laptop_is_in_the_ledger_to_the_row(
    new_tablet: NewTablet, bureau: CommandedBureau, tmp_path: Path
) -> None:
    photo = tmp_path / "IMG_0001.png"
    segno.make("果园").save(str(photo), scale=8)
    with SimulatedReceiver() as receiver:
        receiver.go_on()
        laptop = LocalApp(tmp_path / "laptop", **{VARIABLE: receiver.path})
        with laptop:
            page = new_tablet().page(laptop.entrance)
            page.goto(f"{laptop.url}/field/enrol")
            page.get_by_label("服务器地址").fill(bureau.url)
            page.get_by_label("登记码", exact=True).fill(bureau.new_code())
            page.locator("button[type=submit]").click()
            page.get_by_text("寻乌县").first.wait_for()
            page.goto(f"{laptop.url}/field/visit")
            expect(page.locator(".fix")).to_contain_text("模拟位置")
            page.locator("label.tile").filter(has_text="果园").first.click()
            with page.expect_file_chooser() as chooser:
                page.get_by_text("拍照", exact=True).click()
            chooser.value.set_files(photo)
            page.locator(".photos li").filter(has_text=photo.name).wait_for()
            page.get_by_role("button", name="保存并封存").click()
            page.wait_for_url("**/record/*/saved")
            page.goto(f"{laptop.url}/field/queue")
            page.locator(".sync-now").click()
            page.get_by_text("已送达").first.wait_for()
            page.evaluate(UNTIL_DELIVERED)
        (one,) = laptop.listed.values()
    assert ledger(bureau, one["device_id"]) == [(one["id"], one["hash"])]
    assert one["photos"] == {"named": 1, "delivered": 1, "missing": 0}
    assert len(photographs(bureau)) >= 1
