"""The local server's application, and a page that was let in."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from fieldkit.home import Home
from fieldkit.local.app import create_app
from fieldkit.local.bench import Bench
from fieldkit.local.gate import HEADER, Gate

PORT = 8471


@dataclass(frozen=True)
class Page:
    """The page that the program opened: its session, origin and header."""

    client: FlaskClient
    origin: str

    def ask(self, method: str, path: str, **more: Any) -> TestResponse:
        headers = {
            HEADER: "1",
            "Origin": self.origin,
            "Sec-Fetch-Site": "same-origin",
            **more.pop("headers", {}),
        }
        return self.client.open(
            path,
            method=method,
            buffered=True,
            base_url=self.origin,
            headers={k: v for k, v in headers.items() if v is not None},
            **more,
        )

    def get(self, path: str, **more: Any) -> Any:
        answer = self.ask("GET", path, **more)
        assert answer.status_code == 200, answer.text
        return answer.json

    def send(self, method: str, path: str, given: Any = None) -> Any:
        answer = self.ask(method, path, json=given)
        assert answer.status_code in (200, 201, 202), answer.text
        return answer.json


@pytest.fixture
def gate() -> Gate:
    return Gate(PORT)


@pytest.fixture
def bench(home: Home) -> Iterator[Bench]:
    bench = Bench(home)
    yield bench
    bench.close()


@pytest.fixture
def app(gate: Gate, bench: Bench) -> Flask:
    return create_app(gate, bench)


@pytest.fixture
def stranger(app: Flask, gate: Gate) -> Page:
    """Somebody without a session who sends all the rest."""
    return Page(app.test_client(), gate.origin)


@pytest.fixture
def page(app: Flask, gate: Gate) -> Page:
    client = app.test_client()
    answer = client.get(gate.entrance)
    assert answer.status_code == 303
    return Page(client, gate.origin)


Refused = Callable[[TestResponse, int, str], dict[str, Any]]


@pytest.fixture
def refused() -> Refused:
    """Hold an answer to be a problem in both languages, and return it."""

    def hold(answer: TestResponse, status: int, code: str) -> dict[str, Any]:
        assert (answer.status_code, answer.mimetype) == (
            status,
            "application/problem+json",
        ), answer.text
        problem: dict[str, Any] = answer.get_json(force=True)
        assert problem["code"] == code
        assert problem["zh"]
        assert problem["en"]
        return problem

    return hold
