"""Problems: one table, and everything that is raised has a row in it."""

import json
import re
from pathlib import Path

import pytest
import sqlalchemy as sa
from bureau_rig import problem_of
from flask import Flask

import server
from geo.errors import Message
from server.access import Access, access
from server.app import create_app
from server.bureau import Bureau
from server.errors import DatabaseFault, ServerError, StorageFull
from server.problems import CATALOGUE

ROOM = Path(server.__file__).parent
HTTP_SIDE = (
    "access.py",
    "blobs.py",
    "durable_files.py",
    "enrolment.py",
    "faults.py",
    "health.py",
    "intake.py",
    "sign_in.py",
)
RAISED = re.compile(
    r"(?:Refused|NotHeld|StorageFull|_refused|_answer|problem_response)"
    r"\(\s*\"([a-z][a-z-]+)\""
)


@pytest.fixture
def app(bureau: Bureau) -> Flask:
    return create_app(bureau.settings, bureau.engine, bureau.clock)


def raising(app: Flask, fault: Exception) -> None:
    @app.get("/raise")
    @access(Access.LOOPBACK)
    def view() -> str:
        raise fault


def test_every_code_that_the_http_side_raises_has_a_row() -> None:
    sources = [ROOM / name for name in HTTP_SIDE] + sorted((ROOM / "api").glob("*.py"))
    raised = {
        code for path in sources for code in RAISED.findall(path.read_text("utf-8"))
    }
    assert len(raised) > 15
    assert raised <= CATALOGUE.keys()


def test_every_problem_speaks_both_languages() -> None:
    for code, problem in CATALOGUE.items():
        assert re.fullmatch(r"[a-z]+(-[a-z]+)*", code)
        assert 400 <= problem.status < 600
        assert problem.title.en.isascii()
        assert re.search("[一-鿿]", problem.title.zh), code


def test_an_unforeseen_fault_is_a_problem_that_quotes_nothing(app: Flask) -> None:
    raising(app, ValueError("张三 360734 24.9633"))
    reply = app.test_client().get("/raise")
    assert reply.status_code == 500
    assert problem_of(reply) == "internal-error"
    assert "张三" not in reply.text


def test_an_error_without_a_row_is_internal(app: Flask) -> None:
    raising(app, ServerError("never-heard-of", Message(zh="李四", en="Li Si")))
    reply = app.test_client().get("/raise")
    assert problem_of(reply) == "internal-error"
    assert "Li Si" not in reply.text


def test_a_database_error_is_answered_without_its_words(app: Flask) -> None:
    """PostgreSQL quotes the row that it could not keep."""
    words = "DETAIL: Key (name)=(张三) already exists; host 10.0.0.5"
    raising(app, DatabaseFault("database-unavailable", Message(zh=words, en=words)))
    reply = app.test_client().get("/raise")
    assert problem_of(reply) == "database-unavailable"
    assert "张三" not in json.dumps(reply.get_json(force=True), ensure_ascii=False)
    assert "10.0.0.5" not in reply.text


def test_a_full_disk_says_when_to_come_back(app: Flask) -> None:
    raising(app, StorageFull("storage-full", Message(zh="存储已满", en="disk full")))
    reply = app.test_client().get("/raise")
    assert reply.status_code == 503
    assert reply.headers["Retry-After"] == "300"
    assert problem_of(reply) == "storage-full"


@pytest.mark.parametrize(
    "fault",
    [
        sa.exc.OperationalError("SELECT", {}, Exception("gone")),
        sa.exc.TimeoutError("no connection left in the pool"),
    ],
)
def test_a_lost_database_says_when_to_come_back(app: Flask, fault: Exception) -> None:
    raising(app, fault)
    reply = app.test_client().get("/raise")
    assert reply.status_code == 503
    assert reply.headers["Retry-After"] == "10"
    assert problem_of(reply) == "database-unavailable"
