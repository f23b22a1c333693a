"""Photographs in the app: the original bytes, apart from every picture of them."""

import hashlib
import io
import urllib.request
from typing import Any

import pillow_heif
from browser.bureaus import photographs
from browser.chromium import Tablet
from browser.conftest import enrolled
from browser.field_tablet import FieldTablet, picture
from browser.inspector import XUNWU, Inspector, payload_of
from browser.link_kinds import on
from browser.waiting import until
from journeys.commanded import CommandedBureau
from PIL import Image
from playwright.sync_api import Page, expect

from server.blob_files import blob_path

GREEN = (30, 120, 60)
NOBODY_SYNCS = """navigator.locks.query().then(({ held }) =>
    held.every(({ name }) => name !== "gi-fieldkit-sync"))"""


def jpeg() -> bytes:
    """A photograph with all that a camera writes beside the picture, and junk."""
    exif = Image.Exif()
    exif[0x010F] = "GI camera"
    exif.get_ifd(0x8825).update({1: "N", 2: (25.0, 0.0, 0.0)})
    written = io.BytesIO()
    Image.effect_noise((1600, 1200), 80).save(written, "JPEG", exif=exif)
    return written.getvalue() + b"after the end"


def heic() -> bytes:
    written = io.BytesIO()
    pillow_heif.from_pillow(Image.new("RGB", (640, 480), GREEN)).save(written)
    return written.getvalue()


def chosen(inspector: Inspector, name: str, media_type: str, content: bytes) -> None:
    """Choose a file as evidence."""
    with inspector.page.expect_file_chooser() as chooser:
        inspector.page.get_by_text("选文件", exact=True).tap()
    file = {"name": name, "mimeType": media_type, "buffer": content}
    chooser.value.set_files(files=[file])  # type: ignore[list-item]
    inspector.page.locator(".photos li").filter(has_text=name).wait_for()


def recorded(inspector: Inspector) -> dict[str, Any]:
    inspector.choose("果园")
    inspector.take_code("GI-101")
    inspector.choose("地理标志名称")
    return inspector.save()


def digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def test_the_original_bytes_are_sealed_by_hash_with_position_and_time_and_arrive(
    inspector: Inspector, bureau: CommandedBureau
) -> None:
    content = jpeg()
    inspector.begin()
    inspector.photograph(content, "IMG_0007.jpg")
    small = inspector.page.locator(".photos img")
    expect(small).to_be_visible()
    width = "(image) => image.decode().then(() => image.naturalWidth)"
    assert small.evaluate(width) == 320
    payload = payload_of(recorded(inspector))
    (evidence,) = payload["body"]["evidence"]
    assert (evidence["sha256"], evidence["bytes"]) == (digest(content), len(content))
    assert evidence["captured_at"]
    fix = payload["body"]["site"]["fix"]
    assert (fix["lon_deg"], fix["lat_deg"]) == XUNWU  # not what EXIF says
    assert [blob["sha256"] for blob in payload["blobs"]] == [digest(content)]
    inspector.ask("sync", {})
    held = blob_path(bureau.home / "blobs", digest(content))
    assert held.read_bytes() == content


def test_a_heic_has_a_placeholder_here_and_a_picture_at_the_bureau(
    inspector: Inspector, bureau: CommandedBureau
) -> None:
    content = heic()
    inspector.begin()
    # Chromium on Linux knows no type for it.
    chosen(inspector, "IMG_0008.HEIC", "", content)
    shelf = inspector.page.locator(".photos")
    expect(shelf.locator(".no-preview")).to_contain_text("原件已保存")
    (evidence,) = recorded(inspector)["body"]["evidence"]
    assert evidence["media_type"] == "image/heic"
    assert (evidence["sha256"], evidence["bytes"]) == (digest(content), len(content))
    inspector.open(f"record/{inspector.ask('list', {})['records'][0]['id']}")
    expect(inspector.page.locator(".no-preview")).to_contain_text("无法预览")
    inspector.ask("sync", {})
    held = blob_path(bureau.home / "blobs", digest(content))
    assert held.read_bytes() == content
    address = f"{bureau.url}/thumbnails/{digest(content)}"
    with urllib.request.urlopen(address, timeout=60) as reply:
        seen = Image.open(io.BytesIO(reply.read()))
    assert (seen.format, seen.size) == ("JPEG", (480, 360))


def queue(tablet: FieldTablet, link: str | None = None) -> Page:
    assert tablet.tablet.context is not None
    page = tablet.tablet.context.new_page()
    if link is not None:  # each window is told of its own
        on(page, link)
    page.goto(f"{tablet.url}/field/queue")
    page.get_by_role("heading", name="队列").wait_for()
    return page


def test_on_mobile_data_photographs_wait_for_wifi_and_records_do_not(
    link: Tablet, bureau: CommandedBureau
) -> None:
    tablet = enrolled(link, bureau, bureau.url)
    mobile = on(tablet.page, "cellular4g")
    tablet.ask("saveSettings", {"photos_on_wifi_only": True})
    saved = tablet.record(picture(90_000, seed=11))
    report = tablet.sync()
    assert (report["outcomes"], report["photos_sent"]) == ({"stored": 1}, 0)
    status = tablet.ask("status")
    assert (status["is_on_wifi"], status["photos_waiting_for_wifi"]) == (False, True)
    screen = queue(tablet, "cellular4g")
    header = screen.locator("header .unsent")
    expect(header).to_have_text("记录已送达 · 照片 1 张待传")
    screen.close()
    until(tablet.page, NOBODY_SYNCS)  # the screen may have been at it
    mobile.detach()
    on(tablet.page, "wifi")
    assert tablet.sync()["photos_sent"] == 1
    assert saved["body"]["evidence"][0]["sha256"] in photographs(bureau)
    assert tablet.ask("status")["photos_waiting_for_wifi"] is False
    header = queue(tablet).locator("header .unsent")
    expect(header).to_have_text("已全部送达")


def test_where_the_browser_cannot_tell_the_link_the_inspector_is_asked(
    tablet: FieldTablet, bureau: CommandedBureau
) -> None:
    tablet.ask("saveSettings", {"photos_on_wifi_only": True})
    saved = tablet.record(picture(90_000, seed=12))
    (evidence,) = saved["body"]["evidence"]
    page = queue(tablet)
    page.get_by_role("button", name="立即同步").click()
    asked = page.get_by_text("分不清 Wi-Fi 与移动网络。现在连的是 Wi-Fi 吗？")
    asked.wait_for()
    assert evidence["sha256"] not in photographs(bureau)
    expect(page.locator(".figures")).to_contain_text("照片等待 Wi-Fi")
    page.get_by_role("button", name="是 Wi-Fi，上传照片").click()
    page.locator(".note.good").get_by_text("1 张照片").wait_for()
    expect(asked).to_have_count(0)
    assert evidence["sha256"] in photographs(bureau)
