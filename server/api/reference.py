"""``/reference``: areas, counties, codes, units and season rules for devices."""

import gzip
from functools import lru_cache

from flask import Response, request
from flask_smorest import Blueprint

from geo.errors import Message
from server.api import messages
from server.api.openapi import needs_token, refuses
from server.bureau import the_bureau
from server.database import reading, writing
from server.errors import NotHeld
from server.publishing import document_body, manifest_in_force, publish

blueprint = Blueprint("reference", __name__, description="Reference documents")
ONE_YEAR_S = 365 * 24 * 3600


@blueprint.route("/reference")
@needs_token
@refuses("storage-full", "database-unavailable")
@blueprint.response(200, messages.ManifestReply)
def get_manifest() -> dict[str, object]:
    """Return the signed manifest of the documents in force."""
    bureau = the_bureau()
    with reading(bureau.engine) as connection:
        manifest = manifest_in_force(connection)
    if manifest is None:
        with writing(bureau.engine) as connection:
            publish(connection, bureau.key, bureau.clock())
            manifest = manifest_in_force(connection)
    return {"manifest": manifest}


@blueprint.route("/reference/<sha256:sha256>")
@needs_token
@refuses("document-unknown", "database-unavailable")
@blueprint.response(200, {"type": "object"}, description="The document's exact bytes")
def get_document(sha256: str) -> Response:
    """Return a document by the hash of its bytes; it never changes."""
    with reading(the_bureau().engine) as connection:
        body = document_body(connection, sha256)
    if body is None:
        raise NotHeld(
            "document-unknown",
            Message(zh="没有此参考文件", en="there is no such document"),
        )
    response = Response(body, mimetype="application/json")
    response.headers["Cache-Control"] = f"private, max-age={ONE_YEAR_S}, immutable"
    response.headers["Vary"] = "Accept-Encoding"
    if request.accept_encodings["gzip"]:
        response.set_data(_gzipped(body))
        response.headers["Content-Encoding"] = "gzip"
    return response


@lru_cache(maxsize=32)
def _gzipped(body: str) -> bytes:
    """Compress once for all devices: their links are thin, the counties large."""
    return gzip.compress(body.encode(), mtime=0)
