"""The field app's files as one process serves them: one state of the folder, hashed.

The folder is found by the device package's module spec and the package is not
imported: the two edges share no code.
"""

import gzip
import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from importlib.metadata import version
from importlib.resources import files
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from geo.area import canonical_bytes
from geo.package_data import counties_document, default_area_document
from schemas.package_data import DOCUMENTS, document
from server.field_modules import tablet_modules
from server.joined_modules import BUNDLES

WORKER = "sw.js"
HOME = "home.json"
MEDIA_TYPES = {
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".json": "application/json",
    ".webmanifest": "application/manifest+json",
    ".svg": "image/svg+xml",
    ".png": "image/png",
}
"""What is served, by the end of its name; anything else in the folder is not."""

_COMPACT = (".png",)
_LEAST_WORTH_BYTES = 512


@dataclass(frozen=True)
class FieldFile:
    """One file of the app, as its bytes and what follows from them."""

    name: str
    content: bytes

    @property
    def media_type(self) -> str:
        """What a browser is told that it is."""
        return MEDIA_TYPES[Path(self.name).suffix]

    @cached_property
    def sha256(self) -> str:
        """The hash of the bytes, hexadecimal."""
        return hashlib.sha256(self.content).hexdigest()

    @cached_property
    def gzipped(self) -> bytes | None:
        """The bytes for a slow link, the same every time; None if not worth it."""
        if self.name.endswith(_COMPACT) or len(self.content) < _LEAST_WORTH_BYTES:
            return None
        return gzip.compress(self.content, mtime=0)


@cache
def field_files() -> dict[str, FieldFile]:
    """Return every file of the app by its name below ``/field/``.

    The folder is read once: an upgrade beneath a running server shows when the
    server is started anew, and never as a mixture.
    """
    shell = {file.name: file for file in _shell()}
    worker = shell.pop(WORKER, None)
    if worker is not None:
        listed = _shell_list(shell)
        shell[WORKER] = FieldFile(WORKER, listed + worker.content)
    return shell


def _shell_list(shell: dict[str, FieldFile]) -> bytes:
    """Return the line before the worker that names the shell: any change changes it."""
    hashes = {name: shell[name].sha256 for name in sorted(shell)}
    listed = json.dumps(hashes, separators=(",", ":"))
    total = hashlib.sha256(listed.encode()).hexdigest()
    return f'self.GI_SHELL={{"version":"{total}","files":{listed}}};\n'.encode()


def _shell() -> Iterator[FieldFile]:
    for name, content in _app().items():
        yield FieldFile(name, content)
    for schema in files("schemas").joinpath("json").iterdir():
        if schema.name.endswith(".schema.json"):
            yield FieldFile(f"schemas/{schema.name}", schema.read_bytes())
    yield from _shipped_reference()
    home = {
        "home": "tablet",
        "version": version("gi-fieldkit"),
        "languages": ["zh-CN", "en"],
    }
    yield FieldFile(HOME, json.dumps(home).encode())


def _app() -> dict[str, bytes]:
    """Return what the app's folder holds, our own modules joined."""
    app = _folder()
    if app is None:
        return {}
    found = {
        path.relative_to(app).as_posix(): path.read_bytes()
        for path in sorted(app.rglob("*"))
        if path.is_file() and path.suffix in MEDIA_TYPES
    }
    own = [name for name in found if _is_ours(name)]
    modules = tablet_modules({name: found.pop(name).decode() for name in own})
    return found | {name: text.encode() for name, text in modules.items()}


def _is_ours(name: str) -> bool:
    """Return whether a file is a module of ours; the worker goes as it is."""
    return name.endswith(".js") and name != WORKER and not name.startswith(BUNDLES)


def _shipped_reference() -> Iterator[FieldFile]:
    """Yield what a tablet goes by until its server has signed something newer."""
    shipped: dict[str, Mapping[str, Any]] = {name: document(name) for name in DOCUMENTS}
    shipped |= {"counties": counties_document(), "area": default_area_document()}
    for name, content in shipped.items():
        yield FieldFile(f"reference/{name}.json", canonical_bytes(content))


def _folder() -> Path | None:
    spec = find_spec("fieldkit")
    for place in (spec and spec.submodule_search_locations) or ():
        if (found := Path(place) / "app").is_dir():
            return found
    return None
