"""Every screen of the app, one after the other, with all that it can show opened."""

from collections.abc import Iterator

from browser.inspector import Inspector, picture
from playwright.sync_api import Locator

OPEN_ALL = """() => {
    for (const part of document.querySelectorAll("details")) part.open = true;
}"""
# Until nothing has changed for three frames: screens draw what is late, too.
SETTLED = """() => new Promise((resolve) => {
    let quiet = 0;
    const seen = new MutationObserver(() => { quiet = 0; });
    const options = { subtree: true, childList: true, attributes: true };
    seen.observe(document.body, options);
    const look = () => {
        quiet += 1;
        if (quiet < 3) return requestAnimationFrame(look);
        seen.disconnect();
        return resolve();
    };
    requestAnimationFrame(look);
})"""


def every_screen(inspector: Inspector) -> Iterator[str]:
    """Yield the name of each screen once it is shown; found by what is the same in
    every language."""
    for name in _shown(inspector):
        inspector.page.evaluate(SETTLED)
        yield name


def _shown(inspector: Inspector) -> Iterator[str]:
    inspector.open("new")
    assert inspector.position
    yield "new"
    _save(inspector)
    inspector.page.locator(".fault").first.wait_for()
    yield "new-with-faults"
    _answer(inspector)
    yield "new-with-every-part"
    yield from _dialogs(inspector)
    inspector.open()
    yield "home"
    yield from _others(inspector)
    yield from _sealed(inspector)


def _answer(inspector: Inspector) -> None:
    page = inspector.page
    tile(inspector, "shop").click()
    page.locator("button.offer").first.click()
    tile(inspector, "protected_name").click()
    page.locator("input[type=file]").nth(1).set_input_files(
        [{"name": "果园.png", "mimeType": "image/png", "buffer": picture()}]
    )
    page.locator(".photos li").first.wait_for()
    page.evaluate(OPEN_ALL)
    page.locator("[data-field=measures] > button").click()
    page.locator("[data-field='party.uscc'] input").fill("91360734MA35F6UN0Y")
    page.locator(".advice p.note").first.wait_for()
    # What the position's last button does depends on whether there is one.
    page.locator(".fix:not(.waiting)").wait_for()


def _dialogs(inspector: Inspector) -> Iterator[str]:
    openers = {
        "dialog-scan": "[data-field='party.uscc'] button",
        "dialog-signature": "[data-field='on_site_record.party_signature'] button",
        "dialog-county": ".origin .actions button >> nth=0",
        "dialog-position": ".position .actions button >> nth=-1",
    }
    for name, opener in openers.items():
        inspector.page.locator(opener).first.click()
        dialog = inspector.page.locator("dialog[open]")
        dialog.wait_for()
        yield name
        inspector.page.keyboard.press("Escape")
        dialog.wait_for(state="detached")


def _others(inspector: Inspector) -> Iterator[str]:
    for name in ("queue", "map", "settings", "enrol", "visit"):
        inspector.open(name)
        yield name


def _sealed(inspector: Inspector) -> Iterator[str]:
    page = inspector.page
    page.locator(".fix:not(.waiting)").wait_for()
    tile(inspector, "shop").click()
    _save(inspector)
    page.wait_for_url("**/saved")
    page.locator(".seal").wait_for()
    yield "saved"
    record = page.url.split("/")[-2]
    inspector.open(f"record/{record}")
    yield "record"
    inspector.open(f"record/{record}/finalise")
    page.locator(".demands").wait_for()
    yield "finalise"


def tile(inspector: Inspector, value: str) -> Locator:
    """The big button of a value."""
    return inspector.page.locator(f"label.tile:has(input[value={value}])")


def _save(inspector: Inspector) -> None:
    inspector.page.locator(".savebar button.primary").click()
