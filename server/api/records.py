"""``/records``: sealed records come in, and what became of them goes out."""

from typing import Any

from flask import g, request
from flask_smorest import Blueprint

from geo.errors import Message
from schemas.errors import Fault
from server.api import messages
from server.api.bodies import InvalidRequest
from server.api.openapi import needs_token, refuses
from server.bureau import the_bureau
from server.database import reading
from server.status_feed import MAX_EVENTS, status_page

blueprint = Blueprint("records", __name__, description="Push and status feed")
_MAX_POSITION = 2**63 - 1


@blueprint.route("/records/status")
@needs_token
@refuses("request-invalid", "database-unavailable")
@blueprint.doc(
    parameters=[
        {
            "name": name,
            "in": "query",
            "required": False,
            "description": words,
            "schema": {"type": "integer", "minimum": low, "default": default},
        }
        for name, words, low, default in (
            ("after", "the cursor: events with a higher position", 0, 0),
            ("limit", f"at most {MAX_EVENTS} events", 1, MAX_EVENTS),
        )
    ]
)
@blueprint.response(200, messages.StatusReply)
def get_status() -> dict[str, Any]:
    """Return what became of this device's records after a cursor."""
    after = _number("after", 0, _MAX_POSITION, default=0)
    limit = _number("limit", 1, MAX_EVENTS, default=MAX_EVENTS)
    with reading(the_bureau().engine) as connection:
        page = status_page(connection, g.device_id, after, limit)
    return page._asdict()


def _number(name: str, low: int, high: int, default: int) -> int:
    text = request.args.get(name, str(default))
    if text.isascii() and text.isdigit() and low <= int(text) <= high:
        return int(text)
    raise InvalidRequest(
        [
            Fault(
                name,
                "field-invalid",
                Message(zh=f"须为 {low} 至 {high} 的整数", en=f"{low} to {high}"),
            )
        ]
    )
