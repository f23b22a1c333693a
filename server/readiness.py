"""Whether a home was set up for this version of the software."""

from geo.errors import Message
from server import migrations
from server.database import open_engine
from server.errors import DatabaseNotReady
from server.keys import load_server_key
from server.settings import Settings


def require_initialised(settings: Settings) -> None:
    """Require a home that `initialise` has set up for this version.

    Raises
    ------
    KeyFault
        There is no key, or it is not kept safely.
    DatabaseNotReady
        The database has another schema than this software needs.
    """
    load_server_key(settings.keys_folder)
    engine = open_engine(settings.database_url)
    try:
        if not migrations.is_current(engine):
            raise DatabaseNotReady(
                "database-not-ready",
                Message(
                    zh="数据库尚未初始化或版本不符：请运行 gi-server init",
                    en="the database is not initialised for this version: "
                    "run gi-server init",
                ),
            )
    finally:
        engine.dispose()
