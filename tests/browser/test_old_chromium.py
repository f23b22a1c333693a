"""The main journey on Chromium 92, as on government PCs with 统信UOS or 麒麟."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from browser.bureaus import ledger, photographs
from browser.chromium import Tablet
from browser.inspector import XUNWU, Inspector, picture, position
from browser.old_chromium import library_path, old_chromium, taught
from browser.secure_bureau import SecureBureau, on_the_lan, trusting
from playwright.sync_api import Playwright, expect

pytestmark = pytest.mark.soak

SCREEN = {"width": 1024, "height": 768}
KEPT = "navigator.serviceWorker.ready.then((held) => held.active.state)"


@pytest.fixture
def tablet(
    playwright: Playwright, secure_bureau: SecureBureau, tmp_path: Path
) -> Iterator[Tablet]:
    """A government PC: its own libraries, and the bureau's authority trusted."""
    program = old_chromium()
    tablet = Tablet(playwright, str(program), tmp_path / "chromium-92")
    home = trusting(secure_bureau.authority, tmp_path / "home")
    tablet.start(
        on_the_lan(),
        env=home | {"LD_LIBRARY_PATH": library_path(program)},
        viewport=SCREEN,
        has_touch=True,
        permissions=["geolocation"],
        geolocation=position(*XUNWU, 7.5),
    )
    yield tablet
    tablet.stop()


def test_a_violation_is_recorded_offline_and_is_in_the_ledger_to_the_row(
    tablet: Tablet, secure_bureau: SecureBureau
) -> None:
    page = taught(tablet.page("about:blank"))
    page.goto(f"{secure_bureau.site}/field/enrol")
    assert "Chrome/92." in page.evaluate("navigator.userAgent")
    page.get_by_label("登记码").fill(secure_bureau.new_code())
    page.get_by_role("button", name="登记", exact=True).click()
    page.get_by_role("heading", name="本设备已登记").wait_for()
    page.evaluate(KEPT)
    secure_bureau.stop()
    page.context.set_offline(True)

    inspector = Inspector(page, secure_bureau.site)
    inspector.begin()
    assert "精度 7.5 米" in inspector.position
    inspector.choose("果园")
    inspector.take_code("GI-101")
    inspector.choose("地理标志名称")
    inspector.photograph(picture("oranges"))
    assert "位于寻乌县（360734）" in inspector.advice
    record = inspector.save()

    page.reload()
    inspector.open("queue")
    expect(page.get_by_role("main")).to_contain_text(record["record_no"])
    secure_bureau.start()
    page.context.set_offline(False)
    page.locator(".sync-now").click()
    page.get_by_text("已送达").first.wait_for()
    expect(page.get_by_role("banner")).to_contain_text("已全部送达")
    device_id = record["device_id"]
    assert ledger(secure_bureau, device_id) == [(record["id"], record["hash"])]
    named = {one["sha256"] for one in record["body"]["evidence"]}
    assert photographs(secure_bureau) == named
