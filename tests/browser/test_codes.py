"""QR codes by the browser's own detector, as Android's has one, and where it fails."""

from collections.abc import Callable, Iterator

import pytest
import segno
from browser.chromium import Tablet
from browser.conftest import enrolled, started
from browser.fake_camera import film
from browser.inspector import PHONE, Inspector
from journeys.commanded import CommandedBureau
from playwright.sync_api import Page, Playwright, expect

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


@pytest.fixture(scope="module")
def filming_phone(
    playwright: Playwright,
    chromium: str,
    bureau: CommandedBureau,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Tablet]:
    """An enrolled phone whose camera sees a licence."""
    folder = tmp_path_factory.mktemp("filming")
    segno.make(LICENCE).save(str(folder / "licence.png"), scale=8)
    shown = film(folder / "licence.png", folder / "camera.y4m")
    switches = (
        "--use-fake-device-for-media-stream",
        f"--use-file-for-fake-video-capture={shown}",
    )
    for phone in started(playwright, chromium, folder / "phone", *switches, **PHONE):
        enrolled(phone, bureau, bureau.url).page.close()
        yield phone


@pytest.fixture
def open_form(filming_phone: Tablet, bureau: CommandedBureau) -> Iterator[OpenForm]:
    """Opens a record on that phone, whose browser may read codes by itself."""
    pages: list[Page] = []

    def open_screen(detector: str = "") -> Inspector:
        page = filming_phone.page("about:blank")
        pages.append(page)
        page.context.grant_permissions(["camera"], origin=bureau.url)
        page.add_init_script(detector)
        inspector = Inspector(page, bureau.url)
        inspector.open("new")
        return inspector

    yield open_screen
    for page in pages:
        page.close()


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
    inspector = open_form(detector)
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
