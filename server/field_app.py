"""``/field/``: the inspector's app for tablets. Static files, the same for anybody.

They hold no data: records live in the browser, and what goes to the server goes
by the device API, with a device's token.
"""

from pathlib import PurePosixPath

from flask import Blueprint, Response, request
from werkzeug.exceptions import NotFound

from server.access import Access, access
from server.field_files import FieldFile, field_files

SCOPE = "/field/"
INDEX = "index.html"
HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; "
        "connect-src 'self'; worker-src 'self'; manifest-src 'self'; "
        "font-src 'self'; img-src 'self' blob: data:; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "Permissions-Policy": "camera=(self), geolocation=(self), microphone=()",
    "Service-Worker-Allowed": SCOPE,
    "Cache-Control": "no-cache",
    "Vary": "Accept-Encoding",
}

blueprint = Blueprint("field", __name__)


@blueprint.get(SCOPE)
@blueprint.get(f"{SCOPE}<path:name>")
@access(Access.PUBLIC)
def field_file(name: str = INDEX) -> Response:
    """Return a file of the app; a page of its history is the app itself."""
    file = field_files().get(name)
    if file is None and not PurePosixPath(name).suffix:
        file = field_files().get(INDEX)
    if file is None:
        raise NotFound
    return _answer(file)


def _answer(file: FieldFile) -> Response:
    response = Response(file.content, content_type=file.media_type, headers=HEADERS)
    if file.gzipped is not None and request.accept_encodings["gzip"] > 0:
        response.set_data(file.gzipped)
        response.content_encoding = "gzip"
    response.set_etag(file.sha256, weak=True)
    response.make_conditional(request.environ)
    return response
