"""``/thumbnails/<sha256>``: for the bureau's own machine, until there are accounts."""

from flask import Blueprint, Response

from server.access import Access, access
from server.bureau import the_bureau
from server.thumbnails.making import thumbnail

blueprint = Blueprint("thumbnails", __name__)


@blueprint.get("/thumbnails/<sha256:sha256>")
@access(Access.LOOPBACK)
def get_thumbnail(sha256: str) -> Response:
    """Return a small JPEG of a photograph that is here whole."""
    return Response(thumbnail(the_bureau(), sha256), content_type="image/jpeg")
