"""The offline map and its pickers, in a real Chromium without a server."""

import re
from pathlib import Path
from typing import Any

import pytest
from browser.field_tablet import VIOLATION, FieldTablet
from browser.installed import cut_off, install
from journeys.hostile_proxy import HostileProxy
from mbtiles import png, write_mbtiles
from playwright.sync_api import Page, expect

from server.basemap import convert

AXE = Path(__file__).parents[1] / "vendor" / "axe-core" / "axe.min.js"
AXE_RUN = """axe.run(document).then(({ violations }) =>
    violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)]))"""
RED_PIXELS = """() => {
    const [image] = document.querySelectorAll(".field-map .basemap img");
    if (!image || !image.complete || !image.naturalWidth) return null;
    const canvas = document.createElement("canvas");
    [canvas.width, canvas.height] = [1, 1];
    const drawing = canvas.getContext("2d");
    drawing.drawImage(image, 0, 0);
    return Array.from(drawing.getImageData(0, 0, 1, 1).data.slice(0, 3));
}"""
HERE = {"longitude": 115.0, "latitude": 25.5, "accuracy": 30}


def observation(lon_deg: float | None) -> dict[str, Any]:
    site: dict[str, Any] = {"premises_type": "shop", "name": "老王水果店"}
    if lon_deg is None:
        return VIOLATION | {"site": site | {"fix": None, "no_fix_reason": "室内"}}
    fix = {"lon_deg": lon_deg, "lat_deg": 25.8, "datum": "WGS84", "radius95_m": 12.0}
    return VIOLATION | {"site": site | {"fix": fix | {"source": "gnss"}}}


@pytest.fixture
def offline(far_tablet: FieldTablet, proxy: HostileProxy) -> FieldTablet:
    """A tablet with three records of which one has no position; no server any more."""
    for lon_deg in (114.9, 116.1, None):
        far_tablet.ask("record", observation(lon_deg), {})
    far_tablet.page = install(far_tablet)
    cut_off(far_tablet, proxy)
    return far_tablet


def open_map(tablet: FieldTablet) -> Page:
    page = tablet.page
    page.goto(f"{tablet.url}/field/map")
    page.locator(".mark").first.wait_for()
    return page


def check_accessible(page: Page) -> None:
    page.evaluate(AXE.read_text("utf-8"))
    assert page.evaluate(AXE_RUN) == []


def test_records_and_origins_are_shown_without_a_server_and_nothing_else_is_asked(
    offline: FieldTablet,
) -> None:
    asked: list[str] = []
    offline.page.on("request", lambda request: asked.append(request.url))
    page = open_map(offline)
    expect(page.locator(".map-counted")).to_have_text("3 条记录中 1 条没有位置")
    expect(page.locator(".mark")).to_have_count(2)
    page.locator("details.legend summary").click()
    expect(page.locator(".legend")).to_contain_text("边界两侧各 700 米")
    check_accessible(page)
    assert {url for url in asked if not url.startswith(("blob:", offline.url))} == set()


def test_a_record_is_opened_from_the_map_by_the_keyboard_alone(
    offline: FieldTablet,
) -> None:
    page = open_map(offline)
    page.locator(".field-map").focus()
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.classList.contains('mark')")
    page.keyboard.press("Enter")
    page.locator(".map-list a.row").wait_for()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("/field/record/"))


