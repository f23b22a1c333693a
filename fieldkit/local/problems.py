"""The one table that turns what was refused into problem documents (RFC 9457).

A refusal has its words in zh and en already; here it gets its HTTP status, by
its exit code where the commands have one, so that both edges agree.
"""

import json
import logging
from http import HTTPStatus
from typing import Any
from urllib.parse import urlsplit

from flask import Flask, Response, request
from markupsafe import escape
from werkzeug.exceptions import HTTPException

from fieldkit.errors import FieldkitError
from fieldkit.exit_codes import ExitCode, Refusal, exit_code_of
from fieldkit.local.errors import NotLetIn
from geo.errors import GeoError, Message
from schemas.errors import SchemaError
from sync.errors import ProtocolError

MEDIA_TYPE = "application/problem+json"
BY_EXIT_CODE = {
    ExitCode.INPUT_REFUSED: 422,
    ExitCode.NOT_FOUND: 404,
    ExitCode.NOT_ENROLLED: 409,
    ExitCode.DISK_FULL: 507,
    ExitCode.OUTBOX_UNSAFE: 500,
    ExitCode.PHOTO_UNREADABLE: 422,
    ExitCode.BUSY: 409,
    ExitCode.HOME_UNUSABLE: 500,
    ExitCode.LOCKED: 423,
    ExitCode.ALTERED: 500,
    ExitCode.NO_POSITION: 409,
    ExitCode.UNREACHABLE: 502,
    ExitCode.SIGN_IN_REFUSED: 502,
    ExitCode.PROTOCOL: 502,
}
BY_CODE = {
    "request-unreadable": 400,
    "amended-meanwhile": 409,
}
FAULT = 500
_NOT_LET_IN = 403
_FAULT_WORDS = Message(
    zh="软件出错，已保存的内容完好。请重试；若仍出错，请把终端里的文字交给技术人员。",
    en="The software failed; what was saved is intact. Try again; should it fail "
    "again, show the terminal's text to whoever maintains it.",
)
_BY_STATUS = {
    400: ("request-unreadable", Message("请求有误", "The request cannot be read")),
    404: ("address-unknown", Message("没有此地址", "There is nothing at this address")),
    405: ("method-refused", Message("不支持此方法", "The method is not taken here")),
    413: ("body-too-large", Message("内容超过上限", "More was sent than is taken")),
}
"""What the web framework itself refuses, by HTTP status."""


def status_of(error: Refusal) -> int:
    """Return the HTTP status of a refusal."""
    if isinstance(error, NotLetIn):
        return _NOT_LET_IN
    return BY_CODE.get(error.code) or BY_EXIT_CODE.get(exit_code_of(error), FAULT)


def problem_document(
    code: str, status: int, message: Message, field: str | None = None
) -> dict[str, Any]:
    """Return the members of a problem: what the field app's ``Problem`` holds."""
    return {
        "type": f"urn:gi-fieldkit:problem:{code}",
        "title": message.en,
        "status": status,
        "code": code,
        "field": field,
        "zh": message.zh,
        "en": message.en,
    }


def problem_of(error: Refusal) -> dict[str, Any]:
    """Return the problem document of a refusal."""
    field = getattr(error, "field", None) or None
    return problem_document(error.code, status_of(error), error.message, field)


def fault_document() -> dict[str, Any]:
    """Return the problem document of a fault of ours: words, and no insides."""
    return problem_document("internal-error", FAULT, _FAULT_WORDS)


def install(app: Flask) -> None:
    """Answer every refusal in words, and a fault of ours without its insides."""

    def refused(error: Any) -> Response:
        return _answer(problem_of(error))

    for kind in (FieldkitError, GeoError, SchemaError, ProtocolError):
        app.register_error_handler(kind, refused)
    app.register_error_handler(HTTPException, _http_refused)
    app.register_error_handler(Exception, _failed)


def _http_refused(error: HTTPException) -> Response:
    status = error.code or FAULT
    if status < HTTPStatus.BAD_REQUEST:
        return Response(error.get_body(), status, error.get_headers())
    code, words = _BY_STATUS.get(status, _BY_STATUS[HTTPStatus.BAD_REQUEST])
    return _answer(problem_document(code, status, words))


def _failed(error: Exception) -> Response:
    logging.getLogger(__name__).exception("%s failed", request.path, exc_info=error)
    return _answer(fault_document())


def _answer(document: dict[str, Any]) -> Response:
    status = document["status"]
    if _is_navigation():
        return Response(_page(document), status=status, mimetype="text/html")
    text = json.dumps(document, ensure_ascii=False)
    return Response(text, status=status, mimetype=MEDIA_TYPE)


def _is_navigation() -> bool:
    path = urlsplit(request.path).path
    wants_page = "text/html" in request.headers.get("Accept", "")
    return request.method == "GET" and wants_page and not path.startswith("/local/")


def _page(document: dict[str, Any]) -> str:
    zh, en = escape(document["zh"]), escape(document["en"])
    return (
        '<!doctype html><html lang="zh-CN"><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width">'
        f'<title>地标巡检</title><p>{zh}</p><p lang="en">{en}</p></html>'
    )
