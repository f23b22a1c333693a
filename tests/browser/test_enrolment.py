"""A tablet becomes one of the bureau's: by the QR code that is shown, or by typing."""

import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import segno
from browser.chromium import PATIENCE_MS
from browser.conftest import NewTablet
from browser.fake_camera import film
from browser.measures import faults_of
from browser.secure_bureau import SecureBureau, on_the_lan, trusting
from journeys.commanded import CommandedBureau
from journeys.hostile_proxy import Hold, HostileProxy, busy
from playwright.sync_api import Locator, Page, ViewportSize, expect

OFFICERS = ("--officer", "张三", "--certificate", "B0701-0001")
MORE_OFFICERS = ("--officer", "李四", "--certificate", "B0701-0002")
ENROLLED = "本设备已登记"
OFFLINE = "现在离线也能用。"
PREPARING = "正在准备离线使用"
# No screen asks for it: the worker alone does.
ONLY_KEPT = "/field/icons/maskable-512.png"
SMALLEST: ViewportSize = {"width": 320, "height": 640}
TARGET_PX = 44
OpenEnrolment = Callable[..., Page]


@pytest.fixture
def open_enrolment(
    new_tablet: NewTablet, secure_bureau: SecureBureau, tmp_path: Path
) -> OpenEnrolment:
    """Opens the enrolment screen on a tablet whose camera sees a picture, or none."""
    home = trusting(secure_bureau.authority, tmp_path / "home")

    def open_screen(
        *, seen: Path | None = None, is_camera_allowed: bool = True
    ) -> Page:
        switches = ["--use-fake-device-for-media-stream", on_the_lan()]
        if seen is not None:
            shown = film(seen, tmp_path / "camera.y4m")
            switches.append(f"--use-file-for-fake-video-capture={shown}")
        tablet = new_tablet()
        context = tablet.start(*switches, env=home, viewport=SMALLEST)
        if is_camera_allowed:
            context.grant_permissions(["camera"], origin=secure_bureau.site)
        return tablet.page(f"{secure_bureau.site}/field/enrol")

    return open_screen


def new_picture(bureau: SecureBureau, path: Path) -> Path:
    """Issue a code for two officers and keep its QR as a picture."""
    code = ("device", "code", "--unit", "360734", *OFFICERS, *MORE_OFFICERS)
    bureau.do(*code, "--png", str(path))
    return path


def require_enrolled(page: Page, bureau: SecureBureau) -> None:
    """Hold the screen to say whose device this is, and the bureau to know it."""
    expect(page.get_by_role("heading", level=1)).to_have_text(ENROLLED)
    card = page.get_by_role("main")
    for told in ("寻乌县", "360734", "张三", bureau.site):
        expect(card).to_contain_text(told)
    shown = card.inner_text().replace(" ", "")
    (device,) = [one for one in devices(bureau) if one["thumbprint"] in shown]
    assert device["state"] == "active"


def devices(bureau: SecureBureau) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = bureau.ask("device", "list", "--json")["devices"]
    return found


def test_the_camera_reads_the_code_and_the_tablet_works_offline_from_then_on(
    open_enrolment: OpenEnrolment, secure_bureau: SecureBureau, tmp_path: Path
) -> None:
    picture = new_picture(secure_bureau, tmp_path / "code.png")
    page = open_enrolment(seen=picture)
    page.get_by_role("button", name="扫描登记二维码").click()
    require_enrolled(page, secure_bureau)
    expect(page.get_by_role("main")).to_contain_text("李四")
    expect(page.get_by_role("main")).to_contain_text(OFFLINE)
    secure_bureau.stop()
    page.context.set_offline(True)
    page.get_by_role("link", name="开始使用").click()
    page.reload()
    for told in ("寻乌县", "离线可用"):
        expect(page.get_by_role("banner")).to_contain_text(told)


def test_the_short_code_is_typed_as_it_comes(
    open_enrolment: OpenEnrolment, secure_bureau: SecureBureau
) -> None:
    page = open_enrolment()
    code = secure_bureau.new_code()
    page.get_by_label("登记码").fill(f" {code.replace('-', ' ').lower()} ")
    page.get_by_role("button", name="登记", exact=True).click()
    require_enrolled(page, secure_bureau)


