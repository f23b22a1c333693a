"""The app as a program of its own, from a server that a tablet trusts by TLS."""

from pathlib import Path
from typing import Any

import pytest
from browser.chromium import Tablet
from browser.conftest import NewTablet
from browser.secure_bureau import NAME, SecureBureau, on_the_lan, trusting
from playwright.sync_api import BrowserContext, Error, Page

STANDALONE = "matchMedia('(display-mode: standalone)').matches"
KEPT = """async () => {
    const { active } = await navigator.serviceWorker.ready;
    if (active.state === "activated") return;
    await new Promise((resolve) => active.addEventListener("statechange", resolve));
}"""


class InstalledApp:
    """The app among the programs of a tablet, handled as its home screen does."""

    def __init__(self, context: BrowserContext, manifest_id: str) -> None:
        assert context.browser is not None
        self._context = context
        self._session = context.browser.new_browser_cdp_session()
        self._named = {"manifestId": manifest_id}

    def ask(self, command: str, **words: Any) -> Any:
        return self._session.send(f"PWA.{command}", self._named | words)

    def install(self) -> None:
        self.ask("install", installUrlOrBundleUrl=self._named["manifestId"])
        # What the dialog's box "open as window" says; only a person has that dialog.
        self.ask("changeAppUserSettings", displayMode="standalone")

    def launch(self, **words: str) -> Page:
        """Open it from the home screen, or by one of its shortcuts."""
        with self._context.expect_page() as opened:
            self.ask("launch", **words)
        return opened.value


def window_of(page: Page) -> int:
    session = page.context.new_cdp_session(page)
    return int(session.send("Browser.getWindowForTarget")["windowId"])


@pytest.fixture
def home(secure_bureau: SecureBureau, tmp_path: Path) -> dict[str, str]:
    """The surroundings of a browser that trusts the bureau's authority."""
    return trusting(secure_bureau.authority, tmp_path / "home")


@pytest.fixture
def tablet(new_tablet: NewTablet, home: dict[str, str]) -> Tablet:
    tablet = new_tablet()
    tablet.start(on_the_lan("evil.lan"), env=home)
    return tablet


def test_only_a_tablet_that_trusts_the_authority_opens_the_app(
    new_tablet: NewTablet, tablet: Tablet, secure_bureau: SecureBureau
) -> None:
    page = tablet.page(f"{secure_bureau.site}/field/")
    assert page.evaluate("isSecureContext")
    with pytest.raises(Error, match="ERR_CERT_COMMON_NAME_INVALID"):
        tablet.page(f"https://evil.lan:{secure_bureau.port}/field/")
    stranger = new_tablet()
    stranger.start(on_the_lan())
    with pytest.raises(Error, match="ERR_CERT_AUTHORITY_INVALID"):
        stranger.page(f"{secure_bureau.site}/field/")


def test_it_is_installed_and_opens_in_its_own_window_without_the_server(
    tablet: Tablet, home: dict[str, str], secure_bureau: SecureBureau
) -> None:
    page = tablet.page(f"{secure_bureau.site}/field/")
    page.evaluate(KEPT)
    session = page.context.new_cdp_session(page)
    assert session.send("Page.getInstallabilityErrors")["installabilityErrors"] == []
    app = InstalledApp(page.context, session.send("Page.getAppId")["appId"])
    with pytest.raises(Error, match="Unknown web-app manifest id"):
        app.ask("getOsAppState")
    app.install()
    assert app.ask("getOsAppState")["badgeCount"] == 0
    window = app.launch()
    assert window_of(window) != window_of(page)
    require_open(window, secure_bureau.site)
    assert not page.evaluate(STANDALONE)

    tablet.stop()
    secure_bureau.stop()
    context = tablet.start(on_the_lan(), env=home)
    app = InstalledApp(context, f"https://{NAME}:{secure_bureau.port}/field/")
    require_open(app.launch(), secure_bureau.site)
    shortcut = app.launch(url=f"{secure_bureau.site}/field/queue")
    require_open(shortcut, secure_bureau.site)
    assert shortcut.url.endswith("/field/queue")


def require_open(window: Page, site: str) -> None:
    """Hold a window to show a screen of the app, without a browser's frame."""
    window.get_by_role("heading", level=1).wait_for()
    assert window.url.startswith(f"{site}/field/")
    assert window.evaluate(STANDALONE)
    assert "地标巡检" in window.title()
