"""Real browsers against the real modules and the real server, on loopback."""

import itertools
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from browser.chromium import Tablet, find_chromium
from browser.module_server import ModuleServer
from playwright.sync_api import Page, Playwright, sync_playwright

NewTablet = Callable[[], Tablet]


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
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
