"""Wi-Fi or mobile data, as Android's Chromium tells it."""

from playwright.sync_api import CDPSession, Page

# What Android's Chromium tells of its link by itself; here it is asked to.
TELLS_ITS_LINK = "--enable-blink-features=NetInfoDownlinkMax"
FAST = 10_000_000
# Only a link with limits is another link to Chromium.
LINK = {"offline": False, "latency": 1}
LINK_IS = """(kind) => new Promise((done) => {
    const look = () => navigator.connection.type === kind && done();
    navigator.connection.addEventListener("change", look);
    look();
})"""
LIMITS = {"downloadThroughput": FAST, "uploadThroughput": FAST}


def on(page: Page, kind: str) -> CDPSession:
    """Be on another kind of link, as long as the answer is kept."""
    session = page.context.new_cdp_session(page)
    given = LINK | LIMITS | {"connectionType": kind}
    session.send("Network.enable")
    session.send("Network.emulateNetworkConditions", given)
    page.evaluate(LINK_IS, kind.rstrip("234g"))
    return session
