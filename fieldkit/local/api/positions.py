"""Positions of the receivers that are connected to this laptop."""

from typing import Any

from flask import Blueprint, jsonify

from fieldkit.local import asked
from fieldkit.local.bench import bench
from fieldkit.local.problems import problem_of

blueprint = Blueprint("positions", __name__)


@blueprint.get("/positions")
def sources() -> Any:
    """Return the receivers that are connected."""
    return jsonify([source.to_json() for source in bench().receivers.sources()])


@blueprint.get("/positions/<path:source_id>")
def position(source_id: str) -> Any:
    """Return what the receiver said last, once it is past the page's cursor."""
    after = asked.whole_parameter("after", 0, 10**15)
    told = bench().receivers.after(source_id, after, asked.wait_s())
    trouble = told.pop("trouble")
    return told | {"problem": None if trouble is None else problem_of(trouble)}
