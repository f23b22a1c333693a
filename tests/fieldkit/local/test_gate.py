"""Nobody but the page that was opened reaches the outbox."""

from http.cookies import SimpleCookie
from typing import Any

import pytest
from flask import Flask

from fieldkit.local.gate import HEADER, Gate

IDENTITY = "/local/v1/identity"


def test_the_page_that_was_opened_reaches_the_outbox(page: Any) -> None:
    assert page.get(IDENTITY)["unit_code"] == "360734"


def test_without_a_session_nothing_is_answered_but_words(
    stranger: Any, refused: Any
) -> None:
    for path in (IDENTITY, "/field/", "/field/home.json", "/nowhere", "/"):
        refused(stranger.ask("GET", path), 403, "session-missing")


def test_a_person_without_a_session_reads_what_to_do(stranger: Any) -> None:
    answer = stranger.ask("GET", "/field/", headers={"Accept": "text/html"})
    assert (answer.status_code, answer.mimetype) == (403, "text/html")
    assert "fieldkit app" in answer.text


def test_the_token_opens_once(page: Any, gate: Gate, app: Flask, refused: Any) -> None:
    assert page.get(IDENTITY)
    second = app.test_client().get("/enter?token=", base_url=gate.origin)
    refused(second, 403, "token-refused")


def test_the_used_token_opens_nothing(app: Flask, gate: Gate, refused: Any) -> None:
    entrance = gate.entrance
    assert app.test_client().get(entrance).status_code == 303
    refused(app.test_client().get(entrance), 403, "token-refused")


@pytest.mark.parametrize("token", ["", "wrong", "错", "a" * 100_000])
def test_a_wrong_token_opens_nothing_and_uses_nothing_up(
    app: Flask, gate: Gate, refused: Any, token: str
) -> None:
    client = app.test_client()
    wrong = client.get("/enter", query_string={"token": token}, base_url=gate.origin)
    refused(wrong, 403, "token-refused")
    assert client.get(gate.entrance).status_code == 303


def test_the_token_is_no_session(stranger: Any, gate: Gate, refused: Any) -> None:
    token = gate.entrance.partition("token=")[2]
    stranger.client.set_cookie(gate.cookie_name, token, domain="127.0.0.1")
    refused(stranger.ask("GET", IDENTITY), 403, "session-missing")


def test_an_empty_cookie_is_no_session_before_anybody_entered(
    stranger: Any, gate: Gate, refused: Any
) -> None:
    stranger.client.set_cookie(gate.cookie_name, "", domain="127.0.0.1")
    refused(stranger.ask("GET", IDENTITY), 403, "session-missing")


def test_the_session_is_out_of_reach_of_scripts_and_other_sites(
    app: Flask, gate: Gate
) -> None:
    answer = app.test_client().get(gate.entrance)
    (cookie,) = SimpleCookie(answer.headers["Set-Cookie"]).values()
    assert (cookie["httponly"], cookie["samesite"]) == (True, "Strict")
    assert answer.headers["Location"] == "/field/"
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    "host", ["evil.example:8471", "127.0.0.1", "localhost:8471", "127.0.0.1:8472", ""]
)
def test_a_name_rebound_to_us_is_refused(page: Any, refused: Any, host: str) -> None:
    rebound = page.ask("GET", IDENTITY, headers={"Host": host})
    refused(rebound, 403, "host-foreign")


def test_a_rebound_name_cannot_even_try_a_token(
    app: Flask, gate: Gate, refused: Any
) -> None:
    path = gate.entrance.removeprefix(gate.origin)
    rebound = app.test_client().get(path, headers={"Host": "evil.example"})
    refused(rebound, 403, "host-foreign")
    assert app.test_client().get(gate.entrance).status_code == 303


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example", "Sec-Fetch-Site": "cross-site"},
        {"Origin": "https://evil.example", "Sec-Fetch-Site": None},
        {"Origin": "null", "Sec-Fetch-Site": None},
        {"Origin": "http://127.0.0.1:9999", "Sec-Fetch-Site": "same-site"},
        {"Origin": None, "Sec-Fetch-Site": "same-site"},
        {"Origin": None, "Sec-Fetch-Site": "cross-site"},
    ],
)
@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "DELETE"])
def test_another_sites_page_is_refused_with_our_session_and_header(
    page: Any, refused: Any, method: str, headers: dict[str, Any]
) -> None:
    refused(page.ask(method, IDENTITY, headers=headers), 403, "origin-foreign")


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH"])
def test_a_change_must_say_where_it_comes_from(
    page: Any, refused: Any, method: str
) -> None:
    silent = {"Origin": None, "Sec-Fetch-Site": None}
    refused(page.ask(method, IDENTITY, headers=silent), 403, "origin-foreign")


@pytest.mark.parametrize(
    "headers", [{"Sec-Fetch-Site": None}, {"Origin": None}], ids=["origin", "fetch"]
)
def test_one_word_on_where_it_comes_from_is_enough(
    page: Any, refused: Any, headers: dict[str, Any]
) -> None:
    refused(page.ask("POST", IDENTITY, headers=headers), 405, "method-refused")


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_without_the_header_that_a_form_cannot_set_the_outbox_is_closed(
    page: Any, refused: Any, method: str
) -> None:
    refused(page.ask(method, IDENTITY, headers={HEADER: None}), 403, "header-missing")


def test_a_preflight_gets_no_permission(stranger: Any) -> None:
    asked = {
        "Origin": "https://evil.example",
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": HEADER,
    }
    answer = stranger.ask("OPTIONS", IDENTITY, headers=asked)
    assert answer.status_code == 403
    assert "Access-Control" not in str(answer.headers)
