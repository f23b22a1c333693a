"""From nothing to ready, again and again, and never backwards."""

from pathlib import Path

import pytest
import sqlalchemy as sa
from bureau_rig import Clock

from server.bureau import Bureau
from server.database import reading, writing
from server.errors import DatabaseNotReady, KeyFault
from server.initialising import initialise
from server.readiness import require_initialised
from server.settings import Settings
from server.tables import area, epoch, reference_manifest


def test_a_repeat_changes_nothing(any_bureau: Bureau, clock: Clock) -> None:
    def held() -> list[list[object]]:
        with reading(any_bureau.engine) as connection:
            tables = (epoch, area, reference_manifest)
            return [list(connection.execute(sa.select(table))) for table in tables]

    before = held()
    clock.forward(days=400)
    assert initialise(any_bureau.settings, clock) == any_bureau.key.thumbprint
    assert held() == before


def test_a_database_of_a_newer_version_is_left_alone(
    any_bureau: Bureau, clock: Clock
) -> None:
    with writing(any_bureau.engine) as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(DatabaseNotReady) as refusal:
        initialise(any_bureau.settings, clock)
    assert refusal.value.code == "database-newer"
    with pytest.raises(DatabaseNotReady):
        require_initialised(any_bureau.settings)


def test_the_database_is_closed_to_the_machines_other_accounts(
    tmp_path: Path, clock: Clock
) -> None:
    """Also in a folder that was made before, open as folders are."""
    home = tmp_path / "home"
    home.mkdir(mode=0o755)
    home.chmod(0o755)
    settings = Settings(home, f"sqlite:///{home / 'gi.sqlite3'}")
    initialise(settings, clock)
    database = home / "gi.sqlite3"
    assert [mode_of(home) & 0o007, mode_of(database) & 0o077] == [0, 0]
    database.chmod(0o644)
    initialise(settings, clock)
    assert mode_of(database) & 0o007 == 0


def mode_of(path: Path) -> int:
    return path.stat().st_mode


def test_a_key_that_others_can_read_stops_the_server(bureau: Bureau) -> None:
    (bureau.settings.keys_folder / "server.pem").chmod(0o644)
    with pytest.raises(KeyFault) as refusal:
        require_initialised(bureau.settings)
    assert refusal.value.code == "server-key-exposed"
