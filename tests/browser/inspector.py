"""Somebody with a phone in the hand: the app's own screens; taps are counted."""

import base64
import io
import json
from typing import Any

import segno
from playwright.sync_api import Geolocation, Locator, Page

PHONE: dict[str, Any] = {
    "viewport": {"width": 360, "height": 740},
    "has_touch": True,
}
XUNWU = (115.6512, 24.9633)
# A tap that hits nothing counts as well.
COUNT_TAPS = """() => {
    self.taps = 0;
    addEventListener("pointerdown", () => { self.taps += 1; }, true);
}"""
ASK = """async ([name, words]) => {
    const { $outbox_tablet } = await import("/field/joined/first.js");
    self.beside ??= await $outbox_tablet.openTabletOutbox({ isAutomatic: false });
    for (;;) {
        try {
            return await self.beside[name](...words);
        } catch (problem) {
            // The screens' own sync may be at it.
            if (problem.code !== "sync-running") throw problem;
            await new Promise((resolve) => setTimeout(resolve, 50));
        }
    }
}"""


def picture(words: str = "photo") -> bytes:
    """A picture that every browser shows, another one for other words."""
    drawn = io.BytesIO()
    segno.make(words).save(drawn, kind="png", scale=8)
    return drawn.getvalue()


def position(lon_deg: float, lat_deg: float, accuracy_m: float) -> Geolocation:
    """What a receiver says."""
    return {"longitude": lon_deg, "latitude": lat_deg, "accuracy": accuracy_m}


class Inspector:
    """Uses one page of the app; what is read is what the screen says."""

    def __init__(self, page: Page, url: str) -> None:
        self.page = page
        self.url = url
        page.add_init_script(f"({COUNT_TAPS})()")
        self.allow_position()
        # From now on every file chooser is ours; else the first may come too early.
        page.on("filechooser", lambda _chooser: None)
        self.open()

    @property
    def taps(self) -> int:
        """How often the screen was touched since the app was opened."""
        return int(self.page.evaluate("self.taps"))

    def open(self, path: str = "") -> None:
        """Open the app at one of its addresses."""
        self.page.goto(f"{self.url}/field/{path}")
        self.shown()

    def shown(self) -> None:
        """Wait until a screen stands in the middle."""
        self.page.locator("main:not([aria-busy]) h1").first.wait_for()

    def allow_position(self) -> None:
        """Let the app know where the device is."""
        # By its origin: a leave for every origin is lost now and then.
        self.page.context.grant_permissions(["geolocation"], origin=self.url)

    def at(self, lon_deg: float, lat_deg: float, accuracy_m: float) -> None:
        """Be somewhere, as the receiver says."""
        where = position(lon_deg, lat_deg, accuracy_m)
        self.page.context.set_geolocation(where)

    # What the thumb does

    def begin(self) -> None:
        """Begin a record from the home screen."""
        self.page.get_by_role("link", name="新建记录").tap()
        self.shown()

    def choose(self, *labels: str) -> None:
        """Tap big buttons by their words."""
        for label in labels:
            self.tile(label).tap()

    def tile(self, label: str) -> Locator:
        tiles = self.page.locator("label.tile:not(.opener)")
        return tiles.filter(has=self.page.get_by_text(label, exact=True))

    def take_code(self, code: str) -> None:
        """Tap a code that is offered."""
        self.offer(code).tap()

    def offer(self, code: str) -> Locator:
        named = self.page.get_by_text(code, exact=True)
        return self.page.locator("button.offer").filter(has=named)

    @property
    def offered(self) -> list[str]:
        """The codes that are offered, in their order."""
        return self.page.locator("button.offer .code").all_inner_texts()

    def search(self, text: str) -> list[str]:
        """Type into the search for codes; return what it finds."""
        self.page.get_by_label("词语、拼音首字母或编号").fill(text)
        return self.offered

    def photograph(self, content: bytes, name: str = "IMG_0001.png") -> None:
        """Tap the camera, and take a picture there."""
        with self.page.expect_file_chooser() as chooser:
            self.page.get_by_text("拍照", exact=True).tap()
        file = {"name": name, "mimeType": "image/png", "buffer": content}
        chooser.value.set_files(files=[file])  # type: ignore[list-item]
        self.page.locator(".photos li").filter(has_text=name).wait_for()

    def part(self, title: str) -> Locator:
        """Open one of the closed parts; return what is in it."""
        part = self.page.locator("details").filter(
            has=self.page.locator("summary").get_by_text(title, exact=True)
        )
        if not part.last.evaluate("(part) => part.open"):
            part.last.locator("summary").first.tap()
        return part.last

    def save(self) -> dict[str, Any]:
        """Save and seal; return the record as the device holds it."""
        self.page.get_by_role("button", name="保存并封存").tap()
        self.page.wait_for_url("**/record/*/saved")
        self.page.get_by_role("heading", name="已封存").wait_for()
        shown: dict[str, Any] = self.ask("show", self.page.url.split("/")[-2])
        return shown

    # What the screen says

    @property
    def position(self) -> str:
        """What is said of the position, once there is one."""
        said = self.page.locator(".fix:not(.waiting)")
        said.wait_for()
        return said.inner_text()

    @property
    def advice(self) -> list[str]:
        """The lines of the origin check, once they are there."""
        self.page.locator(".advice p.note").first.wait_for()
        return self.page.locator(".advice p").all_inner_texts()

    @property
    def faults(self) -> list[str]:
        """What is to be put right, in the order of the form."""
        self.page.locator(".fault").first.wait_for()
        return self.page.locator(".fault").all_inner_texts()

    def kept(self) -> None:
        """Wait until what was said is kept as a draft."""
        self.page.locator(".kept").get_by_text("草稿已存").wait_for()

    def ask(self, name: str, *words: Any) -> Any:
        """Ask the device's outbox, beside the screens."""
        return self.page.evaluate(ASK, [name, list(words)])


def payload_of(record: dict[str, Any]) -> dict[str, Any]:
    """Return what was sealed, out of the sealed bytes."""
    part = record["jws"].split(".")[1]
    payload: dict[str, Any] = json.loads(base64.urlsafe_b64decode(part + "=="))
    return payload


def sign(inspector: Inspector, name: str) -> None:
    """Draw a signature with the finger and use it."""
    page = inspector.page
    page.get_by_role("button", name=name, exact=True).tap()
    box = page.locator("dialog canvas").bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 20, box["y"] + 20)
    page.mouse.down()
    page.mouse.move(box["x"] + 120, box["y"] + 60, steps=6)
    page.mouse.move(box["x"] + 40, box["y"] + 80, steps=6)
    page.mouse.up()
    page.get_by_role("button", name="采用").tap()
    page.locator("dialog").wait_for(state="detached")
