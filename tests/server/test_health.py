"""Health: alive is not ready, and ready means that a record would be kept."""

import pytest
from bureau_rig import problem_of
from flask.testing import FlaskClient

from server import health
from server.bureau import Bureau
from server.database import writing


def test_an_initialised_server_is_ready(any_http: FlaskClient) -> None:
    assert any_http.get("/healthz").get_json() == {"status": "ok"}
    assert any_http.get("/readyz").get_json() == {"status": "ready"}


def test_a_database_of_another_version_is_not_ready(
    any_http: FlaskClient, any_bureau: Bureau
) -> None:
    with writing(any_bureau.engine) as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '0001'")
    reply = any_http.get("/readyz")
    assert reply.status_code == 503
    assert problem_of(reply) == "database-not-ready"
    assert any_http.get("/healthz").status_code == 200


def test_a_database_that_is_gone_is_not_ready(
    any_http: FlaskClient, any_bureau: Bureau
) -> None:
    with writing(any_bureau.engine) as connection:
        connection.exec_driver_sql("DROP TABLE ledger_head")
    reply = any_http.get("/readyz")
    assert reply.status_code == 503
    assert problem_of(reply) == "database-unavailable"


def test_a_nearly_full_disk_is_not_ready(
    http: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(health, "MIN_FREE_BYTES", 2**62)
    assert problem_of(http.get("/readyz")) == "storage-full"
