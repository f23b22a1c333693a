"""A bureau for each test, on each of the two databases where SQL is at stake."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path

import pytest
from bureau_pattern import BureauPattern
from bureau_rig import Clock, Device, open_bureau
from flask.testing import FlaskClient
from sqlalchemy.engine import make_url

from server.app import create_app
from server.bureau import Bureau

PostgresCopy = Callable[[str], AbstractContextManager[str]]


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture(scope="session")
def bureau_pattern(tmp_path_factory: pytest.TempPathFactory) -> BureauPattern:
    """A bureau as ``gi-server init`` leaves it, to be copied."""
    return BureauPattern.make(tmp_path_factory.mktemp("pattern"))


@pytest.fixture(scope="session")
def postgres_pattern(
    postgres_copy: PostgresCopy, bureau_pattern: BureauPattern
) -> Iterator[str]:
    """The name of that bureau's database in PostgreSQL."""
    with postgres_copy("template0") as url:
        open_bureau(bureau_pattern.home, url, Clock()).engine.dispose()
        yield str(make_url(url).database)


@pytest.fixture
def postgres_bureau_url(
    postgres_copy: PostgresCopy, postgres_pattern: str
) -> Iterator[str]:
    """SQLAlchemy URL of a PostgreSQL database as ``gi-server init`` leaves it."""
    with postgres_copy(postgres_pattern) as url:
        yield url


@pytest.fixture
def bureau(
    bureau_pattern: BureauPattern, tmp_path: Path, sqlite_url: str, clock: Clock
) -> Iterator[Bureau]:
    """A bureau on SQLite."""
    opened = bureau_pattern.copy(tmp_path / "home", sqlite_url, clock)
    yield opened
    opened.engine.dispose()


@pytest.fixture(scope="module")
def shared_bureau(
    bureau_pattern: BureauPattern, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Bureau]:
    """A bureau on SQLite for the tests of a module that leave it as it is."""
    folder = tmp_path_factory.mktemp("bureau")
    url = f"sqlite:///{folder / 'gi.sqlite3'}"
    opened = bureau_pattern.copy(folder / "home", url, Clock())
    yield opened
    opened.engine.dispose()


@pytest.fixture(params=["sqlite", "postgresql"])
def any_bureau(
    bureau_pattern: BureauPattern,
    tmp_path: Path,
    clock: Clock,
    request: pytest.FixtureRequest,
) -> Iterator[Bureau]:
    """A bureau on SQLite and on PostgreSQL in turn."""
    fixture = "sqlite_url" if request.param == "sqlite" else "postgres_bureau_url"
    url = str(request.getfixturevalue(fixture))
    opened = bureau_pattern.copy(tmp_path / "home", url, clock)
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
