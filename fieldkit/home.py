"""The device's folder: where everything that it holds lies.

``FIELDKIT_HOME`` names it; unset, it is the user's data folder. Only the user
can read it (0700).
"""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from fieldkit.disk import no_room_in_words
from fieldkit.errors import HomeUnusable
from geo.errors import Message


@dataclass(frozen=True, slots=True)
class Home:
    """The paths under one device's folder."""

    path: Path

    @property
    def outbox_path(self) -> Path:
        """The outbox database; copies made before migrations lie beside it."""
        return self.path / "outbox.sqlite3"

    @property
    def keys_path(self) -> Path:
        """The folder of the device's private key."""
        return self.path / "keys"

    @property
    def photos_path(self) -> Path:
        """The folder of photographs, by the SHA-256 of their bytes."""
        return self.path / "photos"

    @property
    def authority_path(self) -> Path:
        """The TLS authority that vouches for the server, where it is the bureau's."""
        return self.path / "authority.crt"

    @property
    def sync_lock_path(self) -> Path:
        """Held while a sync runs."""
        return self.path / "sync.lock"


def home_path(environ: Mapping[str, str] = os.environ) -> Path:
    """Return the folder that the environment names, absolute."""
    named = environ.get("FIELDKIT_HOME")
    if named:
        return Path(named).expanduser().absolute()
    if os.name == "nt":
        data = environ.get("LOCALAPPDATA") or str(Path.home() / "AppData" / "Local")
    else:
        data = environ.get("XDG_DATA_HOME") or str(Path.home() / ".local" / "share")
    return Path(data).absolute() / "gi-fieldkit"


def open_home(path: Path | None = None) -> Home:
    """Return the device's folder, made and closed to others where it was not.

    Raises
    ------
    HomeUnusable
        It cannot be created, or is not a folder.
    DiskFull
        There is no room to create it.
    """
    home = Home(path or home_path())
    try:
        with no_room_in_words(str(home.path)):
            for folder in (home.path, home.keys_path, home.photos_path):
                folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            if home.path.stat().st_mode & 0o077:
                home.path.chmod(0o700)
    except OSError as error:
        raise HomeUnusable(
            Message(
                zh=f"无法使用设备文件夹 {home.path}：{error.strerror}。"
                "请检查 FIELDKIT_HOME。",
                en=f"The device's folder {home.path} cannot be used: "
                f"{error.strerror}. Check FIELDKIT_HOME.",
            )
        ) from error
    return home
