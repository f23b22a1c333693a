"""Bodies of every bad kind: each ends early, in a problem that says what it was."""

import gzip
import io
import tracemalloc
import zlib
from collections.abc import Mapping

import pytest
from bureau_rig import Device, problem_of
from werkzeug.test import TestResponse

from server.api.bodies import MAX_BODY_BYTES
from server.app import create_app
from server.bureau import Bureau
from sync.batch import MAX_RECORDS

RECORDS = "/api/v1/records"
BATCH = b'{"records": [], "last_receipt": null, "certificate": null}'


@pytest.fixture
def bureau(shared_bureau: Bureau) -> Bureau:
    """One for all: nothing here gets as far as changing it."""
    return shared_bureau


@pytest.fixture(scope="module")
def tablet(shared_bureau: Bureau) -> Device:
    settings, engine, clock = (
        shared_bureau.settings,
        shared_bureau.engine,
        shared_bureau.clock,
    )
    http = create_app(settings, engine, clock).test_client()
    return Device.enrol(http, shared_bureau)


def push(
    tablet: Device, data: bytes, headers: Mapping[str, str] | None = None
) -> TestResponse:
    json = {"Content-Type": "application/json"}
    return tablet.http.post(
        RECORDS, data=data, headers={**tablet.bearer, **json, **(headers or {})}
    )


def test_an_empty_batch_is_answered(tablet: Device) -> None:
    reply = push(tablet, BATCH)
    assert reply.status_code == 200
    assert reply.get_json()["items"] == []
    assert reply.get_json()["receipts"] == []


def test_a_gzipped_batch_is_answered(tablet: Device) -> None:
    reply = push(tablet, gzip.compress(BATCH), {"Content-Encoding": "gzip"})
    assert reply.status_code == 200


def test_a_gzip_bomb_is_given_up_at_the_limit(tablet: Device) -> None:
    """A quarter of a gibibyte of blanks: refused without unpacking it."""
    packer = zlib.compressobj(1, zlib.DEFLATED, 31)
    mebibyte = b" " * 1024 * 1024
    packed = b"".join(packer.compress(mebibyte) for _ in range(256)) + packer.flush()
    assert len(packed) < MAX_BODY_BYTES
    tracemalloc.start()
    reply = push(tablet, packed, {"Content-Encoding": "gzip"})
    _, peak_bytes = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert reply.status_code == 413
    assert problem_of(reply) == "body-too-large"
    assert peak_bytes < 4 * MAX_BODY_BYTES


def test_a_bomb_behind_a_bomb_is_not_opened(tablet: Device) -> None:
    twice = gzip.compress(BATCH) + gzip.compress(b" " * 1000)
    reply = push(tablet, twice, {"Content-Encoding": "gzip"})
    assert reply.status_code == 400
    assert problem_of(reply) == "encoding-malformed"


def test_an_over_large_body_is_refused_by_its_length_alone(tablet: Device) -> None:
    reply = push(tablet, b" " * (MAX_BODY_BYTES + 1))
    assert reply.status_code == 413
    assert problem_of(reply) == "body-too-large"


def test_a_body_without_a_length_is_bounded_too(tablet: Device) -> None:
    stream = io.BytesIO(b" " * (MAX_BODY_BYTES + 1))
    reply = tablet.http.post(
        RECORDS,
        input_stream=stream,
        headers={**tablet.bearer, "Content-Type": "application/json"},
        environ_overrides={"wsgi.input_terminated": True},
    )
    assert reply.status_code == 413
    assert problem_of(reply) == "body-too-large"


def test_a_truncated_body_is_told_from_a_malformed_one(tablet: Device) -> None:
    reply = tablet.http.post(
        RECORDS,
        input_stream=io.BytesIO(BATCH[:20]),
        headers={**tablet.bearer, "Content-Type": "application/json"},
        environ_overrides={"CONTENT_LENGTH": str(len(BATCH))},
    )
    assert reply.status_code == 400
    assert problem_of(reply) == "body-truncated"


def test_a_truncated_gzip_stream_is_cut_short_too(tablet: Device) -> None:
    packed = gzip.compress(BATCH)[:-9]
    reply = push(tablet, packed, {"Content-Encoding": "gzip"})
    assert problem_of(reply) == "body-truncated"


