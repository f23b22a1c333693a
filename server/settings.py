"""The server's settings: environment first, then one TOML file, then defaults."""

import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any

from geo.errors import Message
from server.errors import SettingsFault

SETTINGS_FILE = "gi-server.toml"
PREFIX = "GI_"


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything that may differ from one server to another.

    Each field is set by ``GI_<FIELD>`` in the environment or by its name in
    ``GI_HOME/gi-server.toml``; the environment wins.

    Attributes
    ----------
    home : Path
        Holds keys, blobs and, by default, the database.
    database_url : str
        SQLAlchemy URL; SQLite in `home` when unset.
    name : str
        The bureau's name as devices show it.
    host, port : str, int
        Where ``gi-server run`` listens.
    public_url : str
        What enrolment codes point devices to; empty for host and port.
    tls : bool
        Whether ``run`` speaks TLS where it has a certificate; false behind a
        proxy that does.
    tls_cert, tls_key : str
        PEM files of a certificate and its key; empty for those that
        ``gi-server tls init`` made, if it did.
    trust_port : int
        Plain HTTP port of the page that tells how to trust the authority; 0
        for none.
    workers : int
        Processes of ``gi-server run``.
    threads : int
        Requests that one process serves at once; slow links hold one each.
    idle_seconds : int
        How long a connection may stay silent within a request.
    check_processes : int
        Further processes beside each that check signatures and schemas; 0 for none.
    code_minutes, token_minutes : int
        How long an enrolment code and a device's token are good for.
    convert_datum : bool
        Whether GCJ-02 and BD-09 positions are converted; if not, they are
        undetermined.
    """

    home: Path
    database_url: str
    name: str = "GI Fieldkit"
    host: str = "127.0.0.1"
    port: int = 8470
    public_url: str = ""
    tls: bool = True
    tls_cert: str = ""
    tls_key: str = ""
    trust_port: int = 0
    workers: int = 1
    threads: int = 16
    idle_seconds: int = 60
    check_processes: int = 1
    code_minutes: int = 15
    token_minutes: int = 60
    convert_datum: bool = True

    @property
    def keys_folder(self) -> Path:
        """Keys and revocations, to be backed up apart from the database."""
        return self.home / "keys"

    @property
    def blobs_folder(self) -> Path:
        """Photographs and their parts."""
        return self.home / "blobs"

    @property
    def thumbnails_folder(self) -> Path:
        """Small pictures of the photographs; they can be made again at any time."""
        return self.home / "thumbnails"

    @classmethod
    def read(cls, environ: Mapping[str, str] | None = None) -> "Settings":
        """Return the settings that the environment and the file give.

        Raises
        ------
        SettingsFault
            The file is not TOML, names an unknown setting, or a value does
            not fit its type.
        """
        environ = os.environ if environ is None else environ
        home = Path(environ.get("GI_HOME") or "gi-home").expanduser().resolve()
        values = _file_values(home / SETTINGS_FILE)
        for name in _NAMES:
            if environ.get(PREFIX + name.upper()):
                values[name] = environ[PREFIX + name.upper()]
        values["home"] = home
        values.setdefault("database_url", f"sqlite:///{home / 'gi.sqlite3'}")
        return cls(**{name: _typed(name, value) for name, value in values.items()})


_NAMES = tuple(field.name for field in fields(Settings))
_TYPES = {field.name: field.type for field in fields(Settings)}
_TRUTH = {"1": True, "true": True, "yes": True, "0": False, "false": False, "no": False}


def _file_values(path: Path) -> dict[str, Any]:
    try:
        values = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as fault:
        raise SettingsFault(
            "settings-unreadable",
            Message(
                zh=f"无法读取设置文件 {path}（{fault}）：请改正后重试",
                en=f"cannot read {path} ({fault}): put it right, then try again",
            ),
        ) from fault
    unknown = sorted(set(values) - set(_NAMES) | ({"home"} & set(values)))
    if unknown:
        raise SettingsFault(
            "settings-unknown",
            Message(
                zh=f"{path} 中有未知设置：{', '.join(unknown)}",
                en=f"{path} has unknown settings: {', '.join(unknown)}",
            ),
        )
    return values


def _typed(name: str, value: Any) -> Any:
    wanted = _TYPES[name]
    try:
        if wanted is bool and not isinstance(value, bool):
            return _TRUTH[str(value).strip().lower()]
        if wanted is int:
            return int(value)
        return value if wanted is Path else wanted(value)  # type: ignore[operator]
    except (KeyError, ValueError, TypeError) as fault:
        raise SettingsFault(
            "settings-value",
            Message(
                zh=f"设置 {PREFIX}{name.upper()} 的值无效：{value}",
                en=f"{PREFIX}{name.upper()} cannot be {value!r}",
            ),
        ) from fault


def with_place(
    settings: Settings,
    host: str | None = None,
    port: int | None = None,
    workers: int | None = None,
    **said: Any,
) -> Settings:
    """Return the settings with what the command line says instead, if anything."""
    said |= {"host": host, "port": port, "workers": workers}
    named = {name: value for name, value in said.items() if value is not None}
    return replace(settings, **named)
