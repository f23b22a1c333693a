"""Logs: structured, and nobody can be found in them."""

import io
import json
import logging
import re
from collections.abc import Iterator
from typing import Any

import pytest
from bureau_rig import OFFICERS, Device, device_key, new_code, offer
from flask.testing import FlaskClient

from server import logs
from server.bureau import Bureau


@pytest.fixture
def stream() -> Iterator[io.StringIO]:
    """Where the log goes, with the loggers put back afterwards."""
    root, ours = logging.getLogger(), logs.LOGGER
    before = (root.handlers[:], root.level, ours.level)
    written = io.StringIO()
    logs.configure(written)
    yield written
    root.handlers[:], root.level, ours.level = before


def lines(stream: io.StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in stream.getvalue().splitlines()]


def test_a_request_is_one_line_of_json(stream: io.StringIO, http: FlaskClient) -> None:
    http.get("/api/v1/server?name=secret")
    (line,) = lines(stream)
    assert line["event"] == "request"
    assert line["method"] == "GET"
    assert line["route"] == "/api/v1/server"
    assert line["status"] == 200
    assert line["bytes_out"] > 0
    assert line["duration_ms"] >= 0
    assert re.fullmatch("[0-9a-f]{32}", line["request_id"])


def test_no_personal_data_gets_into_the_log(
    stream: io.StringIO, http: FlaskClient, bureau: Bureau
) -> None:
    """Names, certificates, parties, positions, addresses, codes and tokens."""
    code = new_code(bureau)
    http.post("/api/v1/devices", data=b"{", content_type="application/json")
    offer(http, bureau, device_key(1), "0000-0000")
    offer(http, bureau, device_key(1), code)
    tablet = Device.enrol(http, bureau, number=2)
    tablet.push(tablet.seal(b"photo"))
    tablet.push(tablet.seal(site="not an object", note="王五"))
    tablet.get("/api/v1/blobs/" + "0" * 64)
    http.get("/张三/360734")
    http.get("/healthz", environ_base={"REMOTE_ADDR": "203.0.113.77"})
    text = stream.getvalue()
    assert len(lines(stream)) >= 9
    private = [
        *(officer["name"] for officer in OFFICERS),
        *(officer["certificate_no"] for officer in OFFICERS),
        "王五",
        "寻乌某仓库",
        "某果品",
        "91360734MA35F6UN0Y",
        "115.6512",
        "24.9633",
        "203.0.113.77",
        "127.0.0.1",
        code,
        code.replace("-", ""),
        tablet.reply["token"],
        tablet.reply["certificate"][:60],
        "0" * 64,
    ]
    escaped = text.encode().decode("unicode_escape", errors="ignore")
    for words in private:
        assert words not in text, words
        assert words not in escaped, words


def test_a_push_is_told_by_its_outcomes(
    stream: io.StringIO, http: FlaskClient, bureau: Bureau
) -> None:
    tablet = Device.enrol(http, bureau)
    record = tablet.seal()
    tablet.push(record, record)
    line = lines(stream)[-1]
    assert line["outcomes"] == {"stored": 1, "replayed": 1}
    assert line["device_id"] == tablet.id


def test_a_problem_is_told_by_its_code(stream: io.StringIO, http: FlaskClient) -> None:
    http.get("/api/v1/reference")
    assert lines(stream)[-1]["code"] == "token-missing"


def test_an_exception_is_told_by_its_place_and_not_its_words(
    stream: io.StringIO,
) -> None:
    def fail() -> None:
        raise ValueError("张三 24.9633")

    try:
        fail()
    except ValueError as fault:
        logs.log_failure("request-failed", fault)
    (line,) = lines(stream)
    assert line["fault"] == "ValueError"
    assert line["where"][-1].endswith("fail")
    assert "24.9633" not in stream.getvalue()


def test_a_library_that_logs_its_arguments_logs_only_its_sentence(
    stream: io.StringIO,
) -> None:
    foreign = logging.getLogger("sqlalchemy.engine")
    foreign.error("%s failed for %s", "INSERT", "张三")
    foreign.error("Invalid request from ip=203.0.113.77, 2001:db8::7")
    text = stream.getvalue()
    assert lines(stream)[0]["event"] == "%s failed for %s"
    assert "张三" not in text
    assert "203.0.113" not in text
    assert "db8" not in text


def test_a_field_that_was_not_agreed_cannot_be_logged(stream: io.StringIO) -> None:
    with pytest.raises(ValueError, match="officer"):
        logs.log("request", officer="张三")
    assert stream.getvalue() == ""
