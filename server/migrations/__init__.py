"""Schema changes, applied in order by ``gi-server init`` and never edited."""

from importlib import resources

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory


def upgrade(engine: sa.Engine) -> None:
    """Bring the database to the newest schema; one that has it is left as it is."""
    with engine.connect() as connection, connection.begin():
        config = _config()
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def is_current(engine: sa.Engine) -> bool:
    """Tell whether the database has exactly the schema this software needs."""
    with engine.connect() as connection, connection.begin():
        found = MigrationContext.configure(connection).get_current_revision()
    return found == newest()


def newest() -> str | None:
    """Return the revision that this software needs."""
    return ScriptDirectory.from_config(_config()).get_current_head()


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(resources.files(__name__)))
    config.set_main_option("path_separator", "os")
    return config
