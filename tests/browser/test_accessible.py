"""Every screen for everybody, in both homes: axe, colours, targets, room."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from browser.conftest import NewTablet
from browser.every_screen import SETTLED, every_screen
from browser.every_state import every_state
from browser.inspector import Inspector
from browser.measures import faults_of
from journeys.commanded import CommandedBureau
from local_app import LocalApp
from simulated_receiver import SimulatedReceiver

from fieldkit.receivers.sources import VARIABLE

ASK_LAPTOP = """async ([name, words]) => {
    const { openLoopbackOutbox } = await import("/field/outbox/loopback.js");
    self.beside ??= await openLoopbackOutbox();
    return self.beside[name](...words);
}"""
Screens = Callable[[Inspector], Iterator[str]]


def require_for_everybody(
    inspector: Inspector, screens: Screens, *, with_colours: bool = True
) -> list[str]:
    """Hold each screen to be for everybody; return their names."""
    faults: dict[str, Any] = {}
    names = []
    for name in screens(inspector):
        names.append(name)
        faults |= faults_of(inspector.page, name, with_colours=with_colours)
    assert not faults, json.dumps(faults, ensure_ascii=False, indent=1)
    return names


@pytest.mark.parametrize(
    ("screens", "least", "language"),
    [
        (every_screen, 15, "zh-CN"),
        (every_screen, 15, "en"),
        (every_state, 17, "zh-CN"),
        # The same rules with longer words: a minute of it, so in the soak.
        pytest.param(every_state, 17, "en", marks=pytest.mark.soak),
    ],
)
def test_every_screen_is_for_everybody_in_every_theme(
    inspector: Inspector, language: str, screens: Screens, least: int
) -> None:
    inspector.ask("saveSettings", {"language": language, "theme": "light"})
    try:
        is_first = language == "zh-CN"
        names = require_for_everybody(inspector, screens, with_colours=is_first)
    finally:
        inspector.ask("saveSettings", {"language": "zh-CN", "theme": "system"})
    assert len(names) >= least


class LaptopUser(Inspector):
    """Somebody at a laptop with a receiver beside it."""

    def ask(self, name: str, *words: Any) -> Any:
        """Ask the laptop's outbox, beside the screens."""
        return self.page.evaluate(ASK_LAPTOP, [name, list(words)])


@pytest.fixture
def laptop_user(
    new_tablet: NewTablet, bureau: CommandedBureau, tmp_path: Path
) -> Iterator[LaptopUser]:
    with SimulatedReceiver() as receiver:
        receiver.go_on()
        laptop = LocalApp(tmp_path / "laptop", **{VARIABLE: receiver.path})
        with laptop:
            user = LaptopUser(new_tablet().page(laptop.entrance), laptop.url)
            given = {"url": bureau.url, "code": bureau.new_code()}
            user.ask("enrol", given)
            yield user


def laptop_screens(user: Inspector) -> Iterator[str]:
    """Yield the tablet's screens as a laptop shows them, then what it alone shows."""
    yield from every_screen(user)
    user.open()
    user.page.locator(".import input").set_input_files(
        [
            {"name": "ok.csv", "mimeType": "text/csv", "buffer": rows(115.6512)},
            {"name": "no.csv", "mimeType": "text/csv", "buffer": rows(915.6512)},
        ]
    )
    user.page.locator(".import-result .note.bad").wait_for()
    yield "imported"
    user.open("new")
    user.page.locator("select:has(option[value=browser])").wait_for()
    user.page.evaluate(SETTLED)
    yield "receivers"


def rows(lon_deg: float) -> bytes:
    """A table of one visit."""
    return (
        "observed_at,lon,lat,datum,code\n"
        f"2023-12-02 10:20,{lon_deg},24.9,WGS84,TM-202\n"
    ).encode()


def test_every_screen_of_a_laptop_is_for_everybody(laptop_user: LaptopUser) -> None:
    laptop_user.ask("saveSettings", {"language": "en", "theme": "light"})
    names = require_for_everybody(laptop_user, laptop_screens)
    assert len(names) >= 17
