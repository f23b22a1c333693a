"""The app as kept by its service worker, and the way to be without a server."""

from browser.field_tablet import FieldTablet
from journeys.hostile_proxy import HostileProxy
from playwright.sync_api import BrowserContext, Page

CONTROLLED = """async () => {
    await navigator.serviceWorker.register("/field/sw.js");
    await navigator.serviceWorker.ready;
    if (!navigator.serviceWorker.controller) {
        await new Promise((r) => navigator.serviceWorker.oncontrollerchange = r);
    }
}"""
CACHED = """async () => {
    const [name, ...others] = await caches.keys();
    const kept = await (await caches.open(name)).keys();
    const files = kept.map(({ url }) => new URL(url).pathname);
    return { others: others.length, files };
}"""


def install(tablet: FieldTablet) -> Page:
    """Open the app and wait until its worker keeps it."""
    page = tablet.tablet.page(tablet.url + "/field/")
    page.evaluate(CONTROLLED)
    return page


def cut_off(tablet: FieldTablet, link: HostileProxy) -> BrowserContext:
    """No server at the tablet's address, and the browser says so."""
    link.stop()
    assert tablet.tablet.context is not None
    tablet.tablet.context.set_offline(True)
    return tablet.tablet.context