def test_without_a_camera_the_code_is_read_from_a_picture(
    open_enrolment: OpenEnrolment, secure_bureau: SecureBureau, tmp_path: Path
) -> None:
    page = open_enrolment(is_camera_allowed=False)
    page.get_by_role("button", name="扫描登记二维码").click()
    expect(page.get_by_role("dialog")).to_contain_text("没有使用相机的权限")
    with page.expect_file_chooser() as chosen:
        page.get_by_role("button", name="从照片读取").click()
    chosen.value.set_files(new_picture(secure_bureau, tmp_path / "code.png"))
    require_enrolled(page, secure_bureau)


def test_on_the_smallest_screen_the_camera_and_every_button_are_in_sight(
    open_enrolment: OpenEnrolment,
) -> None:
    page = open_enrolment()
    expect(page.get_by_role("alert")).to_be_empty()
    page.get_by_role("button", name="扫描登记二维码").click()
    dialog = page.get_by_role("dialog", name="扫描登记二维码")
    video = dialog.locator("video")
    expect(video).to_have_js_property("paused", False)
    for seen in (video, *dialog.get_by_role("button").all()):
        require_in_sight(seen)
    assert len(dialog.get_by_role("button").all()) == 2
    dialog.get_by_role("button", name="取消").click()
    expect(dialog).to_have_count(0)
    expect(page.get_by_role("button", name="扫描登记二维码")).to_be_focused()


def require_in_sight(element: Locator) -> None:
    box = element.bounding_box()
    assert box is not None
    assert box["height"] >= TARGET_PX
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= SMALLEST["width"]
    assert box["y"] >= 0
    assert box["y"] + box["height"] <= SMALLEST["height"]


def test_another_servers_code_is_told_from_ours_and_used_nowhere(
    open_enrolment: OpenEnrolment, secure_bureau: SecureBureau, tmp_path: Path
) -> None:
    known = devices(secure_bureau)
    secure_bureau.environ["GI_PUBLIC_URL"] = "https://gi.other.lan:8470"
    page = open_enrolment(seen=new_picture(secure_bureau, tmp_path / "code.png"))
    page.get_by_role("button", name="扫描登记二维码").click()
    told = page.get_by_role("alert").filter(has_text="另一台服务器")
    expect(told).to_contain_text("https://gi.other.lan:8470")
    assert devices(secure_bureau) == known


def enrol(page: Page, code: str) -> Locator:
    """Type the code; return what is said of working offline."""
    page.get_by_label("登记码").fill(code)
    page.get_by_role("button", name="登记", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(ENROLLED)
    return page.get_by_role("main").get_by_role("status")


def test_it_works_offline_is_said_once_every_file_is_here(
    new_tablet: NewTablet, bureau: CommandedBureau, proxy: HostileProxy
) -> None:
    last = proxy.rule("GET", ONLY_KEPT, Hold(before_server=True))
    assert isinstance(last, Hold)
    page = new_tablet().page(f"{proxy.url}/field/enrol")
    told = enrol(page, bureau.new_code())
    assert last.arrived.wait(PATIENCE_MS / 1000)
    expect(told).to_contain_text(PREPARING)
    last.released.set()
    expect(told).to_have_text(OFFLINE)
    page.context.set_offline(True)
    expect(page.get_by_role("banner")).to_contain_text("离线可用")
    page.reload()
    expect(page.get_by_role("banner")).to_contain_text("寻乌县")


def test_a_file_that_does_not_come_is_told_and_asked_for_again(
    new_tablet: NewTablet, bureau: CommandedBureau, proxy: HostileProxy
) -> None:
    proxy.rule("GET", ONLY_KEPT, busy(1), times=math.inf)
    page = new_tablet().page(f"{proxy.url}/field/enrol")
    told = enrol(page, bureau.new_code())
    expect(told).to_contain_text("断网还打不开")
    assert faults_of(page, "not kept") == {}
    page.context.set_offline(True)
    expect(page.get_by_role("banner")).to_contain_text("没有网络")
    page.context.set_offline(False)
    proxy.heal()
    told.get_by_role("button", name="再试一次").click()
    expect(told).to_have_text(OFFLINE)
    assert faults_of(page, "enrolled") == {}


@pytest.mark.parametrize("address", ["x", "ftp://gi.xunwu.lan"])
def test_a_code_without_a_servers_address_is_told_as_none_of_ours(
    open_enrolment: OpenEnrolment, tmp_path: Path, address: str
) -> None:
    code = tmp_path / "code.png"
    segno.make(f"gi1 {address} K7QF-3MZP thumbprint").save(str(code), scale=8)
    page = open_enrolment(seen=code)
    page.get_by_role("button", name="扫描登记二维码").click()
    told = page.get_by_role("alert").filter(has_text="这不是登记二维码")
    expect(told).to_be_visible()
