"""What a person chose for the app on this device."""

from typing import Any

from flask import Blueprint

from fieldkit.app_settings import change_settings, settings_of
from fieldkit.local import asked
from fieldkit.local.bench import opened

blueprint = Blueprint("settings", __name__)


@blueprint.get("/settings")
def settings() -> Any:
    """Return the settings in force."""
    with opened() as device:
        return settings_of(device.outbox)


@blueprint.patch("/settings")
def change() -> Any:
    """Change those that are named, and return all."""
    patch = asked.given()
    with opened() as device:
        return change_settings(device.outbox, patch)
