"""The laptop's home in a real Chromium: a receiver's position, a photograph, a sync."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import photographs as photographs_of
import pytest
import segno
from browser.bureaus import ledger, photographs, sealed_bodies
from browser.chromium import Tablet
from browser.conftest import NewTablet
from browser.waiting import until
from journeys.commanded import CommandedBureau
from local_app import LocalApp
from playwright.sync_api import Locator, Page, Route, expect
from simulated_receiver import SimulatedReceiver

from fieldkit.receivers.sources import VARIABLE

DRAFTS = """() => fetch("/local/v1/drafts", { headers: { "X-Fieldkit": "1" } })
    .then((reply) => reply.json())"""
NOTE_IS_KEPT = f"({DRAFTS})().then(([draft]) => draft.answers.note === '三车货')"
UNTIL_DELIVERED = """async () => {
    const ask = { headers: { "X-Fieldkit": "1" } };
    const status = async () => (await fetch("/local/v1/status", ask)).json();
    while ((await status()).photos.delivered !== 1) {
        await new Promise(requestAnimationFrame);
    }
}"""


class Desk:
    """A laptop with a receiver beside it, enrolled in the app that it shows."""

    def __init__(
        self, laptop: LocalApp, browser: Tablet, bureau: CommandedBureau
    ) -> None:
        self.laptop, self.browser = laptop, browser
        self.page = page = browser.page(laptop.entrance)
        page.goto(f"{laptop.url}/field/enrol")
        page.get_by_label("服务器地址").fill(bureau.url)
        page.get_by_label("登记码", exact=True).fill(bureau.new_code())
        page.locator("button[type=submit]").click()
        page.get_by_text("寻乌县").first.wait_for()

    def crash(self) -> None:
        """The battery is flat: program and browser are gone, and started again."""
        self.browser.kill()
        self.laptop.kill()
        self.laptop.start()
        self.page = self.browser.page(self.laptop.entrance)

    def say_all(self) -> None:
        """Say what a record needs, the receiver's position aside."""
        self.page.goto(f"{self.laptop.url}/field/new")
        expect(self.page.locator(".fix")).to_contain_text("模拟位置")
        self.choose("果园")
        self.find("GI-101")
        self.choose("地理标志名称")

    @property
    def drafts(self) -> list[dict[str, Any]]:
        """What the program keeps of drafts."""
        kept: list[dict[str, Any]] = self.page.evaluate(DRAFTS)
        return kept

    def choose(self, label: str) -> None:
        tiles = self.page.locator("label.tile:not(.opener)")
        tiles.filter(has=self.page.get_by_text(label, exact=True)).click()

    def find(self, code: str) -> None:
        self.page.get_by_label("词语、拼音首字母或编号").fill(code)
        named = self.page.get_by_text(code, exact=True)
        self.page.locator("button.offer").filter(has=named).click()

    def photograph(self, photo: Path) -> None:
        with self.page.expect_file_chooser() as chooser:
            self.page.get_by_text("拍照", exact=True).click()
        chooser.value.set_files(photo)
        self.page.locator(".photos li").filter(has_text=photo.name).wait_for()

    def save(self) -> None:
        self.page.get_by_role("button", name="保存并封存").click()
        self.page.wait_for_url("**/record/*/saved")

    def sync(self) -> dict[str, Any]:
        """Press the button; return the one record once its photograph arrived."""
        self.page.goto(f"{self.laptop.url}/field/queue")
        self.page.locator(".sync-now").click()
        self.page.get_by_text("已送达").first.wait_for()
        self.page.evaluate(UNTIL_DELIVERED)
        (one,) = self.laptop.listed.values()
        return one


@pytest.fixture
def desk(
    new_tablet: NewTablet, bureau: CommandedBureau, tmp_path: Path
) -> Iterator[Desk]:
    with SimulatedReceiver() as receiver:
        receiver.go_on()
        laptop = LocalApp(tmp_path / "laptop", **{VARIABLE: receiver.path})
        with laptop:
            yield Desk(laptop, new_tablet(), bureau)


def test_a_violation_made_on_a_laptop_is_in_the_ledger_to_the_row(
    desk: Desk, bureau: CommandedBureau, tmp_path: Path
) -> None:
    photo = tmp_path / "IMG_0001.png"
    segno.make("果园").save(str(photo), scale=8)
    desk.say_all()
    desk.photograph(photo)
    desk.save()
    one = desk.sync()
    assert ledger(bureau, one["device_id"]) == [(one["id"], one["hash"])]
    assert one["photos"] == {"named": 1, "delivered": 1, "missing": 0}
    assert len(photographs(bureau)) >= 1
    (body,) = sealed_bodies(bureau, one["device_id"])
    assert body["site"]["fix"]["source"] == "external"
    assert body["site"]["fix"]["is_mock"] is True
    assert body["goods"][0]["claims"] == ["protected_name"]
    assert [violation["code"] for violation in body["violations"]] == ["GI-101"]
    desk.page.goto(f"{desk.laptop.url}/field/map")
    expect(desk.page.locator(".mark")).to_have_count(1)


