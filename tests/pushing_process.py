"""A server's worker in a process of its own, that pushes what a file says.

Run with the path of a JSON file: ``home``, ``database_url``, ``pushes`` (each
``device_id`` and ``records``), and optionally ``kill_at``: the number of the
write at which the process kills itself. Waits for a line on stdin, then prints
the reply to each push.
"""

import json
import os
import signal
import sys
from pathlib import Path
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


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def main(path: str) -> None:
    task = json.loads(Path(path).read_text("utf-8"))
    settings = Settings(home=Path(task["home"]), database_url=task["database_url"])
    engine = open_engine(settings.database_url)
    intake = Intake(settings, engine, load_server_key(settings.keys_folder))
    if task.get("kill_at"):
        killing_itself_at(task["kill_at"])
    _say("ready")
    sys.stdin.readline()
    for push in task["pushes"]:
        reply = intake.push(Push(push["device_id"], push["records"]))
        _say(reply.to_json().decode())
    engine.dispose()


if __name__ == "__main__":
    main(sys.argv[1])
