"""Who may call what: deny by default, and this machine only where it says so."""

import pytest
from bureau_rig import problem_of
from flask import Flask
from flask.testing import FlaskClient

from server.access import Access, declared_access
from server.app import create_app
from server.bureau import Bureau

LOCAL_PATHS = ("/healthz", "/readyz", "/api/v1/openapi.json")
PROXY_HEADERS = (
    "Forwarded",
    "X-Forwarded-For",
    "X-Forwarded-Proto",
    "X-Forwarded-Host",
    "X-Real-IP",
    "Via",
)
ENROLMENT_PATHS = {
    "/api/v1/server",
    "/api/v1/devices",
    "/api/v1/devices/challenge",
    "/api/v1/devices/token",
}


@pytest.fixture
def bureau(shared_bureau: Bureau) -> Bureau:
    """One for all: nothing here gets as far as changing it."""
    return shared_bureau


@pytest.fixture
def app(bureau: Bureau) -> Flask:
    return create_app(bureau.settings, bureau.engine, bureau.clock)


def test_every_endpoint_declares_who_it_answers_to(app: Flask) -> None:
    for rule in app.url_map.iter_rules():
        assert declared_access(app, rule.endpoint) is not None, rule.rule


def test_beside_the_device_api_only_enrolment_answers_other_machines(
    app: Flask,
) -> None:
    by_access: dict[Access | None, set[str]] = {}
    for rule in app.url_map.iter_rules():
        kind = declared_access(app, rule.endpoint)
        by_access.setdefault(kind, set()).add(rule.rule)
    assert by_access[Access.ENROLMENT] == ENROLMENT_PATHS
    public = ("/field/", "/trust")
    assert all(rule.startswith(public) for rule in by_access[Access.PUBLIC])
    device_nouns = ("/api/v1/records", "/api/v1/blobs", "/api/v1/reference")
    assert all(rule.startswith(device_nouns) for rule in by_access[Access.DEVICE])


def test_an_endpoint_that_declares_nothing_answers_nobody(app: Flask) -> None:
    app.add_url_rule("/forgotten", view_func=lambda: "secret", endpoint="forgotten")
    reply = app.test_client().get("/forgotten")
    assert reply.status_code == 403
    assert problem_of(reply) == "access-undeclared"


@pytest.mark.parametrize("path", LOCAL_PATHS)
def test_this_machine_is_answered(http: FlaskClient, path: str) -> None:
    assert http.get(path).status_code == 200
    six = http.get(
        path,
        environ_base={"REMOTE_ADDR": "::1"},
        headers={"Host": "[::1]:8470"},
    )
    assert six.status_code == 200


@pytest.mark.parametrize("path", LOCAL_PATHS)
@pytest.mark.parametrize("address", ["10.0.0.7", "192.168.1.2", "2001:db8::1", ""])
def test_another_machine_is_refused(http: FlaskClient, path: str, address: str) -> None:
    reply = http.get(path, environ_base={"REMOTE_ADDR": address})
    assert reply.status_code == 403
    assert problem_of(reply) == "loopback-only"


@pytest.mark.parametrize("path", LOCAL_PATHS)
@pytest.mark.parametrize("header", PROXY_HEADERS)
def test_a_proxy_on_this_machine_makes_nobody_local(
    http: FlaskClient, path: str, header: str
) -> None:
    reply = http.get(path, headers={header: "127.0.0.1"})
    assert reply.status_code == 403
    assert problem_of(reply) == "loopback-only"


@pytest.mark.parametrize(
    "host", ["evil.example", "evil.example:8470", "localhost.evil"]
)
def test_a_name_rebound_to_this_machine_reads_nothing(
    http: FlaskClient, host: str
) -> None:
    """A page of evil.example whose name now resolves to 127.0.0.1."""
    reply = http.get("/healthz", headers={"Host": host})
    assert problem_of(reply) == "loopback-only"


def test_enrolment_and_the_device_api_work_behind_a_proxy(http: FlaskClient) -> None:
    outside = {"REMOTE_ADDR": "10.0.0.7"}
    proxied = {"X-Forwarded-For": "203.0.113.9", "Host": "gi.example"}
    reply = http.get("/api/v1/server", environ_base=outside, headers=proxied)
    assert reply.status_code == 200
    device = http.get("/api/v1/reference", environ_base=outside, headers=proxied)
    assert problem_of(device) == "token-missing"


def test_no_path_is_open_by_another_method(http: FlaskClient) -> None:
    reply = http.delete("/api/v1/records")
    assert reply.status_code == 405
    assert problem_of(reply) == "method-not-allowed"
    assert "POST" in reply.headers["Allow"]


def test_what_is_not_there_is_a_problem_too(http: FlaskClient) -> None:
    assert problem_of(http.get("/api/v1/nothing")) == "not-found"
    assert problem_of(http.get("/api/v1/blobs/ABC")) == "not-found"


def test_every_answer_tells_browsers_to_keep_their_hands_off(
    http: FlaskClient,
) -> None:
    for path in ("/api/v1/server", "/healthz", "/nothing"):
        headers = http.get(path).headers
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["X-Frame-Options"] == "DENY"
        assert headers["Referrer-Policy"] == "no-referrer"
        assert headers["Cache-Control"] == "no-store"
        assert "default-src 'none'" in headers["Content-Security-Policy"]
        assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