def killed_between(page: Page) -> None:
    """From the moment a photograph's bytes are kept no draft is."""

    def keep(route: Route) -> None:
        kept = route.fetch()
        page.route("**/local/v1/drafts/*", lambda late: late.abort())
        route.fulfill(response=kept)

    page.route("**/local/v1/drafts/*/photos?*", keep)


def test_a_photograph_kept_just_before_a_crash_is_in_the_draft_again(
    desk: Desk, tmp_path: Path
) -> None:
    photo = tmp_path / "IMG_0002.png"
    segno.make("找回").save(str(photo), scale=8)
    desk.say_all()
    killed_between(desk.page)
    desk.photograph(photo)
    desk.page.locator(".banner.problem").wait_for()
    desk.crash()
    (kept,) = desk.drafts
    assert (kept["answers"]["evidence"], len(kept["photos"])) == ([], 1)
    desk.page.locator(".home .rows a").click()
    desk.page.get_by_text("上次中断前存下的 1 个文件已找回").wait_for()
    desk.page.locator(".photos").get_by_text(photo.name).wait_for()
    desk.save()
    assert desk.sync()["photos"]["named"] == 1


def note_of(desk: Desk) -> Locator:
    desk.page.locator("summary").get_by_text("备注", exact=True).click()
    return desk.page.locator("textarea[maxlength='4000']").last


def test_a_keystroke_a_photograph_and_what_was_saved_survive_a_flat_battery(
    desk: Desk, tmp_path: Path
) -> None:
    photo = tmp_path / "IMG_0003.png"
    segno.make("断电").save(str(photo), scale=8)
    desk.say_all()
    desk.photograph(photo)
    note_of(desk).press_sequentially("三车货")
    until(desk.page, NOTE_IS_KEPT)
    desk.crash()
    desk.page.locator(".home .rows a").click()
    expect(note_of(desk)).to_have_value("三车货")
    desk.page.locator(".photos").get_by_text(photo.name).wait_for()
    desk.save()
    number = desk.page.locator(".seal .number").inner_text()
    desk.crash()
    assert desk.drafts == []
    desk.page.goto(f"{desk.laptop.url}/field/queue")
    expect(desk.page.locator(".queue-row")).to_contain_text("照片")
    (one,) = desk.laptop.listed.values()
    assert one["record_no"] in number
    assert one["photos"]["named"] == 1
    assert desk.sync()["photos"]["delivered"] == 1


def test_what_was_sealed_without_a_server_goes_out_by_itself_when_the_link_returns(
    new_tablet: NewTablet, own_bureau: CommandedBureau, tmp_path: Path
) -> None:
    with LocalApp(tmp_path / "laptop") as laptop:
        desk = Desk(laptop, new_tablet(), own_bureau)
        waits = desk.page.locator("header .unsent")
        own_bureau.stop()
        desk.page.goto(f"{laptop.url}/field/visit")
        desk.page.get_by_role("button", name="没有位置").click()
        desk.page.get_by_text("室内或冷库，收不到信号").click()
        desk.choose("超市")
        desk.save()
        expect(waits).to_contain_text("1 条未送达")
        own_bureau.start()
        desk.page.context.set_offline(True)
        desk.page.context.set_offline(False)
        expect(waits).to_contain_text("已全部送达")
        (one,) = laptop.listed.values()
        assert ledger(own_bureau, one["device_id"]) == [(one["id"], one["hash"])]


GPX = (
    '<gpx version="1.1" creator="x" xmlns="http://www.topografix.com/GPX/1/1">'
    '<trk><trkseg><trkpt lat="24.9633" lon="115.6512"><time>2023-12-02T02:19:50Z</time>'
    '</trkpt><trkpt lat="24.9634" lon="115.6513"><time>2023-12-02T02:20:10Z</time>'
    "</trkpt></trkseg></trk></gpx>"
)
CSV = "observed_at,lon,lat,datum,code\n2023-12-02 10:20,{lon_deg},24.9,WGS84,TM-202\n"


def test_files_become_drafts_and_one_with_a_fault_is_told_and_leaves_nothing(
    desk: Desk, tmp_path: Path
) -> None:
    photo = photographs_of.picture(
        tmp_path / "DSC_1.jpg", photographs_of.exif(place=None)
    )
    walk, rows, wrong = (tmp_path / name for name in ("w.gpx", "ok.csv", "bad.csv"))
    walk.write_text(GPX)
    rows.write_text(CSV.format(lon_deg=115.6512))
    wrong.write_text(CSV.format(lon_deg=915.6512))
    desk.page.goto(f"{desk.laptop.url}/field/")
    card = desk.page.locator(".import")
    card.locator("input").set_input_files([photo, walk, rows, wrong])
    result = card.locator(".import-result")
    expect(result).to_contain_text("新建了 2 份草稿")
    expect(result).to_contain_text("读入 1 段轨迹")
    expect(result).to_contain_text("bad.csv 第 2 行")
    expect(desk.page.locator(".home .rows a")).to_have_count(2)
    card.locator("input").set_input_files([rows])
    expect(result).to_contain_text("没有重复")
    desk.page.locator(".home .rows a").first.click()
    expect(desk.page.locator(".fix")).to_contain_text("从文件导入")
