"""The sync: started, watched, and found again by a page that was reloaded."""

from typing import Any

from flask import Blueprint

from fieldkit.local import asked
from fieldkit.local.bench import bench, opened

blueprint = Blueprint("sync", __name__)


@blueprint.post("/sync")
def start() -> Any:
    """Start a sync, or join the one under way."""
    again = asked.given().get("again") is True
    with opened() as device:
        device.outbox.require_identity()
    return bench().sync_job.start(again=again), 202


@blueprint.get("/sync")
def state() -> Any:
    """Return how far it is, once it is past the page's cursor."""
    after = asked.whole_parameter("after", 0, 10**15)
    return bench().sync_job.after(after, asked.wait_s())