def test_damaged_gzip_is_said_to_be_damaged(tablet: Device) -> None:
    packed = bytearray(gzip.compress(BATCH))
    packed[15] ^= 0xFF
    reply = push(tablet, bytes(packed), {"Content-Encoding": "gzip"})
    assert reply.status_code == 400
    assert problem_of(reply) == "encoding-malformed"


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"{",
        b"records",
        b'{"records": NaN}',
        b'{"records": ["\xff"]}',
        b'{"records": ["\\ud800"]}',
        b"[" * 100_000,
    ],
)
def test_wrong_json_is_a_problem_with_the_place(tablet: Device, data: bytes) -> None:
    reply = push(tablet, data)
    assert reply.status_code == 400
    assert problem_of(reply) == "body-malformed"
    assert "byte" in reply.get_json(force=True)["detail"]


@pytest.mark.parametrize(
    ("data", "fields"),
    [
        (b"[]", [""]),
        (b"null", [""]),
        (b"{}", ["records"]),
        (b'{"records": {}}', ["records"]),
        (b'{"records": [1]}', ["records"]),
        (b'{"records": [], "sent_at": 1}', ["sent_at"]),
        (b'{"records": [], "last_receipt": 7}', ["last_receipt"]),
        (b'{"records": [], "certificate": ""}', ["certificate"]),
        (b'{"records": 1, "certificate": []}', ["records", "certificate"]),
    ],
)
def test_each_field_that_does_not_fit_is_named(
    tablet: Device, data: bytes, fields: list[str]
) -> None:
    reply = push(tablet, data)
    assert reply.status_code == 422
    assert problem_of(reply) == "request-invalid"
    errors = reply.get_json(force=True)["errors"]
    assert [error["field"] for error in errors] == fields
    assert all(error["reason"]["zh"] and error["reason"]["en"] for error in errors)


@pytest.mark.parametrize(
    "kind",
    [
        "text/plain",
        "application/x-www-form-urlencoded",
        "",
        "application/json; charset=gbk",
    ],
)
def test_a_wrong_content_type_is_refused(tablet: Device, kind: str) -> None:
    reply = push(tablet, BATCH, {"Content-Type": kind})
    assert reply.status_code == 415
    assert problem_of(reply) == "content-type"


def test_an_encoding_other_than_gzip_is_refused(tablet: Device) -> None:
    reply = push(tablet, BATCH, {"Content-Encoding": "br"})
    assert reply.status_code == 415
    assert problem_of(reply) == "content-encoding"


def test_more_than_five_hundred_records_are_too_many(tablet: Device) -> None:
    data = b'{"records": [' + b'"x",' * MAX_RECORDS + b'"x"]}'
    reply = push(tablet, data)
    assert reply.status_code == 413
    assert problem_of(reply) == "too-many-records"


def test_unreadable_items_are_refused_one_by_one(tablet: Device) -> None:
    """Lesson 6: one bad record never blocks another."""
    reply = push(tablet, b'{"records": ["", "a.b.c", "\\u0000"]}')
    assert reply.status_code == 200
    items = reply.get_json()["items"]
    assert [item["outcome"] for item in items] == ["refused"] * 3
    assert {item["code"] for item in items} == {"malformed"}
    assert reply.get_json()["receipts"] == []


def test_a_small_request_may_not_be_large(tablet: Device) -> None:
    reply = tablet.http.post(
        "/api/v1/devices/challenge", json={"device_id": "x" * 70_000}
    )
    assert problem_of(reply) == "body-too-large"


@pytest.mark.parametrize(
    ("asked", "fields"),
    [
        ({}, {"device_id"}),
        ({"device_id": 7}, {"device_id"}),
        ({"device_id": ""}, {"device_id"}),
        ({"device_id": "d", "admin": True}, {"admin"}),
        ([], {"_schema"}),
    ],
)
def test_a_small_request_names_its_faults_in_both_languages(
    tablet: Device, asked: object, fields: set[str]
) -> None:
    reply = tablet.http.post("/api/v1/devices/challenge", json=asked)
    assert problem_of(reply) == "request-invalid"
    errors = reply.get_json(force=True)["errors"]
    assert {error["field"] for error in errors} == fields
