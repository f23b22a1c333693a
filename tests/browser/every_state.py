"""What the screens show when something is wrong, waits, or is asked once more."""

from collections.abc import Iterator
from uuid import uuid4

from browser.every_screen import SETTLED
from browser.inspector import Inspector, picture
from browser.installed import CONTROLLED

# Refused by a server, and what another one made of what it had stored.
TROUBLES = ("quarantined", "conflict", "fork", "parked")
BODY = {
    "site": {"premises_type": "shop", "fix": None, "no_fix_reason": "室内"},
    "violations": [{"code": "NV-000"}],
}
SAY_TROUBLES = """async (troubles) => {
    const { store } = self.beside;
    const reason = { zh: "字段 goods[0].quantity 不合要求：数量应为正数。",
        en: "goods[0].quantity is not as it must be: an amount is above zero." };
    const at = new Date().toISOString();
    const rows = (await store.records("delivered")).slice(-troubles.length);
    const events = rows.map(({ id, hash }, place) =>
        ({ id, hash, status: troubles[place], code: "invalid-body", reason, at }));
    await store.recordStatuses(events, 0);
    return rows.map(({ id }) => id);
}"""
REFUSE = """async (id) => {
    const { store } = self.beside;
    const { hash } = await store.get(id);
    const reason = { zh: "签名不对。", en: "The signature is wrong." };
    const item = { id, hash, outcome: "refused", code: "bad-signature", reason };
    await store.recordOutcome(item, null);
}"""


def every_state(inspector: Inspector) -> Iterator[str]:
    """Yield the name of each state once it is shown."""
    for name in _shown(inspector):
        inspector.page.evaluate(SETTLED)
        yield name


def _shown(inspector: Inspector) -> Iterator[str]:
    inspector.page.evaluate(CONTROLLED)
    yield from _positions(inspector)
    yield from _troubles(inspector)
    yield from _waiting_for_wifi(inspector)
    inspector.page.context.set_offline(True)
    try:
        yield from _without_a_link(inspector)
    finally:
        inspector.page.context.set_offline(False)


def _positions(inspector: Inspector) -> Iterator[str]:
    page = inspector.page
    page.context.clear_permissions()
    inspector.open("new")
    page.locator(".position .note.warn").wait_for()
    yield "position-denied"
    page.locator(".position .actions button").last.click()
    page.locator("[data-field='site.no_fix_reason']").first.wait_for()
    yield "no-position"
    page.locator(".position .actions button").last.click()
    page.locator(".typed-place summary").click()
    page.locator(".typed-place input").fill("115, x")
    page.locator(".typed-place button").click()
    page.locator(".typed-place .note.bad").wait_for()
    yield "mistyped-coordinates"
    page.locator(".typed-place input").fill("115.6512, 24.9633")
    page.locator(".typed-place button").click()
    page.locator("dialog[open] .actions button.primary").click()
    page.locator("[data-field='site.fix.basis']").first.wait_for()
    page.locator("button.offer").first.click()
    page.locator("[data-field=violations] > div").last.locator("button").click()
    page.locator("button.offer").first.click()
    for _ in range(2):
        page.locator("[data-field=goods] > .actions button").first.click()
    page.locator("[data-field='goods[2]']").wait_for()
    yield "pinned-with-lots-and-codes"
    page.locator(".discarding button").click()
    yield "discarding"
    page.locator(".discarding button.danger").click()
    page.locator(".home").wait_for()
    inspector.allow_position()


def _troubles(inspector: Inspector) -> Iterator[str]:
    for _ in TROUBLES:
        inspector.ask("record", BODY, {})
    inspector.ask("sync", {})
    troubled = inspector.page.evaluate(SAY_TROUBLES, TROUBLES)
    refused = inspector.ask("record", BODY, {})["id"]
    inspector.page.evaluate(REFUSE, refused)
    inspector.open("queue")
    inspector.page.locator("[data-state=refused]").first.wait_for()
    yield "queue-of-troubles"
    for name, record in zip(("refused", *TROUBLES), (refused, *troubled), strict=True):
        inspector.open(f"record/{record}")
        inspector.page.locator(".todo").wait_for()
        yield f"record-{name}"
    inspector.page.locator(".actions button.danger").click()
    inspector.page.locator(".action-result form").wait_for()
    yield "withdrawing"


def _waiting_for_wifi(inspector: Inspector) -> Iterator[str]:
    inspector.ask("saveSettings", {"photos_on_wifi_only": True})
    inspector.open("visit")
    inspector.page.locator("input[type=file]").nth(1).set_input_files(
        [{"name": "果园.png", "mimeType": "image/png", "buffer": picture(str(uuid4()))}]
    )
    inspector.page.locator(".photos li").first.wait_for()
    inspector.page.locator("label.tile:has(input[value=shop])").click()
    inspector.page.locator(".fix:not(.waiting)").wait_for()
    inspector.page.locator(".savebar button.primary").click()
    inspector.page.wait_for_url("**/saved")
    inspector.ask("sync", {})
    inspector.open("queue")
    inspector.page.locator(".wifi button").wait_for()
    yield "wifi-question"
    inspector.page.locator(".sync-now:not([disabled])").click()
    inspector.page.locator(".sync-result .note").first.wait_for()
    yield "synced"
    inspector.ask("saveSettings", {"photos_on_wifi_only": False})


def _without_a_link(inspector: Inspector) -> Iterator[str]:
    page = inspector.page
    inspector.ask("record", BODY, {})
    inspector.open("queue")
    page.locator(".sync-now:not([disabled])").click()
    page.locator(".sync-result .note.bad").first.wait_for()
    page.locator(".export > button").click()
    page.locator(".export-result .files a").wait_for()
    yield "stopped-and-exported"
    page.locator(".export-result button").click()
    page.locator(".export-result .note.good").wait_for()
    yield "handed-over"
    inspector.ask("record", BODY, {})
    inspector.open("settings")
    leave = page.locator("section:has(> .action-result) > button.danger")
    leave.click()
    yield "signing-out"
    page.locator(".action-result button.danger").click()
    page.locator(".action-result .note.bad").wait_for()
    yield "not-signed-out"
    page.evaluate("void Promise.reject(new Error('told to everybody'))")
    page.locator(".banner.problem").wait_for()
    yield "problem-told"
