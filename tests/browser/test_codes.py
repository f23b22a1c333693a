"""QR codes by the browser's own detector, as Android's has one, and where it fails."""

from collections.abc import Callable
from pathlib import Path

import pytest
import segno
from browser.conftest import NewTablet, enrolled
from browser.fake_camera import film
from browser.inspector import PHONE, Inspector
from journeys.commanded import CommandedBureau
from playwright.sync_api import expect

LICENCE = "http://www.gsxt.gov.cn/index?uniscid=91360734MA35F6UN0Y"
CODE = "91360734MA35F6UN0Y"
OWN_READER = "/field/vendor/qr/decode.js"
# Stands where Android's Chromium has its own, with its manners and no eyes.
DETECTOR = """
self.asked = [];
self.BarcodeDetector = class {
    static async getSupportedFormats() { return %(formats)s; }
    constructor({ formats }) { self.asked.push(formats.join()); }
    async detect(source) {
        self.asked.push(source.constructor.name);
        %(detect)s
    }
};
"""
SEES = f"return [{{ rawValue: '{LICENCE}' }}];"
SEES_NOTHING_FIRST = (
    f"return self.asked.length < 4 ? [] : [{{ rawValue: '{LICENCE}' }}];"
)
FAILS = "throw new DOMException('no service', 'NotSupportedError');"
FETCHED = """(path) => performance.getEntriesByType("resource")
    .some(({ name }) => new URL(name).pathname === path)"""
OpenForm = Callable[..., Inspector]


@pytest.fixture
def open_form(
    new_tablet: NewTablet, bureau: CommandedBureau, tmp_path: Path
) -> OpenForm:
    """Opens a record on a phone whose camera sees a licence, or an empty table."""

    def open_screen(detector: str = "", *, sees_licence: bool = True) -> Inspector:
        picture = tmp_path / "licence.png"
        segno.make(LICENCE if sees_licence else "nothing").save(str(picture), scale=8)
        shown = film(picture, tmp_path / "camera.y4m")
        tablet = new_tablet()
        context = tablet.start(
            "--use-fake-device-for-media-stream",
            f"--use-file-for-fake-video-capture={shown}",
            **PHONE,
        )
        context.grant_permissions(["camera"], origin=bureau.url)
        enrolled(tablet, bureau, bureau.url).page.close()
        context.add_init_script(detector)
        inspector = Inspector(tablet.page("about:blank"), bureau.url)
        inspector.open("new")
        return inspector

    return open_screen


def scan(inspector: Inspector) -> bool:
    """Scan the licence's code; whether our own reader had to read it."""
    party = inspector.part("当事人")
    party.get_by_role("button", name="扫执照").tap()
    expect(party.get_by_label("统一社会信用代码")).to_have_value(CODE)
    return bool(inspector.page.evaluate(FETCHED, OWN_READER))


def test_a_licence_is_read_through_the_camera(open_form: OpenForm) -> None:
    assert scan(open_form())


def test_a_browser_that_reads_codes_itself_is_let(open_form: OpenForm) -> None:
    detector = DETECTOR % {"formats": "['qr_code']", "detect": SEES_NOTHING_FIRST}
    inspector = open_form(detector, sees_licence=False)
    assert not scan(inspector)
    asked = inspector.page.evaluate("self.asked")
    assert asked == ["qr_code", *["HTMLVideoElement"] * 3]


@pytest.mark.parametrize(
    ("formats", "detect"),
    [("[]", SEES), ("['ean_13']", SEES), ("['qr_code']", FAILS)],
)
def test_where_its_detector_reads_nothing_ours_does(
    open_form: OpenForm, formats: str, detect: str
) -> None:
    inspector = open_form(DETECTOR % {"formats": formats, "detect": detect})
    assert scan(inspector)
    assert len(inspector.page.evaluate("self.asked")) <= 2  # it is not asked again
