"""What a screen must be for everybody, measured on the page as it stands."""

from pathlib import Path
from typing import Any

from playwright.sync_api import Page

AXE = Path(__file__).parents[1] / "vendor" / "axe-core" / "axe.min.js"
THEMES = ("light", "dark", "sunlight")
LEAST_TARGET_PX = 44
NARROW = {"width": 320, "height": 640}
# A laptop of 1280 × 720 at 200 %.
MAGNIFIED = {"width": 640, "height": 360}
# WCAG 1.4.3 and 1.4.11; under the open sky 1.4.6, and edges as letters.
CONTRASTS: dict[str, dict[str, Any]] = {
    "light": {"rule": "color-contrast", "edges": 3},
    "dark": {"rule": "color-contrast", "edges": 3},
    "sunlight": {"rule": "color-contrast-enhanced", "edges": 4.5},
}
# Colours are measured apart, in every theme.
RUN_AXE = """async () => {
    const rules = { "color-contrast": { enabled: false } };
    const wanted = { resultTypes: ["violations"], rules };
    const { violations } = await axe.run(document, wanted);
    const told = ({ target, failureSummary: why }) => [target, why];
    return violations.map(({ id, nodes }) => [id, nodes.slice(0, 4).map(told)]);
}"""
RUN_CONTRAST = """async ([theme, rule]) => {
    document.documentElement.dataset.theme = theme;
    const { violations } = await axe.run(document, {
        resultTypes: ["violations"], runOnly: { type: "rule", values: [rule] },
    });
    const told = ({ target, failureSummary: why }) => [target, why];
    return violations.map(({ nodes }) => nodes.slice(0, 4).map(told));
}"""
EDGES = Path(__file__).with_name("edges.js")
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


def faults_of(page: Page, name: str, *, with_colours: bool = True) -> dict[str, Any]:
    """What is wrong with the screen that is shown, by what it is wrong for.

    Colours do not hang on the language: they need be measured in one alone.
    """
    page.evaluate(f"self.axe || (() => {{ {AXE.read_text('utf-8')} }})()")
    page.set_viewport_size(NARROW)  # type: ignore[arg-type]
    told: dict[str, Any] = {
        "axe": page.evaluate(RUN_AXE),
        "targets": page.evaluate(MEASURE, LEAST_TARGET_PX),
        "narrow": page.evaluate(OVERFLOW),
        "magnified": magnified(page),
        "large type": in_large_type(page),
    }
    if with_colours:
        told |= colours(page)
    return {f"{name}: {what}": found for what, found in told.items() if found}


def colours(page: Page) -> dict[str, Any]:
    """What is not told from what lies around it, by the theme."""
    told: dict[str, Any] = {}
    theme = page.evaluate("document.documentElement.dataset.theme")
    for name, least in CONTRASTS.items():
        told[f"{name} letters"] = page.evaluate(RUN_CONTRAST, [name, least["rule"]])
        told[f"{name} edges"] = page.evaluate(
            EDGES.read_text("utf-8"), [name, least["edges"]]
        )
    page.evaluate(
        "(theme) => { document.documentElement.dataset.theme = theme; }", theme
    )
    return told


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
