"""From an empty folder to a server that can take records, and to a newer version."""

from collections.abc import Callable
from datetime import datetime

import sqlalchemy as sa

from geo.errors import Message
from server import migrations
from server.bureau import Bureau, utc_now
from server.database import make_own_database, open_engine, writing
from server.devices import apply_kept_revocations
from server.durable_files import close_to_others, make_folder
from server.epochs import ensure_epoch
from server.errors import DatabaseNotReady
from server.keys import require_server_key
from server.publishing import install_default_area, publish
from server.settings import Settings


def initialise(settings: Settings, clock: Callable[[], datetime] = utc_now) -> str:
    """Set up or upgrade a home; return the thumbprint of the server's key.

    Safe to repeat: what is there stays, closed to the machine's other accounts;
    the database is brought to the newest schema, and reference data that changed
    with the software is published.

    Raises
    ------
    DatabaseNotReady
        ``database-newer``: a newer version of this software made the database.
    KeyFault
        The key that is there cannot be used.
    """
    make_folder(settings.home)
    make_folder(settings.blobs_folder)
    close_to_others(settings.home)
    make_own_database(settings.database_url)
    key = require_server_key(settings.keys_folder)
    engine = open_engine(settings.database_url)
    bureau = Bureau(settings, engine, key, clock)
    try:
        _upgrade(engine)
        with writing(engine) as connection:
            now = clock()
            ensure_epoch(connection, now)
            install_default_area(connection, now)
            publish(connection, key, now)
        apply_kept_revocations(bureau)
    finally:
        engine.dispose()
    return key.thumbprint


def _upgrade(engine: sa.Engine) -> None:
    # Only here: whoever asks whether a home is ready does not wait for Alembic.
    from alembic.util.exc import CommandError

    try:
        migrations.upgrade(engine)
    except CommandError as fault:
        raise DatabaseNotReady(
            "database-newer",
            Message(
                zh="数据库由更新的版本建立：请先升级本程序",
                en="the database is of a newer version: upgrade this program first",
            ),
        ) from fault
