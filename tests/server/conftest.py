"""A bureau for each test, on each of the two databases where SQL is at stake."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from bureau_rig import Clock, Device, open_bureau
from flask.testing import FlaskClient

from server.app import create_app
from server.bureau import Bureau


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def bureau(tmp_path: Path, sqlite_url: str, clock: Clock) -> Iterator[Bureau]:
    """A bureau on SQLite."""
    opened = open_bureau(tmp_path / "home", sqlite_url, clock)
    yield opened
    opened.engine.dispose()


@pytest.fixture(scope="module")
def shared_bureau(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bureau]:
    """A bureau on SQLite for the tests of a module that leave it as it is."""
    home = tmp_path_factory.mktemp("bureau") / "home"
    opened = open_bureau(home, f"sqlite:///{home / 'gi.sqlite3'}", Clock())
    yield opened
    opened.engine.dispose()


@pytest.fixture
def any_bureau(tmp_path: Path, database_url: str, clock: Clock) -> Iterator[Bureau]:
    """A bureau on SQLite and on PostgreSQL in turn."""
    opened = open_bureau(tmp_path / "home", database_url, clock)
    yield opened
    opened.engine.dispose()


@pytest.fixture
def http(bureau: Bureau) -> FlaskClient:
    return create_app(bureau.settings, bureau.engine, bureau.clock).test_client()


@pytest.fixture
def any_http(any_bureau: Bureau) -> FlaskClient:
    application = create_app(any_bureau.settings, any_bureau.engine, any_bureau.clock)
    return application.test_client()


@pytest.fixture
def tablet(http: FlaskClient, bureau: Bureau) -> Device:
    """A device of 寻乌, enrolled on SQLite."""
    return Device.enrol(http, bureau)


@pytest.fixture
def any_tablet(any_http: FlaskClient, any_bureau: Bureau) -> Device:
    """A device of 寻乌, enrolled on SQLite and on PostgreSQL in turn."""
    return Device.enrol(any_http, any_bureau)
