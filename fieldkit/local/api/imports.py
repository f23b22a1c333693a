"""Files into drafts, one a request: photographs, GPX, CSV."""

from datetime import UTC, datetime
from typing import Any

from flask import Blueprint, request

from fieldkit.importing.importer import Importer
from fieldkit.importing.source import Source
from fieldkit.local import asked
from fieldkit.local.bench import bench, opened

blueprint = Blueprint("imports", __name__)

_MOST_MS = 4_102_444_800_000


@blueprint.post("/import")
def take() -> Any:
    """Begin drafts of the request's bytes; what was not taken is in the report.

    The tracks of earlier requests tell where photographs were taken, until the
    program ends.
    """
    content = request.get_data(cache=False)
    modified_ms = asked.whole_parameter("modified_ms", 0, _MOST_MS)
    source = Source(
        # A browser may send a folder along; only the name says what it is.
        request.args.get("file_name", "").replace("\\", "/").rpartition("/")[2],
        lambda most_bytes: content[:most_bytes],
        datetime.fromtimestamp(modified_ms / 1000, UTC) if modified_ms else None,
    )
    at_hand = bench()
    with at_hand.recording, opened() as device:
        device.outbox.require_identity()
        codes = at_hand.reference(device).codes
        importer = Importer(device, codes, segments=at_hand.tracks)
        report = importer.take([source])
        at_hand.tracks = importer.segments
    return report.to_json()
