"""The real application, served on a real loopback port, with a clock that is set."""

import threading
from pathlib import Path
from typing import Any, Self

import sqlalchemy as sa
from bureau_rig import Clock, new_code, open_bureau
from werkzeug.serving import WSGIRequestHandler, make_server

from server.app import create_app
from server.tables import blob, device, observation, record


class _Quiet(WSGIRequestHandler):
    """Write no line for each request: the application logs them itself."""

    def log(self, type: str, message: str, *args: object) -> None:
        """Say nothing."""


class ServedBureau:
    """A bureau's server on ``127.0.0.1``; stops and starts on the same home."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.clock = Clock()
        self.database = home / "gi.sqlite3"
        self.port = 0

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_exc: object) -> None:
        self.stop()

    def start(self) -> None:
        """Serve, on the port used before if there was one."""
        self.home.mkdir(exist_ok=True)
        url = f"sqlite:///{self.database}"
        self.bureau = open_bureau(self.home, url, self.clock)
        app = create_app(self.bureau.settings, self.bureau.engine, self.clock)
        self._server = make_server(
            "127.0.0.1", self.port, app, threaded=True, request_handler=_Quiet
        )
        self.port = self._server.port
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Stop serving and let go of the database."""
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()
        self.bureau.engine.dispose()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def new_code(self) -> str:
        return new_code(self.bureau)

    # What the bureau holds

    def rows(self, table: sa.Table, *columns: str) -> list[tuple[Any, ...]]:
        wanted = [table.c[name] for name in columns]
        with self.bureau.engine.connect() as connection:
            return [tuple(row) for row in connection.execute(sa.select(*wanted))]

    @property
    def held(self) -> list[str]:
        """The ids of the records held, in the order they came."""
        return [row[1] for row in sorted(self.rows(record, "position", "id"))]

    @property
    def counted(self) -> set[str]:
        """The ids of the observations that count."""
        found = self.rows(observation, "id", "counts")
        return {row[0] for row in found if row[1]}

    @property
    def photos(self) -> set[str]:
        """The hashes of the photographs that are complete."""
        found = self.rows(blob, "sha256", "completed_at")
        return {row[0] for row in found if row[1] is not None}

    @property
    def devices(self) -> list[str]:
        """The ids of the devices enrolled."""
        return [row[0] for row in self.rows(device, "id")]
