"""Bundles for a USB stick: written, fetched, and noted as handed over."""

from typing import Any

from flask import Blueprint, Response, jsonify, send_file

from fieldkit.device_clock import read_clock
from fieldkit.local.bench import bench, opened

blueprint = Blueprint("bundles", __name__)


@blueprint.post("/bundles")
def write() -> Any:
    """Write what is unsent for the server's eyes only, and say what it holds."""
    with bench().recording, opened() as device:
        export = bench().bundles.write(device, read_clock().now)
    return export.to_json(), 201


@blueprint.get("/bundles/<export_id>/<int:number>")
def fetch(export_id: str, number: int) -> Response:
    """Return one file of the last export."""
    path = bench().bundles.file(export_id, number)
    return send_file(path, "application/zip", as_attachment=True)


@blueprint.post("/bundles/<export_id>/exported")
def exported(export_id: str) -> Any:
    """Note that the export was handed over."""
    with opened() as device:
        bench().bundles.mark(device, export_id)
    return jsonify(None)
