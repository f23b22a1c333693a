"""Real browsers against the real modules and the real server, on loopback."""

import itertools
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from browser.chromium import PATIENCE_MS, Tablet, find_chromium
from browser.field_tablet import FieldTablet
from browser.inspector import PHONE, XUNWU, Inspector, position
from browser.link_kinds import TELLS_ITS_LINK
from browser.module_server import ModuleServer
from browser.secure_bureau import SecureBureau
from journeys.commanded import CommandedBureau
from journeys.hostile_proxy import HostileProxy
from playwright.sync_api import Page, Playwright, expect, sync_playwright

NewTablet = Callable[[], Tablet]


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    expect.set_options(timeout=PATIENCE_MS)
    with sync_playwright() as playwright:
        yield playwright


@pytest.fixture(scope="session")
def chromium(playwright: Playwright) -> str:
    """The path of a Chromium that runs here; without one the tests fail."""
    return find_chromium(playwright)


@pytest.fixture
def new_tablet(
    playwright: Playwright, chromium: str, tmp_path: Path
) -> Iterator[NewTablet]:
    """Makes browsers with empty folders; they are closed after the test."""
    made: list[Tablet] = []
    numbers = itertools.count(1)

    def make() -> Tablet:
        made.append(Tablet(playwright, chromium, tmp_path / f"browser-{next(numbers)}"))
        return made[-1]

    yield make
    for tablet in made:
        tablet.stop()


@pytest.fixture(scope="session")
def modules() -> Iterator[ModuleServer]:
    with ModuleServer() as server:
        yield server


@pytest.fixture(scope="session")
def module_browser(
    playwright: Playwright, chromium: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Tablet]:
    """One browser for all the tests of modules; each makes databases of its own."""
    tablet = Tablet(playwright, chromium, tmp_path_factory.mktemp("modules"))
    yield tablet
    tablet.stop()


@pytest.fixture
def module_page(module_browser: Tablet, modules: ModuleServer) -> Iterator[Page]:
    """An empty page of the modules' origin."""
    page = module_browser.page(modules.url)
    yield page
    page.close()


@pytest.fixture(scope="session")
def bureau(tmp_path_factory: pytest.TempPathFactory) -> Iterator[CommandedBureau]:
    """A real server for the tests that leave it running: two workers of its own."""
    with CommandedBureau(tmp_path_factory.mktemp("bureau") / "home") as bureau:
        yield bureau


@pytest.fixture
def own_bureau(tmp_path: Path) -> Iterator[CommandedBureau]:
    """A real server for one test that stops it."""
    with CommandedBureau(tmp_path / "bureau") as bureau:
        yield bureau


@pytest.fixture(scope="session")
def bureau_of_the_lan(
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[SecureBureau]:
    with SecureBureau(tmp_path_factory.mktemp("secure") / "bureau") as bureau:
        yield bureau


@pytest.fixture
def secure_bureau(bureau_of_the_lan: SecureBureau) -> Iterator[SecureBureau]:
    """A real server under its name on a LAN, over TLS; a test may stop it."""
    named = dict(bureau_of_the_lan.environ)
    yield bureau_of_the_lan
    bureau_of_the_lan.environ = named
    if bureau_of_the_lan.process_id is None:
        bureau_of_the_lan.start()


@pytest.fixture(scope="session")
def line(bureau: CommandedBureau) -> Iterator[HostileProxy]:
    """A link whose address stays: what an app keeps by it is kept for every test."""
    with HostileProxy("127.0.0.1", bureau.port) as line:
        yield line


@pytest.fixture
def proxy(line: HostileProxy) -> Iterator[HostileProxy]:
    """A link to the server that behaves until it is told otherwise."""
    line.as_in_the_beginning()
    yield line
    line.as_in_the_beginning()


@pytest.fixture(scope="session")
def used_tablet(
    playwright: Playwright, chromium: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Tablet]:
    """A browser that keeps the app's files from one test to the next."""
    yield from started(playwright, chromium, tmp_path_factory.mktemp("used-tablet"))


@pytest.fixture
def tablet(used_tablet: Tablet, bureau: CommandedBureau) -> FieldTablet:
    """A tablet enrolled at the server."""
    return enrolled(used_tablet, bureau, bureau.url)


@pytest.fixture
def far_tablet(
    used_tablet: Tablet, bureau: CommandedBureau, proxy: HostileProxy
) -> FieldTablet:
    """A tablet whose every request goes over the link."""
    return enrolled(used_tablet, bureau, proxy.url)


@pytest.fixture
def link(new_tablet: NewTablet) -> Tablet:
    """A browser that tells what its link is."""
    browser = new_tablet()
    browser.start(TELLS_ITS_LINK)
    return browser


@pytest.fixture(scope="session")
def used_phone(
    playwright: Playwright, chromium: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Tablet]:
    """A phone's browser that keeps the app's files from one file to the next."""
    yield from started(
        playwright, chromium, tmp_path_factory.mktemp("used-phone"), **PHONE
    )


@pytest.fixture(scope="module")
def phone(used_phone: Tablet, bureau: CommandedBureau) -> Tablet:
    """An enrolled phone that serves the tests of one file."""
    enrolled(used_phone, bureau, bureau.url).page.close()
    return used_phone


@pytest.fixture
def inspector(phone: Tablet, bureau: CommandedBureau) -> Iterator[Inspector]:
    """Somebody in an orchard of Xunwu who has just opened the app."""
    page = phone.page("about:blank")
    page.context.set_geolocation(position(*XUNWU, 7.5))
    yield Inspector(page, bureau.url)
    page.close()


@pytest.fixture(scope="session")
def lent_phone(
    playwright: Playwright, chromium: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Tablet]:
    """A phone's browser that keeps the app's files from one hand to the next."""
    yield from started(
        playwright, chromium, tmp_path_factory.mktemp("lent-phone"), **PHONE
    )


@pytest.fixture
def newcomer(lent_phone: Tablet, bureau: CommandedBureau) -> Iterator[Inspector]:
    """Somebody in an orchard of Xunwu with a phone that was enrolled just now."""
    lent_phone.forget(bureau.url)
    page = lent_phone.page("about:blank")
    page.context.set_geolocation(position(*XUNWU, 7.5))
    inspector = Inspector(page, bureau.url)
    inspector.ask("enrol", {"code": bureau.new_code()})
    inspector.open()
    yield inspector
    lent_phone.forget(bureau.url)


@pytest.fixture
def unhurried(new_tablet: NewTablet, bureau: CommandedBureau) -> Inspector:
    """Such a phone of its own, for a test that takes its clock."""
    phone = new_tablet()
    phone.start(**PHONE)
    enrolled(phone, bureau, bureau.url).page.close()
    inspector = Inspector(phone.page("about:blank"), bureau.url)
    inspector.at(*XUNWU, 7.5)
    return inspector


def started(
    playwright: Playwright, chromium: str, folder: Path, *switches: str, **options: Any
) -> Iterator[Tablet]:
    browser = Tablet(playwright, chromium, folder)
    browser.start(*switches, **options)
    yield browser
    browser.stop()


def enrolled(browser: Tablet, bureau: CommandedBureau, url: str) -> FieldTablet:
    """A tablet that is new to the bureau and enrolled."""
    if browser.context is not None:
        browser.forget(url)
    tablet = FieldTablet(browser, url)
    tablet.enrol(bureau.new_code())
    return tablet
