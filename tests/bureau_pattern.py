"""What ``gi-server init`` leaves, made once and copied for each test."""

import shutil
from dataclasses import dataclass
from pathlib import Path

from bureau_rig import Clock, open_bureau
from sqlalchemy.engine import make_url

from server.bureau import Bureau
from server.database import open_engine
from server.keys import load_server_key
from server.settings import Settings


@dataclass(frozen=True)
class BureauPattern:
    """A home and its SQLite file, by the clock of every test, that nobody opens."""

    folder: Path

    @classmethod
    def make(cls, folder: Path) -> "BureauPattern":
        pattern = cls(folder)
        url = f"sqlite:///{pattern.database}"
        open_bureau(pattern.home, url, Clock()).engine.dispose()
        return pattern

    @property
    def home(self) -> Path:
        return self.folder / "home"

    @property
    def database(self) -> Path:
        return self.folder / "gi.sqlite3"

    def copy(self, home: Path, database_url: str, clock: Clock) -> Bureau:
        """Return a bureau on copies; a PostgreSQL database is one already."""
        shutil.copytree(self.home, home)
        settings = Settings(home=home, database_url=database_url, name="寻乌县局")
        url = make_url(database_url)
        if url.get_backend_name() == "sqlite":
            shutil.copy2(self.database, str(url.database))
        key = load_server_key(settings.keys_folder)
        return Bureau(settings, open_engine(database_url), key, clock)
