"""A server's worker in a process of its own, that pushes what it is given.

It is forked from a process that has imported the server, not from the tests'.
"""

import json
import os
import signal
from collections.abc import Sequence
from dataclasses import dataclass
from multiprocessing import get_context
from multiprocessing.connection import Connection
from typing import Any

from server import rows
from server.database import open_engine
from server.intake import Intake, Push
from server.keys import load_server_key
from server.settings import Settings


def killing_itself_at(write: int) -> None:
    """Kill this process, as a power cut would, before the given write of rows."""
    writes = 0
    for store in (rows.SqliteRows, rows.PostgresRows):
        for name in ("insert", "update"):
            original = getattr(store, name)

            def counted(*arguments: Any, _do: Any = original) -> None:
                nonlocal writes
                writes += 1
                if writes == write:
                    os.kill(os.getpid(), signal.SIGKILL)
                _do(*arguments)

            setattr(store, name, counted)


@dataclass(frozen=True)
class Task:
    """What a worker pushes; `kill_at` is the write at which it kills itself."""

    settings: Settings
    pushes: Sequence[Push]
    kill_at: int | None = None


def work(task: Task, link: Connection) -> None:
    """Say that all is ready, wait to be told to go, and send each push's reply."""
    settings = task.settings
    engine = open_engine(settings.database_url)
    intake = Intake(settings, engine, load_server_key(settings.keys_folder))
    if task.kill_at is not None:
        killing_itself_at(task.kill_at)
    link.send("ready")
    link.recv()
    for push in task.pushes:
        link.send(intake.push(push).to_json())
    engine.dispose()


class Worker:
    """A process that works on a task, waiting for `go`."""

    def __init__(self, task: Task) -> None:
        forked = get_context("forkserver")
        forked.set_forkserver_preload(["server.intake", "psycopg"])
        self._link, theirs = forked.Pipe()
        self.process = forked.Process(target=work, args=(task, theirs))
        self.process.start()
        theirs.close()
        assert self._link.recv() == "ready"

    def go(self) -> None:
        self._link.send("go")

    def reply(self) -> Any:
        """Wait for the reply to the next push."""
        return json.loads(self._link.recv())

    def replies(self) -> list[Any]:
        """Wait for its end; return what it replied until then."""
        found = []
        try:
            while True:
                found.append(self.reply())
        except (EOFError, ConnectionResetError):
            self.end()
            return found

    def end(self) -> None:
        self.process.join()
        self._link.close()
