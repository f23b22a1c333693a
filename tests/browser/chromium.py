"""A real Chromium: found, installed where we may, driven, killed as by a power cut."""

import contextlib
import os
import shutil
import signal
import subprocess
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Error, Page, Playwright

INSTALL = Path(__file__).parents[2] / ".ci" / "browser"
NAMES = ("chromium", "google-chrome", "google-chrome-stable", "chromium-browser")
ARGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
PATIENCE_MS = 60_000


def find_chromium(playwright: Playwright) -> str:
    """Return the browser's path: named, installed, installable, or Playwright's own."""
    named = os.environ.get("CHROMIUM")
    if named:
        return named if shutil.which(named) else _none(f"CHROMIUM={named} does not run")
    found = _on_path(*NAMES)
    if found is not None:
        return found
    told = _installed()
    own = playwright.chromium.executable_path
    found = _on_path(*NAMES) or (own if Path(own).exists() else None)
    return found or _none(told)


def find_certutil() -> str:
    """Return the path of the program that keeps a browser's trust."""
    found = _on_path("certutil")
    if found is None:
        told = _installed()
        found = _on_path("certutil") or _none(told)
    return found


def _on_path(*names: str) -> str | None:
    return next(filter(None, map(shutil.which, names)), None)


def _installed() -> str:
    """Install what is missing, where we may; return the last words of it."""
    done = subprocess.run([INSTALL], capture_output=True, text=True, check=False)
    return (done.stdout + done.stderr)[-2000:]


def _none(why: str) -> str:
    pytest.fail(f"these tests need a real browser. {why}")


class Tablet:
    """A browser with a folder of its own, as one tablet has."""

    def __init__(self, playwright: Playwright, executable: str, folder: Path) -> None:
        self._playwright = playwright
        self._executable = executable
        self.folder = folder
        self.context: BrowserContext | None = None

    def start(self, *switches: str, **options: Any) -> BrowserContext:
        """Open the browser on its folder, as it was left, with further switches."""
        self.context = self._playwright.chromium.launch_persistent_context(
            str(self.folder),
            executable_path=self._executable,
            args=[*ARGS, *switches],
            locale="zh-CN",
            **options,
        )
        self.context.set_default_timeout(PATIENCE_MS)
        # By the page that stays: where the session ends that set a permission,
        # the browser forgets every permission, the position's too.
        self._system = self.context.new_cdp_session(self.context.pages[0])
        self.set_background_sync("denied")  # who syncs when is the tests' to say
        return self.context

    def set_background_sync(self, setting: str, **of: str) -> None:
        """Say whether the system may wake workers: granted or denied; of an origin."""
        words = {"permission": {"name": "background-sync"}, "setting": setting}
        self._system.send("Browser.setPermission", words | of)

    def page(self, url: str) -> Page:
        """Open a page at an address; the browser is started if it is not running."""
        context = self.context or self.start()
        page = context.new_page()
        page.goto(url)
        return page

    def forget(self, url: str) -> None:
        """Be as new to the app at an address, but for the app's own files."""
        assert self.context is not None
        for page in self.context.pages[1:]:
            page.close()
        self.context.set_offline(False)
        self.context.clear_permissions()
        self.set_background_sync("denied")
        kept = {"origin": url, "storageTypes": "indexeddb,local_storage,file_systems"}
        self._system.send("Storage.clearDataForOrigin", kept)

    def kill(self) -> None:
        """End every process of this browser with SIGKILL, and forget the context."""
        for pid in self._processes():
            os.kill(pid, signal.SIGKILL)
        if self.context is not None:
            # It may have heard of the end already.
            with contextlib.suppress(Error):
                self.context.close()
        self.context = None

    def stop(self) -> None:
        """Close the browser in order."""
        if self.context is not None:
            self.context.close()
        self.context = None

    def _processes(self) -> list[int]:
        """The browser's own process: those it started end with it."""
        mine = f"--user-data-dir={self.folder}".encode()
        found = []
        for entry in Path("/proc").iterdir():
            if entry.name.isdigit() and mine in _command(entry).split(b"\0"):
                found.append(int(entry.name))
        assert found, "the browser is not running"
        return found


def _command(process: Path) -> bytes:
    try:
        return (process / "cmdline").read_bytes()
    except OSError:
        return b""  # it has just ended
