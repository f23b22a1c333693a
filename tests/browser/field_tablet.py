"""A tablet with the field app, its outbox driven as the app's views drive it."""

from collections.abc import Sequence
from typing import Any

from browser.chromium import Tablet
from playwright.sync_api import Page

# A page of the app's own origin that draws nothing; the outbox is the real one.
BARE = "/field/home.json"
OPEN = """async (isAutomatic) => {
    const { $outbox_tablet } = await import("/field/joined/first.js");
    self.pauses = [];
    const pause = async (ms) => self.pauses.push(ms);
    const { openTabletOutbox } = $outbox_tablet;
    self.outbox = await openTabletOutbox({ isAutomatic, around: { pause } });
    await self.outbox.ready().catch(() => {});
}"""
CALL = """async ([name, words]) => {
    const drawn = ([size, seed]) => {
        const bytes = new Uint8Array(size);
        for (let n = 3; n < size; n += 1) bytes[n] = seed + n * 37 + (n >> 8) * n;
        bytes.set([0xff, 0xd8, 0xff]);
        return new Blob([bytes], { type: "image/jpeg" });
    };
    const revived = words.map((word) => (word?.picture ? drawn(word.picture) : word));
    try {
        return { ok: await self.outbox[name](...revived) };
    } catch (problem) {
        if (!problem.zh) throw problem;
        const { code, zh, en, field, details } = problem;
        return { problem: { code, zh, en, field, details } };
    }
}"""
VIOLATION: dict[str, Any] = {
    "observed_at": "2023-12-02T10:20:00+08:00",
    "site": {"premises_type": "shop", "fix": None, "no_fix_reason": "室内"},
    "goods": [{"id": "g1", "product": "gannan-navel-orange"}],
    "violations": [{"code": "TM-202", "goods": ["g1"], "primary": True}],
}


class OutboxProblem(Exception):
    """What the outbox rejected with."""

    def __init__(self, problem: dict[str, Any]) -> None:
        super().__init__(f"{problem['code']}: {problem['en']}")
        self.code: str = problem["code"]
        self.zh: str = problem["zh"]
        self.field: str = problem["field"]


def picture(size_bytes: int, seed: int = 0) -> dict[str, Any]:
    """A file that begins as a JPEG does, made in the page, the same for a seed."""
    return {"picture": [size_bytes, seed]}


class FieldTablet:
    """One window of the app on a tablet, and its outbox."""

    def __init__(self, tablet: Tablet, url: str) -> None:
        self.tablet = tablet
        self.url = url
        self.page = self.window()

    def window(self, *, is_automatic: bool = False) -> Page:
        """Open one more window with an outbox of its own."""
        page = self.tablet.page(self.url + BARE)
        page.evaluate(OPEN, is_automatic)
        return page

    def again(self) -> None:
        """Open the app anew, as after a crash or a reload."""
        self.page = self.window()

    def ask(self, name: str, *words: Any, page: Page | None = None) -> Any:
        """Call one of the outbox's methods; ``OutboxProblem`` where it rejects."""
        told = (page or self.page).evaluate(CALL, [name, list(words)])
        if "problem" in told:
            assert told["problem"]["zh"]
            assert told["problem"]["en"]
            raise OutboxProblem(told["problem"])
        return told.get("ok")

    def enrol(self, code: str) -> None:
        """Become one of the bureau's devices by a code."""
        self.device_id: str = self.ask("enrol", {"code": code})["device_id"]

    def record(self, *photos: dict[str, Any], page: Page | None = None) -> Any:
        """Record a violation with photographs, by way of a draft."""
        draft = self.ask("saveDraft", {"note": "begun"}, None, page=page)
        named = [
            self.ask("addPhoto", draft, one, {"file_name": f"{n}.jpg"}, page=page)
            for n, one in enumerate(photos)
        ]
        evidence = [{"sha256": one["sha256"]} for one in named]
        body = VIOLATION | {"evidence": evidence}
        return self.ask("record", body, {"draft": draft}, page=page)

    def sync(self, page: Page | None = None) -> dict[str, Any]:
        report: dict[str, Any] = self.ask("sync", {}, page=page)
        return report

    def rows(self, state: str | None = None) -> list[dict[str, Any]]:
        """Every record of the queue, oldest first; drafts are left out."""
        listed = self.ask("list", {"state": state, "offset": 0, "limit": 100_000})
        return [row for row in reversed(listed["records"]) if row["id"]]


def fingerprint(rows: Sequence[dict[str, Any]]) -> list[tuple[str, str]]:
    """What identifies records to the byte: id and hash, in order of the id."""
    return sorted((row["id"], row["hash"]) for row in rows)
