"""Every screen for everybody: axe, targets, narrow and magnified, by keyboard alone."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from browser.every_screen import every_screen
from browser.inspector import Inspector
from playwright.sync_api import Page

AXE = Path(__file__).parents[1] / "vendor" / "axe-core" / "axe.min.js"
THEMES = ("light", "dark", "sunlight")
LEAST_TARGET_PX = 44
NARROW = {"width": 320, "height": 640}
# A laptop of 1280 × 720 at 200 %.
MAGNIFIED = {"width": 640, "height": 360}
RUN_AXE = """async ([themes]) => {
    const told = [];
    const root = document.documentElement;
    for (const theme of themes) {
        root.dataset.theme = theme;
        const only = { type: "rule", values: ["color-contrast"] };
        const options = { resultTypes: ["violations"] };
        if (theme !== themes[0]) options.runOnly = only;
        const { violations } = await axe.run(document, options);
        for (const { id, nodes } of violations) {
            const where = nodes.map(({ target, failureSummary: why }) => [target, why]);
            told.push([theme, id, where.slice(0, 4)]);
        }
    }
    return told;
}"""
MEASURE = """(least) => {
    const all = "a[href], button, input, select, textarea, summary, [tabindex='0']";
    const shown = document.querySelector("dialog[open]") ?? document;
    const found = [];
    for (const control of shown.querySelectorAll(all)) {
        if (control.closest("[aria-hidden=true], .unseen, .skip")) continue;
        if (!control.checkVisibility()) continue;
        const target = control.closest("label") ?? control;
        const { width, height } = target.getBoundingClientRect();
        if (width < least - 0.5 || height < least - 0.5) {
            const said = control.getAttribute("aria-label") ?? control.textContent;
            const called = `${control.tagName} “${said.trim().slice(0, 20)}”`;
            found.push(`${called} ${width}×${height}`);
        }
    }
    return found;
}"""
OVERFLOW = """() => {
    const wide = document.documentElement.clientWidth;
    if (document.documentElement.scrollWidth <= wide) return [];
    const over = [...document.querySelectorAll("body *")].filter(
        (one) => one.getBoundingClientRect().right > wide + 0.5
            && !one.closest(".leaflet-container *"));
    return over.slice(0, 5).map((one) => `${one.tagName}.${one.className}`);
}"""


@pytest.fixture(params=["zh-CN", "en"])
def spoken(inspector: Inspector, request: pytest.FixtureRequest) -> Iterator[Inspector]:
    inspector.ask("saveSettings", {"language": request.param, "theme": "light"})
    yield inspector
    inspector.ask("saveSettings", {"language": "zh-CN", "theme": "system"})


def test_every_screen_is_for_everybody_in_every_theme(spoken: Inspector) -> None:
    page = spoken.page
    page.set_viewport_size(NARROW)  # type: ignore[arg-type]
    source = AXE.read_text("utf-8")
    faults: dict[str, Any] = {}
    names = []
    for name in every_screen(spoken):
        names.append(name)
        page.evaluate(f"self.axe || (() => {{ {source} }})()")
        faults[f"{name}: axe"] = page.evaluate(RUN_AXE, [THEMES])
        page.evaluate("document.documentElement.dataset.theme = 'light'")
        faults[f"{name}: targets"] = page.evaluate(MEASURE, LEAST_TARGET_PX)
        faults[f"{name}: narrow"] = page.evaluate(OVERFLOW)
        faults[f"{name}: magnified"] = magnified(page)
        faults[f"{name}: large type"] = in_large_type(page)
    found = {name: told for name, told in faults.items() if told}
    assert not found, json.dumps(found, ensure_ascii=False, indent=1)
    assert len(names) >= 15


def in_large_type(page: Page) -> list[str]:
    """What runs out of a narrow phone whose type is set to twice the size."""
    page.evaluate("document.documentElement.style.fontSize = '200%'")
    found: list[str] = page.evaluate(OVERFLOW)
    page.evaluate("document.documentElement.style.fontSize = ''")
    return found


def magnified(page: Page) -> list[str]:
    """What runs out of a laptop's window at 200 %."""
    page.set_viewport_size(MAGNIFIED)  # type: ignore[arg-type]
    found: list[str] = page.evaluate(OVERFLOW)
    page.set_viewport_size(NARROW)  # type: ignore[arg-type]
    return found
