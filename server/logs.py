"""Structured logs that hold no personal data: one JSON object per line.

Only what is named here gets out. Nobody's name, certificate number, address
or position, no body, query, token or code: a line says which route answered
how, not what was asked of it. An exception is told by its type and place;
its words may quote a record.
"""

import logging
import re
import sys
import time
import traceback
import uuid
from datetime import UTC, datetime
from types import TracebackType
from typing import Any, TextIO

import orjson
from flask import Flask, Response, g, request

LOGGER = logging.getLogger("server")
FIELDS = frozenset(
    {
        "request_id",
        "method",
        "route",
        "status",
        "code",
        "duration_ms",
        "bytes_in",
        "bytes_out",
        "device_id",
        "outcomes",
        "records",
        "address",
        "workers",
        "serial",
        "epoch",
    }
)
_FIELDS_ATTRIBUTE = "gi_fields"
_ADDRESS = re.compile(
    r"(?<![\w.])(?:\d{1,3}(?:\.\d{1,3}){3}|[0-9a-fA-F:]*::[0-9a-fA-F:]*)"
)


def install(app: Flask) -> None:
    """Log each request once, when its answer is ready."""

    @app.before_request
    def begin() -> None:
        g.began_s = time.perf_counter()
        g.request_id = uuid.uuid4().hex

    @app.after_request
    def log_request(response: Response) -> Response:
        duration_s = time.perf_counter() - g.get("began_s", time.perf_counter())
        rule = request.url_rule
        log(
            "request",
            request_id=g.get("request_id"),
            method=request.method if rule is not None else None,
            route=rule.rule if rule is not None else None,
            status=response.status_code,
            code=g.get("problem_code"),
            duration_ms=round(duration_s * 1000, 1),
            bytes_in=request.content_length,
            bytes_out=response.content_length,
            device_id=g.get("device_id"),
            outcomes=g.get("outcomes"),
        )
        return response


def log(event: str, *, level: int = logging.INFO, **named: Any) -> None:
    """Write one line; only the fields listed in ``FIELDS`` may be named."""
    unknown = set(named) - FIELDS
    if unknown:
        raise ValueError(f"not for the log: {sorted(unknown)}")
    LOGGER.log(level, event, extra={_FIELDS_ATTRIBUTE: named})


def log_failure(event: str, fault: BaseException) -> None:
    """Write where an exception came from, and not what it says."""
    LOGGER.error(event, exc_info=fault, extra={_FIELDS_ATTRIBUTE: {}})


def configure(stream: TextIO | None = None, level: int = logging.INFO) -> None:
    """Send every logger of this process to `stream` (stderr) as JSON lines."""
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(JsonFormatter())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.WARNING)
    LOGGER.setLevel(level)


class JsonFormatter(logging.Formatter):
    """A log record as one line of JSON, without what could name a person."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line."""
        line: dict[str, Any] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(
                timespec="milliseconds"
            ),
            "level": record.levelname.lower(),
            "logger": record.name,
        }
        fields: dict[str, Any] | None = getattr(record, _FIELDS_ATTRIBUTE, None)
        if fields is None:
            line["event"] = _ADDRESS.sub("…", str(record.msg))  # never its arguments
        else:
            line["event"] = record.getMessage()
            line |= {name: value for name, value in fields.items() if value is not None}
        if record.exc_info and record.exc_info[1] is not None:
            line |= _failure(record.exc_info[1], record.exc_info[2])
        return orjson.dumps(line).decode()


def _failure(fault: BaseException, where: TracebackType | None) -> dict[str, Any]:
    frames = traceback.extract_tb(where)
    return {
        "fault": type(fault).__qualname__,
        "cause": type(fault.__cause__).__qualname__ if fault.__cause__ else None,
        "where": [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames],
    }
