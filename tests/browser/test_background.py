"""The app closed, the link back: the system wakes a worker, and what waits goes out."""

from typing import Any

import pytest
from browser.bureaus import ledger, photographs
from browser.conftest import NewTablet, enrolled
from browser.field_tablet import FieldTablet, fingerprint, picture
from journeys.commanded import CommandedBureau
from playwright.sync_api import CDPSession, Page

SCOPE = "/field/background/"
MOST_LOOKS = 200
TRIES = 3
# The first sync on a good link fetches the worker.
READY = f"""async () => {{
    const found = () => navigator.serviceWorker.getRegistration("{SCOPE}");
    while (!(await found())?.active) await new Promise(requestAnimationFrame);
}}"""
ASKED = f"""async () => {{
    const {{ sync }} = await navigator.serviceWorker.getRegistration("{SCOPE}");
    while (!(await sync.getTags()).length) await new Promise(requestAnimationFrame);
    return sync.getTags();
}}"""
LISTEN = """() => {
    const news = new BroadcastChannel("gi-field-changes");
    self.news = new Promise((told) => { news.onmessage = told; }).then(() => true);
}"""

ENDED = "navigator.locks.request('gi-fieldkit-sync', () => {})"


class System:
    """The tablet's system, which wakes workers; it is reached by the DevTools."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.session: CDPSession = page.context.new_cdp_session(page)
        self.origin = page.evaluate("location.origin")
        self._found: list[dict[str, Any]] = []
        on = "ServiceWorker.workerRegistrationUpdated"
        self.session.on(on, lambda told: self._found.extend(told["registrations"]))
        self.session.send("ServiceWorker.enable")

    def wake(self, tag: str) -> None:
        """Say that there is a link now."""
        worker = next(filter(None, (self._worker() for _ in range(MOST_LOOKS))))
        words = {"origin": self.origin, "registrationId": worker, "tag": tag}
        self.session.send(
            "ServiceWorker.dispatchSyncEvent", words | {"lastChance": False}
        )

    def _worker(self) -> str | None:
        """The id of the worker's registration, once the browser has told it."""
        self.page.evaluate("new Promise(requestAnimationFrame)")
        ids = (
            r["registrationId"] for r in self._found if r["scopeURL"].endswith(SCOPE)
        )
        return next(ids, None)


@pytest.fixture
def waiting(new_tablet: NewTablet, own_bureau: CommandedBureau) -> FieldTablet:
    """A tablet that has synced once."""
    tablet = enrolled(new_tablet(), own_bureau, own_bureau.url)
    tablet.set_background_sync("granted")
    app = tablet.window(is_automatic=True)
    app.evaluate(READY)
    app.close()
    return tablet


def test_what_waits_goes_out_while_the_app_is_closed(
    waiting: FieldTablet, own_bureau: CommandedBureau
) -> None:
    app = waiting.window(is_automatic=True)
    own_bureau.stop()
    waiting.record(picture(50_000, seed=1), page=app)
    assert app.evaluate(ASKED) == ["gi-outbox"]
    app.close()
    own_bureau.start()
    system = System(waiting.page)  # a page of the origin that is not the app
    for _ in range(TRIES):
        waiting.page.evaluate(ENDED)  # it may be at it already, waiting for the server
        waiting.page.evaluate(LISTEN)
        system.wake("gi-outbox")
        assert waiting.page.evaluate("self.news")
        if waiting.ask("status")["unsent"] == 0:
            break
    assert ledger(own_bureau, waiting.device_id) == fingerprint(waiting.rows())
    assert len(photographs(own_bureau)) == 1


def test_the_worker_leaves_a_database_of_an_older_app_as_it_is(
    module_page: Page,
) -> None:
    """The open app may be that older one, in the middle of a record."""
    told = module_page.evaluate(
        """async () => {
            const app = "/fieldkit/app/outbox/indexeddb";
            const { Database } = await import(`${app}/database.js`);
            const { STEPS } = await import(`${app}/steps.js`);
            const name = `older-${crypto.randomUUID()}`;
            const older = new Database(name, STEPS.slice(0, 1));
            await older.read(["fact"], async () => {});
            const worker = new Database(name, STEPS, { mayUpgrade: false });
            const problem = await worker.read(["fact"], async () => {}).catch((p) => p);
            await older.read(["fact"], async () => {});
            const [{ version }] = (await indexedDB.databases())
                .filter((one) => one.name === name);
            return [problem.code, version];
        }"""
    )
    assert told == ["storage-failed", 1]
