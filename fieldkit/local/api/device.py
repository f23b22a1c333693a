"""The device itself: who it is, how it stands, enrolling and signing out."""

import shutil
from typing import Any

from flask import Blueprint, jsonify

from fieldkit.device import Device
from fieldkit.device_clock import read_clock, sealed_clock
from fieldkit.exports import sign_out, unsent_records
from fieldkit.local import asked
from fieldkit.local.bench import bench, opened
from fieldkit.online import enrol_online, invitation_of
from fieldkit.telling.identity import identity_entry
from fieldkit.telling.standing import standing

blueprint = Blueprint("device", __name__)


@blueprint.get("/identity")
def identity() -> Any:
    """Return who the device is, null before it is enrolled."""
    with opened() as device:
        found = device.outbox.identity()
    return jsonify(None if found is None else identity_entry(found))


@blueprint.post("/enrolment")
def enrolment() -> Any:
    """Enrol by a one-time code; repeating it does no harm."""
    given = asked.given()
    invitation = invitation_of(
        asked.optional_text(given, "url") or "",
        asked.optional_text(given, "code") or "",
        asked.optional_text(given, "thumbprint"),
    )
    with opened() as device:
        # A page is not made to wait for pauses in silence: it may try again.
        enrolled = enrol_online(device, invitation, lambda _seconds, _cause: None)
    return identity_entry(enrolled.identity)


@blueprint.get("/status")
def status() -> Any:
    """Return how the device stands; nothing is asked of the server."""
    with opened() as device:
        return _status(device)


@blueprint.post("/sign-out")
def leave() -> Any:
    """Take the identity from this device, if nothing would be left behind."""
    with bench().recording, opened() as device:
        sign_out(device.outbox)
    return jsonify(None)


def _status(device: Device) -> dict[str, Any]:
    reading, outbox = read_clock(), device.outbox
    unreadable = bench().openings.unreadable(outbox)
    unsent = unsent_records(outbox, unreadable)
    disk = shutil.disk_usage(device.home.path)
    return standing(device, reading.now, unreadable) | {
        "unsent": len(unsent.all),
        "unexported": len(unsent.unexported),
        "storage": {
            "usage_bytes": disk.used,
            "quota_bytes": disk.total,
            "free_bytes": disk.free,
            "is_persisted": True,
        },
        "clock_offset_ms": sealed_clock(outbox, reading)["offset_ms"],
        "is_syncing": bench().sync_job.is_running,
        "sync_progress": bench().sync_job.progress,
        "sync_troubles": bench().sync_job.troubles,
        "home": "laptop",
        "photos_waiting_for_wifi": False,
    }
