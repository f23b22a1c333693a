"""News: whether anything may have changed since the page last asked."""

from typing import Any

from flask import Blueprint, request

from fieldkit.local import asked
from fieldkit.local.bench import bench

blueprint = Blueprint("changes", __name__)


@blueprint.get("/changes")
def changes() -> Any:
    """Return the cursor once it is another than the page's, or after its patience."""
    known = request.args.get("after", "")
    return {"cursor": bench().changes.after(known, asked.wait_s())}
