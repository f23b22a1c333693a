"""``/blobs``: photographs, in parts, after the records that name them."""

from flask import g
from flask_smorest import Blueprint

from server.api import messages
from server.api.bodies import read_part
from server.api.openapi import needs_token, refuses, takes
from server.blobs import BlobState, blob_state, put_part
from server.bureau import the_bureau
from sync.parts import PART_BYTES

blueprint = Blueprint("blobs", __name__, description="Photographs in parts")


@blueprint.route("/blobs/<sha256:sha256>")
@needs_token
@refuses(
    "blob-not-named",
    "blob-too-large",
    "blob-size",
    "storage-full",
    "database-unavailable",
)
@blueprint.response(200, messages.BlobReply)
def get_blob(sha256: str) -> dict[str, object]:
    """Return which parts of a photograph are still wanted."""
    return _reply(blob_state(the_bureau(), g.device_id, sha256))


@blueprint.route("/blobs/<sha256:sha256>/parts/<int:number>", methods=["PUT"])
@needs_token
@takes(media_type="application/octet-stream", is_gzip_taken=False)
@refuses(
    "blob-not-named",
    "blob-too-large",
    "blob-size",
    "part-unknown",
    "part-size",
    "body-too-large",
    "body-truncated",
    "content-type",
    "content-encoding",
    "storage-full",
    "database-unavailable",
)
@blueprint.response(200, messages.BlobReply)
def put_blob_part(sha256: str, number: int) -> dict[str, object]:
    """Keep one part; with the last one the photograph is sealed.

    If the hash does not agree then, the device's parts are dropped and all
    are named as missing again.
    """
    part = read_part(PART_BYTES)
    return _reply(put_part(the_bureau(), g.device_id, sha256, number, part))


def _reply(state: BlobState) -> dict[str, object]:
    return {
        "sha256": state.sha256,
        "bytes": state.bytes,
        "part_bytes": PART_BYTES,
        "missing": list(state.missing),
        "state": "partial" if state.receipt is None else "complete",
        "receipt": state.receipt,
    }
