"""Schema changes, applied in order by ``gi-server init`` and never edited.

Every command asks whether the schema is current; Alembic, slow to import, is
needed only to change it.
"""

from importlib import resources
from typing import TYPE_CHECKING

import sqlalchemy as sa

if TYPE_CHECKING:
    from alembic.config import Config

_VERSIONS = resources.files(__name__).joinpath("versions")
_KEPT = sa.table("alembic_version", sa.column("version_num"))


def upgrade(engine: sa.Engine, revision: str = "head") -> None:
    """Bring the database to the newest schema; one that has it is left as it is."""
    from alembic import command

    with engine.connect() as connection, connection.begin():
        config = config_of()
        config.attributes["connection"] = connection
        command.upgrade(config, revision)


def is_current(engine: sa.Engine) -> bool:
    """Tell whether the database has exactly the schema this software needs."""
    with engine.connect() as connection, connection.begin():
        if not sa.inspect(connection).has_table(_KEPT.name):
            return False
        found = connection.scalars(sa.select(_KEPT.c.version_num)).all()
    return found == [newest()]


def newest() -> str:
    """Return the revision that this software needs: the last file's number."""
    names = (entry.name for entry in _VERSIONS.iterdir())
    return max(name[1:5] for name in names if name.startswith("v"))


def config_of() -> "Config":
    """Return where Alembic finds the changes."""
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(resources.files(__name__)))
    config.set_main_option("path_separator", "os")
    return config
