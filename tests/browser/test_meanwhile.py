"""Records sealed and links changed in the middle of a sync, a part held on its way."""

from pathlib import Path

from browser.bureaus import ledger
from browser.chromium import Tablet
from browser.conftest import NewTablet, enrolled
from browser.field_tablet import BARE, FieldTablet, fingerprint, picture
from browser.link_kinds import on
from browser.waiting import until
from journeys.commanded import CommandedBureau
from journeys.hostile_proxy import Hold, HostileProxy
from local_app import LocalApp
from playwright.sync_api import Page

SYNC = "() => { self.running = self.outbox.sync({}); }"
# Counts how often a sync of this window met another one.
COUNT_MET = """() => {
    const sync = self.outbox.sync.bind(self.outbox);
    self.met = 0;
    self.outbox.sync = (...words) => sync(...words).catch((problem) => {
        self.met += Number(problem.code === "sync-running");
        throw problem;
    });
}"""
ALL_SENT = "outbox.status().then((status) => status.unsent === 0)"
LOOPBACK = """async () => {
    const { openLoopbackOutbox } = await import("/field/outbox/loopback.js");
    self.outbox = await openLoopbackOutbox();
}"""


def held_sync(tablet: FieldTablet, proxy: HostileProxy, page: Page) -> Hold:
    """Begin a sync in a page, and hold the first part that it sends."""
    hold = Hold()
    proxy.rule("PUT", "/parts/0$", hold)
    page.evaluate(SYNC)
    until_held(page, hold)
    return hold


def until_held(page: Page, hold: Hold) -> None:
    while not hold.arrived.is_set():
        page.evaluate("new Promise(requestAnimationFrame)")


def kinds(proxy: HostileProxy) -> list[str]:
    """What was sent, in its order: records and parts."""
    sent = [seen for seen in proxy.seen if seen.method in ("POST", "PUT")]
    return [seen.path.rpartition("/")[2] for seen in sent]


def test_a_record_sealed_during_a_photograph_goes_before_its_next_part(
    far_tablet: FieldTablet, proxy: HostileProxy, bureau: CommandedBureau
) -> None:
    far_tablet.record(picture(150_000, seed=21))
    hold = held_sync(far_tablet, proxy, far_tablet.page)
    far_tablet.record()
    hold.released.set()
    report = far_tablet.page.evaluate("self.running")
    assert (report["outcomes"], report["photos_sent"]) == ({"stored": 2}, 1)
    assert kinds(proxy)[-5:] == ["records", "0", "records", "1", "2"]
    rows = fingerprint(far_tablet.rows("delivered"))
    assert ledger(bureau, far_tablet.device_id) == rows
    assert len(rows) == 2


def test_a_record_sealed_while_another_window_syncs_goes_once_that_has_ended(
    far_tablet: FieldTablet, proxy: HostileProxy
) -> None:
    other = far_tablet.window(is_automatic=True)
    other.evaluate(COUNT_MET)
    far_tablet.record(picture(9_000, seed=22))
    hold = held_sync(far_tablet, proxy, far_tablet.page)
    far_tablet.record(page=other)
    until(other, "self.met > 0")
    hold.released.set()
    until(other, ALL_SENT)


def test_a_tablet_that_leaves_its_wifi_sends_no_further_part(
    link: Tablet, proxy: HostileProxy, bureau: CommandedBureau
) -> None:
    tablet = enrolled(link, bureau, proxy.url)
    wifi = on(tablet.page, "wifi")
    tablet.ask("saveSettings", {"photos_on_wifi_only": True})
    tablet.record(picture(150_000, seed=24))
    hold = held_sync(tablet, proxy, tablet.page)
    wifi.detach()
    mobile = on(tablet.page, "cellular4g")
    hold.released.set()
    report = tablet.page.evaluate("self.running")
    assert (report["photos_sent"], report["troubles"]) == (0, [])
    assert proxy.count("PUT", "/parts/") == 1
    mobile.detach()
    on(tablet.page, "wifi")
    assert tablet.sync()["photos_sent"] == 1
    assert proxy.count("PUT", "/parts/") == 3


class Laptop(FieldTablet):
    """A laptop, its outbox driven as the app's views drive it."""

    def __init__(self, page: Page, app: LocalApp) -> None:
        self.page = page
        page.goto(app.url + BARE)
        page.evaluate(LOOPBACK)


def test_a_record_sealed_while_a_laptop_syncs_goes_once_that_has_ended(
    new_tablet: NewTablet, proxy: HostileProxy, bureau: CommandedBureau, tmp_path: Path
) -> None:
    with LocalApp(tmp_path / "laptop") as app:
        laptop = Laptop(new_tablet().page(app.entrance), app)
        words = {"url": proxy.url, "code": bureau.new_code()}
        device_id = laptop.ask("enrol", words)["device_id"]
        laptop.record(picture(9_000, seed=23))
        hold = held_sync(laptop, proxy, laptop.page)
        with laptop.page.expect_response("**/local/v1/sync"):
            laptop.page.evaluate("void self.outbox.syncByItself()")
        with laptop.page.expect_response("**/local/v1/sync") as joined:
            laptop.record()
        assert joined.value.json()["is_joined"] is True
        hold.released.set()
        until(laptop.page, ALL_SENT)
        rows = fingerprint(list(app.listed.values()))
        assert len(rows) == 2
        assert ledger(bureau, device_id) == rows
