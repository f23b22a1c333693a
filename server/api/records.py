"""``/records``: sealed records come in, and what became of them goes out."""

from collections import Counter
from typing import Any

from flask import Response, current_app, g, request
from flask_smorest import Blueprint

from geo.errors import Message
from schemas.errors import Fault
from server.api import messages
from server.api.bodies import InvalidRequest, read_json
from server.api.devices import BAD_BODIES
from server.api.openapi import needs_token, refuses, takes
from server.bureau import the_bureau
from server.database import reading
from server.intake import Intake, Push
from server.status_feed import MAX_EVENTS, status_page

blueprint = Blueprint("records", __name__, description="Push and status feed")
_MAX_POSITION = 2**63 - 1
_TEXT_CHARS = {
    "last_receipt": messages.MAX_RECEIPT_CHARS,
    "certificate": messages.MAX_JWS_CHARS,
}


@blueprint.route("/records", methods=["POST"])
@needs_token
@takes(messages.RecordsRequest)
@refuses(*BAD_BODIES, "too-many-records", "storage-full", "database-unavailable")
@blueprint.response(200, messages.RecordsReply)
def post_records() -> Response:
    """Take a batch of sealed records, each with an outcome of its own.

    Safe to repeat: what was kept before is answered with its first receipt.
    """
    push = _push_of(read_json())
    intake: Intake = current_app.extensions["gi-intake"]
    reply = intake.push(push)
    g.outcomes = Counter(str(item.outcome) for item in reply.items)
    return Response(reply.to_json(), mimetype="application/json")


def _push_of(document: Any) -> Push:
    """Read a batch by hand: a schema would look at every record a second time."""
    if not isinstance(document, dict):
        raise InvalidRequest([_fault("", "须为对象", "Not an object")])
    faults = [
        _fault(name, "未知字段", "Unknown field.")
        for name in sorted(document.keys() - {"records", *_TEXT_CHARS})
    ]
    records: Any = document.get("records")
    if not isinstance(records, list) or not all(type(one) is str for one in records):
        faults.append(_fault("records", "须为文本的列表", "Not a list of texts"))
    for name, max_chars in _TEXT_CHARS.items():
        text = document.get(name)
        if text is not None and not (
            isinstance(text, str) and 1 <= len(text) <= max_chars
        ):
            faults.append(_fault(name, "须为文本且不得过长", "Not a text that fits"))
    if faults:
        raise InvalidRequest(faults)
    return Push(
        g.device_id, records, document.get("last_receipt"), document.get("certificate")
    )


def _fault(field: str, zh: str, en: str) -> Fault:
    return Fault(field, "field-invalid", Message(zh=zh, en=en))


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
    is_short = len(text) <= len(str(high))  # a long one is an error to `int`
    if text.isascii() and text.isdigit() and is_short and low <= int(text) <= high:
        return int(text)
    raise InvalidRequest(
        [_fault(name, f"须为 {low} 至 {high} 的整数", f"Not {low} to {high}")]
    )
