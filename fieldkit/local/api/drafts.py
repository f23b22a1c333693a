"""Drafts of the form: kept at every keystroke, gone when sealed or removed."""

from typing import Any

from flask import Blueprint, jsonify

from fieldkit.device import Device
from fieldkit.device_clock import read_clock
from fieldkit.draft_photos import DraftPhotos
from fieldkit.errors import DraftGone
from fieldkit.local import asked
from fieldkit.local.bench import bench, opened
from fieldkit.outbox import SqliteOutbox
from fieldkit.outbox.drafts import FORM
from fieldkit.telling.rows import form_drafts

blueprint = Blueprint("drafts", __name__)


@blueprint.get("/drafts")
def listing() -> Any:
    """Return the form's drafts, oldest first."""
    with opened() as device:
        photos = DraftPhotos(device.home, device.outbox)
        return jsonify(
            [
                {
                    "number": draft.number,
                    "answers": draft.body[FORM],
                    "saved_at": draft.changed_at,
                    "started_at": draft.started_at,
                    "photos": [held.to_json() for held in photos.of(draft.number)],
                }
                for draft in form_drafts(device.outbox)
            ]
        )


@blueprint.post("/drafts")
def begin() -> Any:
    """Keep a new draft and return its number."""
    answers = asked.part(asked.given(), "answers")
    with opened() as device:
        return {"number": _save(device, answers, None)}, 201


@blueprint.put("/drafts/<int:number>")
def save(number: int) -> Any:
    """Keep a draft's answers over those before."""
    answers = asked.part(asked.given(), "answers")
    with opened() as device:
        require_draft(device.outbox, number)
        return {"number": _save(device, answers, number)}


@blueprint.delete("/drafts/<int:number>")
def remove(number: int) -> Any:
    """Forget a draft and its photographs; one that is gone is none the worse."""
    with bench().recording, opened() as device:
        device.outbox.remove_draft(number)
        DraftPhotos(device.home, device.outbox).remove_all(number)
    return jsonify(None)


def require_draft(outbox: SqliteOutbox, number: int) -> None:
    """Pass if the form has such a draft; `DraftGone` if it was sealed or removed."""
    if all(draft.number != number for draft in form_drafts(outbox)):
        raise DraftGone(number)


def _save(device: Device, answers: dict[str, Any], number: int | None) -> int:
    now = read_clock().now
    return device.outbox.save_draft({FORM: answers}, at=now, number=number)
