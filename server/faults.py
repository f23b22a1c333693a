"""Where exceptions become problems: the outermost edge of the HTTP side."""

import sqlalchemy as sa
from flask import Flask, Response, g
from werkzeug.exceptions import HTTPException

from geo.errors import Message
from server.api.bodies import InvalidRequest
from server.errors import ServerError
from server.guesses import TooManyGuesses
from server.logs import log_failure
from server.problems import CATALOGUE, problem_response

# What werkzeug itself refuses, before or instead of a view.
_HTTP_CODES = {
    400: "request-malformed",
    404: "not-found",
    405: "method-not-allowed",
    413: "body-too-large",
    415: "content-type",
}
_DATABASE_FAILED = "database-unavailable"


def install(app: Flask) -> None:
    """Answer every exception with a problem that says what to do."""
    app.register_error_handler(ServerError, _server_error)
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(sa.exc.DBAPIError, _database_error)
    app.register_error_handler(sa.exc.TimeoutError, _database_error)
    app.register_error_handler(Exception, _unforeseen)


def _server_error(fault: ServerError) -> Response:
    if fault.code not in CATALOGUE:
        return _unforeseen(fault)
    if fault.code == _DATABASE_FAILED:
        return _database_error(fault)
    faults = fault.faults if isinstance(fault, InvalidRequest) else ()
    wait_s = fault.retry_after_s if isinstance(fault, TooManyGuesses) else None
    return _answer(fault.code, fault.message, faults, wait_s)


def _http_error(fault: HTTPException) -> Response:
    response = _answer(_HTTP_CODES.get(fault.code or 500, "internal-error"))
    if fault.code == 405:
        response.headers["Allow"] = ", ".join(sorted(fault.valid_methods or ()))  # type: ignore[attr-defined]
    return response


def _database_error(fault: Exception) -> Response:
    """Answer without the driver's words: they may quote a row, or name a host."""
    log_failure("database-failed", fault)
    return _answer(_DATABASE_FAILED)


def _unforeseen(fault: Exception) -> Response:
    log_failure("request-failed", fault)
    return _answer("internal-error")


def _answer(
    code: str,
    detail: Message | None = None,
    faults: object = (),
    retry_after_s: int | None = None,
) -> Response:
    g.problem_code = code
    return problem_response(code, detail, faults, retry_after_s)  # type: ignore[arg-type]
