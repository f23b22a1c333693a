"""The app without a server: installed, opened, used, its record sent later."""

from browser.bureaus import ledger
from browser.field_tablet import VIOLATION, FieldTablet, fingerprint, picture
from browser.installed import CACHED, cut_off, install
from browser.waiting import until
from journeys.commanded import CommandedBureau
from journeys.hostile_proxy import HostileProxy

from server.field_files import field_files

OWN_CODE = "fetch('/field/joined/base.js').then((reply) => reply.text())"
SENT = """() => {
    const look = (resolve) => outbox.status().then((s) => s.unsent === 0 && resolve());
    self.sent = new Promise((resolve) => outbox.subscribe(() => look(resolve)));
}"""
ALL_SENT = "outbox.status().then((status) => status.unsent === 0)"
HALF_A_MINUTE_MS = 30_000


def test_without_a_server_every_page_opens_and_a_record_is_made_and_sent_later(
    far_tablet: FieldTablet, bureau: CommandedBureau, proxy: HostileProxy
) -> None:
    tablet = far_tablet
    page = install(tablet)
    context = cut_off(tablet, proxy)
    page.reload()
    for path in ("", "queue", "new", "settings", "record/no-such-record"):
        page.goto(f"{tablet.url}/field/{path}")
        page.get_by_role("heading", level=1).wait_for()
        assert "地标巡检" in page.title()
    page.close()
    tablet.again()
    tablet.record(picture(20_000, seed=7))
    assert tablet.ask("reference")["counties"]["features"]
    proxy.start()
    context.set_offline(False)
    assert tablet.sync()["outcomes"] == {"stored": 1}
    assert ledger(bureau, tablet.device_id) == fingerprint(tablet.rows())


def test_the_worker_keeps_every_file_and_asks_for_the_api_each_time(
    tablet: FieldTablet,
) -> None:
    page = install(tablet)
    cached = page.evaluate(CACHED)
    assert cached["others"] == 0
    assert {"/field/index.html", "/field/home.json"} <= set(cached["files"])
    code = field_files()["joined/base.js"].content
    assert page.evaluate(OWN_CODE) == code.decode()
    asked = page.evaluate("fetch('/api/v1/server').then((r) => r.ok)")
    assert asked is True
    assert not any(path.startswith("/api") for path in page.evaluate(CACHED)["files"])


def test_a_record_goes_out_by_itself_when_the_link_returns(
    far_tablet: FieldTablet, bureau: CommandedBureau, proxy: HostileProxy
) -> None:
    tablet = far_tablet
    window = tablet.window(is_automatic=True)
    tablet.ask("reference", page=window)  # as the form does
    context = cut_off(tablet, proxy)
    tablet.ask("record", VIOLATION, {}, page=window)
    window.evaluate(SENT)
    proxy.start()
    context.set_offline(False)
    window.evaluate("self.sent")
    assert ledger(bureau, tablet.device_id) == fingerprint(tablet.rows())


def test_what_waits_goes_out_on_opening_and_when_the_app_comes_to_the_front(
    tablet: FieldTablet, bureau: CommandedBureau
) -> None:
    tablet.record()
    window = tablet.window(is_automatic=True)
    until(window, ALL_SENT)
    window.clock.install()  # it looks again after half a minute at the soonest
    window.clock.fast_forward(HALF_A_MINUTE_MS + 1_000)
    tablet.record()
    window.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    until(window, ALL_SENT)
    assert ledger(bureau, tablet.device_id) == fingerprint(tablet.rows())
