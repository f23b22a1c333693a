"""The device itself: who it is and how it stands."""

from typing import Any

from flask import Blueprint, jsonify

from fieldkit.device import opened_device
from fieldkit.local.bench import bench
from fieldkit.telling.identity import identity_entry

blueprint = Blueprint("device", __name__)


@blueprint.get("/identity")
def identity() -> Any:
    """Return who the device is, null before it is enrolled."""
    with opened_device(bench().home) as opened:
        found = opened.outbox.identity()
    return jsonify(None if found is None else identity_entry(found))
