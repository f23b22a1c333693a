"""The field app's files under ``/field/``, as they are in the package.

They are what the tablets get from the bureau's server too; ``home.json`` tells
them in which home they are.
"""

from importlib.metadata import version
from importlib.resources import files
from pathlib import Path, PurePosixPath
from typing import Any

from flask import Blueprint, Response, abort, redirect, request
from werkzeug.security import safe_join

blueprint = Blueprint("front_end", __name__)

MEDIA_TYPES = {
    ".css": "text/css; charset=utf-8",
    ".gif": "image/gif",
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".mjs": "text/javascript; charset=utf-8",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".webmanifest": "application/manifest+json",
    ".woff2": "font/woff2",
}
LANGUAGES = ("zh-CN", "en")
_SCHEMA_SUFFIX = ".schema.json"


@blueprint.get("/")
@blueprint.get("/field")
def to_the_app() -> Any:
    """Lead to the app."""
    return redirect("/field/")


@blueprint.get("/field/home.json")
def home() -> dict[str, Any]:
    """Say that this is a laptop, and of which version."""
    return {
        "home": "laptop",
        "version": version("gi-fieldkit"),
        "languages": list(LANGUAGES),
    }


@blueprint.get("/field/schemas/<name>.schema.json")
def schema(name: str) -> Response:
    """Return one of the JSON Schemas of the records on the wire."""
    folder = Path(str(files("schemas"))) / "json"
    return _file(folder, f"{name}{_SCHEMA_SUFFIX}")


@blueprint.get("/field/")
@blueprint.get("/field/<path:name>")
def app_file(name: str = "") -> Response:
    """Return a file of the app; a view's address is the app's own page."""
    is_view = not PurePosixPath(name).suffix
    return _file(app_folder(), "index.html" if is_view else name)


def app_folder() -> Path:
    """Return the folder of the app in the package."""
    return Path(str(files("fieldkit"))) / "app"


def _file(folder: Path, name: str) -> Response:
    media_type = MEDIA_TYPES.get(PurePosixPath(name).suffix)
    found = safe_join(str(folder), name)
    if media_type is None or found is None or not Path(found).is_file():
        abort(404)
    response = Response(Path(found).read_bytes(), content_type=media_type)
    # Asked for anew each time, by its ETag: an upgrade shows at once.
    response.headers["Cache-Control"] = "no-cache"
    response.add_etag()
    response.make_conditional(request)
    return response
