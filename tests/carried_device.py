"""A ``fieldkit`` as inspectors get it: carried through enrolment, record and sync."""

import hashlib
import http.cookiejar
import io
import json
import signal
import subprocess
import urllib.request
from pathlib import Path
from typing import Any, Self

import pillow_heif
from journeys.commanded import CommandedBureau, CommandedDevice
from PIL import Image

PROJECT = Path(__file__).parents[1]
APP = PROJECT / "fieldkit" / "app"
JPEG = b"\xff\xd8"


class CarriedDevice(CommandedDevice):
    """A device whose commands are those of a program file."""

    def __init__(self, program: Path, home: Path) -> None:
        super().__init__(home)
        self.program = (str(program),)


class OpenApp:
    """``fieldkit app`` of a device, and the browser session that it let in."""

    def __init__(self, device: CarriedDevice) -> None:
        self._words = (*device.program, "app", "--no-browser", "--json")
        self._environ = device.environ
        cookies = urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar())
        self._browser = urllib.request.build_opener(cookies)

    def __enter__(self) -> Self:
        self._process = subprocess.Popen(
            self._words, stdout=subprocess.PIPE, text=True, env=self._environ
        )
        assert self._process.stdout is not None
        told = ""
        while not told.rstrip().endswith("}"):
            line = self._process.stdout.readline()
            assert line, f"it ended: {told}"
            told += line
        opened = json.loads(told)
        self._origin = f"http://127.0.0.1:{opened['port']}"
        self.entered = self._browser.open(opened["url"], timeout=60).geturl()
        return self

    def __exit__(self, *_exc: object) -> None:
        self._process.send_signal(signal.SIGTERM)
        with self._process:
            assert self._process.wait(timeout=60) == 0

    def get(self, path: str) -> bytes:
        asked = urllib.request.Request(self._origin + path, headers={"X-Fieldkit": "1"})
        with self._browser.open(asked, timeout=60) as answer:
            return bytes(answer.read())

    def ask(self, path: str) -> Any:
        return json.loads(self.get(path))


def carry_through(bureau: CommandedBureau, device: CarriedDevice) -> None:
    """Enrol over TLS, record with a photograph, sync, and look at it in the app."""
    photo = device.home.parent / "orange.heic"
    pillow_heif.from_pillow(Image.new("RGB", (800, 600), "orange")).save(photo)
    authority = bureau.home / "keys" / "tls" / "authority.crt"
    device.do("enrol", bureau.url, bureau.new_code(), "--ca", str(authority))
    made = device.record(photo)
    report = json.loads(device.do("sync", "--json"))
    assert report["outcomes"] == {"stored": 1}
    assert device.listed[made]["photos"]["delivered"] == 1
    assert bureau.total("observations") == 1
    assert "17" in device.do("check", "115.65", "24.96", "--radius", "12")
    with OpenApp(device) as app:
        require_app(app, device, photo)


def require_app(app: OpenApp, device: CarriedDevice, photo: Path) -> None:
    """Hold the app to every file of its folder, and to what the device holds."""
    assert app.entered.endswith("/field/")
    assert app.ask("/field/home.json")["home"] == "laptop"
    files = [file for file in APP.rglob("*") if file.suffix in {".js", ".css", ".png"}]
    assert len(files) > 100
    for file in files:
        assert app.get(f"/field/{file.relative_to(APP).as_posix()}") == (
            file.read_bytes()
        )
    assert app.ask("/field/schemas/observation-record.schema.json")["$id"]
    assert app.ask("/local/v1/identity")["unit_code"] == "360734"
    reference = app.ask("/local/v1/reference")
    assert len(reference["counties"]["features"]) > 15
    (row,) = app.ask("/local/v1/records")["records"]
    assert row["photos"]["delivered"] == 1
    named = hashlib.sha256(photo.read_bytes()).hexdigest()
    small = app.get(f"/local/v1/photos/{named}/thumbnail")
    assert small.startswith(JPEG)
    assert max(Image.open(io.BytesIO(small)).size) == 320
