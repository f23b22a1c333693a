"""OpenAPI 3.1: valid, complete, and true to what is answered."""

import re
from typing import Any

import pytest
from bureau_rig import Device
from flask import Flask
from openapi_spec_validator import validate

from server.access import Access, declared_access
from server.api import messages
from server.app import create_app
from server.bureau import Bureau
from server.problems import CATALOGUE

PREFIX = "/api/v1/"


@pytest.fixture
def app(bureau: Bureau) -> Flask:
    return create_app(bureau.settings, bureau.engine, bureau.clock)


@pytest.fixture
def spec(app: Flask) -> dict[str, Any]:
    found: dict[str, Any] = app.test_client().get("/api/v1/openapi.json").get_json()
    return found


def operations(spec: dict[str, Any]) -> dict[tuple[str, str], dict[str, Any]]:
    return {
        (method.upper(), path): operation
        for path, methods in spec["paths"].items()
        for method, operation in methods.items()
        if method != "parameters"
    }


def test_the_description_is_valid_openapi_3_1(spec: dict[str, Any]) -> None:
    assert spec["openapi"] == "3.1.0"
    validate(spec)


def test_every_route_of_the_api_is_described(app: Flask, spec: dict[str, Any]) -> None:
    routes = {
        (method, re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", rule.rule))
        for rule in app.url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
        if rule.rule.startswith(PREFIX) and rule.endpoint != "openapi.openapi_json"
    }
    assert routes == set(operations(spec))


def test_every_operation_says_what_it_does_and_answers(spec: dict[str, Any]) -> None:
    for where, operation in operations(spec).items():
        assert operation["summary"], where
        responses = operation["responses"]
        good = [status for status in responses if status.startswith("2")]
        assert good, where
        for status in good:
            assert responses[status]["content"]["application/json"]["schema"], where
        assert responses["default"], where
        if where[0] in ("POST", "PUT"):
            assert operation["requestBody"]["content"], where


def test_every_problem_of_an_operation_is_in_the_catalogue(
    spec: dict[str, Any],
) -> None:
    for where, operation in operations(spec).items():
        for status, response in operation["responses"].items():
            if not status.startswith(("4", "5")):
                continue
            codes = re.findall(r"`([a-z-]+)`", response["description"])
            assert codes, where
            assert {CATALOGUE[code].status for code in codes} == {int(status)}
            assert "application/problem+json" in response["content"]


def test_what_needs_a_token_says_so(app: Flask, spec: dict[str, Any]) -> None:
    described = operations(spec)
    for rule in app.url_map.iter_rules():
        path = re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", rule.rule)
        for method in rule.methods or ():
            if (method, path) in described:
                needs = declared_access(app, rule.endpoint) is Access.DEVICE
                assert bool(described[method, path].get("security")) == needs


def test_the_answers_are_what_is_described(tablet: Device) -> None:
    pushed = tablet.push(tablet.seal(b"photo"))
    challenge = {"device_id": tablet.id}
    answers: dict[Any, Any] = {
        messages.ServerReply: tablet.get("/api/v1/server").get_json(),
        messages.EnrolReply: tablet.reply,
        messages.ChallengeReply: tablet.http.post(
            "/api/v1/devices/challenge", json=challenge
        ).get_json(),
        messages.RecordsReply: pushed.get_json(),
        messages.StatusReply: tablet.get("/api/v1/records/status").get_json(),
        messages.ManifestReply: tablet.get("/api/v1/reference").get_json(),
        messages.Problem: tablet.get("/api/v1/records/status?limit=0").get_json(
            force=True
        ),
    }
    for schema, answer in answers.items():
        assert schema().validate(answer) == {}, schema.__name__


BATCHES: list[Any] = [
    {"records": []},
    {"records": ["a"], "last_receipt": None, "certificate": "x"},
    {"records": ["a"], "last_receipt": "y" * messages.MAX_RECEIPT_CHARS},
    {"records": ["a"], "last_receipt": "y" * (messages.MAX_RECEIPT_CHARS + 1)},
    {"records": ["a"], "certificate": "y" * (messages.MAX_JWS_CHARS + 1)},
    {"records": ["a"], "certificate": 1},
    {"records": [None]},
    {"records": "a"},
    {"record": []},
    {"records": [], "more": 1},
    [],
]


@pytest.mark.parametrize("batch", BATCHES, ids=range(len(BATCHES)))
def test_the_hand_written_check_of_a_batch_agrees_with_its_schema(
    tablet: Device, batch: Any
) -> None:
    reply = tablet.http.post("/api/v1/records", json=batch, headers=tablet.bearer)
    is_fine = not messages.RecordsRequest().validate(batch)
    assert reply.status_code == (200 if is_fine else 422)
