"""The reference documents that the page checks by."""

import json

from flask import Blueprint, Response, request

from fieldkit.local.bench import opened
from fieldkit.telling.reference import reference_documents

blueprint = Blueprint("reference", __name__)


@blueprint.get("/reference")
def documents() -> Response:
    """Return every document in force, once: the page asks again by its ETag."""
    with opened() as device:
        text = json.dumps(reference_documents(device), ensure_ascii=False)
    response = Response(text, mimetype="application/json")
    response.headers["Cache-Control"] = "private, no-cache"
    response.add_etag()
    response.make_conditional(request)
    return response