def test_a_basemap_of_the_bureau_is_drawn_and_is_there_the_next_time(
    offline: FieldTablet, tmp_path: Path
) -> None:
    everywhere = [
        (z, x, y, png(200, 0, 0))
        for z in range(8)
        for x in range(max(0, (200 << z >> 8) - 8), (215 << z >> 8) + 1)
        for y in range(max(0, (100 << z >> 8) - 8), (118 << z >> 8) + 1)
    ]
    given = write_mbtiles(tmp_path / "a.mbtiles", everywhere)
    convert(given, tmp_path / "ganzhou.pmtiles")
    page = open_map(offline)
    page.locator("details.basemap-card summary").click()
    card = page.locator("details.basemap-card")
    card.locator("input[type=file]").set_input_files(given)
    expect(page.get_by_role("alert").filter(has_text="MBTiles")).to_be_visible()
    card.locator("input[type=file]").set_input_files(tmp_path / "ganzhou.pmtiles")
    expect(card).to_contain_text("底图：ganzhou.pmtiles")
    page.wait_for_function(RED_PIXELS)
    assert page.evaluate(RED_PIXELS) == [200, 0, 0]
    page = open_map(offline)
    page.wait_for_function(RED_PIXELS)
    page.locator("details.basemap-card summary").click()
    page.get_by_role("button", name="移除底图").click()
    expect(page.locator(".basemap")).to_have_count(0)


def test_my_position_is_shown_with_its_accuracy_and_what_it_means(
    offline: FieldTablet,
) -> None:
    context = offline.tablet.context
    assert context is not None
    context.grant_permissions(["geolocation"])
    page = open_map(offline)
    page.get_by_role("button", name="我的位置").click()
    context.set_geolocation(HERE)  # type: ignore[arg-type]
    expect(page.locator(".map-words")).to_contain_text(
        "东经 115.00000°，北纬 25.50000°（±30 米，95%）"
    )
    expect(page.locator(".map-words")).to_contain_text("在保护范围内")
    page.get_by_role("button", name="停止定位").click()
    expect(page.locator(".map-words")).to_be_empty()


def test_a_pin_goes_into_the_draft_as_placed_by_hand_with_its_radius(
    offline: FieldTablet,
) -> None:
    page = offline.page
    page.set_viewport_size({"width": 320, "height": 640})
    page.goto(f"{offline.url}/field/new")
    page.get_by_role("button", name="在地图上标注").click()
    picker = page.locator("dialog.picker[open]")
    expect(picker.locator(".field-map canvas")).to_be_visible()
    assert picker.locator(".field-map").bounding_box()["width"] > 250  # type: ignore[index]
    check_accessible(page)
    picker.get_by_role("button", name="用这个位置").click()
    expect(picker).to_contain_text("已放大")
    picker.locator("summary").click()
    picker.get_by_role("textbox").fill("116 91")
    page.keyboard.press("Enter")
    expect(picker.get_by_role("alert")).to_be_visible()
    picker.get_by_role("textbox").fill("115.6512，24.9633")
    page.keyboard.press("Enter")
    expect(picker.locator(".map-words")).to_contain_text(
        "东经 115.65120°，北纬 24.96330°（±50 米，95%）"
    )
    picker.get_by_role("button", name="用这个位置").click()
    page.get_by_role("radio", name="商店").check(force=True)
    page.wait_for_url(re.compile(r"/field/draft/\d+"))
    (draft,) = page.evaluate(
        "import('/field/joined/first.js').then(({ $outbox_tablet }) =>"
        " $outbox_tablet.openTabletOutbox({ isAutomatic: false }))"
        ".then((outbox) => outbox.drafts())"
    )
    fix = draft["answers"]["position"]["fix"]
    assert fix["source"] == "manual"
    assert (fix["lon_deg"], fix["lat_deg"], fix["radius95_m"]) == (
        115.6512,
        24.9633,
        50,
    )


def test_a_pin_by_the_cross_is_no_more_exact_than_the_borders_that_it_goes_by(
    offline: FieldTablet,
) -> None:
    page = offline.page
    page.goto(f"{offline.url}/field/new")
    page.get_by_role("button", name="在地图上标注").click()
    picker = page.locator("dialog.picker[open]")
    picker.locator(".field-map").focus()
    words = picker.locator(".map-words")
    # A press is lost while the map still moves from the one before.
    for _ in range(60):
        if "±1000 米" in words.inner_text():
            break
        page.keyboard.press("+")
        page.wait_for_timeout(300)
    page.keyboard.press("+")
    page.wait_for_timeout(300)
    expect(words).to_contain_text("±1000 米")
    page.keyboard.press("Escape")
    expect(picker).to_have_count(0)
