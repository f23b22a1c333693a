"""The app closed, the link back: the system wakes a worker, and what waits goes out."""

from typing import Any

import pytest
from browser.bureaus import ledger, photographs
from browser.chromium import Tablet
from browser.conftest import NewTablet, enrolled
from browser.field_tablet import FieldTablet, fingerprint, picture
from browser.inspector import PHONE, XUNWU, Inspector
from browser.installed import install
from browser.waiting import until
from journeys.commanded import CommandedBureau
from journeys.hostile_proxy import HostileProxy
from playwright.sync_api import CDPSession, Page

SCOPE = "/field/background/"
MOST_LOOKS = 200
TRIES = 3
# The first sync on a good link fetches the worker.
IS_READY = f"""navigator.serviceWorker.getRegistration("{SCOPE}").then(
    (worker) => Boolean(worker?.active))"""
IS_ASKED = f"""navigator.serviceWorker.getRegistration("{SCOPE}").then(
    ({{ sync }}) => sync.getTags()).then((tags) => tags.includes("gi-outbox"))"""
LISTEN = """() => {
    self.isTold = false;
    const news = new BroadcastChannel("gi-field-changes");
    news.onmessage = () => { self.isTold = true; };
}"""
TO_THE_BACK = """() => {
    Object.defineProperty(document, "visibilityState", { value: "hidden" });
    document.dispatchEvent(new Event("visibilitychange"));
}"""
ALL_SENT = "outbox.status().then((status) => status.unsent === 0)"
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


def ready(browser: Tablet, bureau: CommandedBureau, url: str) -> FieldTablet:
    """A tablet that has synced once, and so has the worker."""
    tablet = enrolled(browser, bureau, url)
    browser.set_background_sync("granted")
    app = tablet.window(is_automatic=True)
    until(app, IS_READY)
    app.close()
    return tablet


@pytest.fixture
def waiting(
    new_tablet: NewTablet, bureau: CommandedBureau, proxy: HostileProxy
) -> FieldTablet:
    return ready(new_tablet(), bureau, proxy.url)


def test_what_waits_goes_out_while_the_app_is_closed(
    waiting: FieldTablet, bureau: CommandedBureau, proxy: HostileProxy
) -> None:
    app = waiting.window(is_automatic=True)
    proxy.stop()
    saved = waiting.record(picture(50_000, seed=1), page=app)
    until(app, IS_ASKED)
    app.close()
    proxy.start()
    system = System(waiting.page)  # a page of the origin that is not the app
    for _ in range(TRIES):
        waiting.page.evaluate(ENDED)  # it may be at it already, waiting for the server
        waiting.page.evaluate(LISTEN)
        system.wake("gi-outbox")
        until(waiting.page, "self.isTold")
        if waiting.ask("status")["unsent"] == 0:
            break
    assert ledger(bureau, waiting.device_id) == fingerprint(waiting.rows())
    assert saved["body"]["evidence"][0]["sha256"] in photographs(bureau)


def test_what_waits_when_the_app_goes_to_the_back_goes_out_by_the_worker(
    waiting: FieldTablet, bureau: CommandedBureau
) -> None:
    app = waiting.window(is_automatic=True)
    waiting.record()  # by a window that never syncs by itself
    app.evaluate(TO_THE_BACK)
    until(waiting.page, ALL_SENT)
    assert ledger(bureau, waiting.device_id) == fingerprint(waiting.rows())


def test_a_position_comes_to_the_form_while_the_system_is_asked(
    new_tablet: NewTablet, bureau: CommandedBureau, proxy: HostileProxy
) -> None:
    browser = new_tablet()
    browser.start(**PHONE)
    tablet = ready(browser, bureau, proxy.url)
    install(tablet).close()
    inspector = Inspector(browser.page("about:blank"), proxy.url)
    browser.set_background_sync("granted", origin=proxy.url)
    inspector.at(*XUNWU, 7.5)
    app = tablet.window(is_automatic=True)
    proxy.stop()
    tablet.record(page=app)
    until(app, IS_ASKED)
    inspector.begin()
    assert "7.5" in inspector.position
    browser.kill()  # closed in order, it would wait for the worker to give up


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
