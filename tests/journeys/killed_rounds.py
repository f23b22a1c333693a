"""Runs a command over and over, killing each run before a later I/O call.

A script: ``killed_rounds.py HOME FIRST STRIDE COMMAND…``. It forks a child that
runs ``fieldkit COMMAND`` and sends itself SIGKILL just before the n-th call
that reaches the disk or the network; n begins at FIRST and grows by STRIDE,
until a run lives to its end. Before each ``sync`` it seals one observation
with a photograph; every second killed one is followed by a whole one, so that
both a fresh and a resumed sync are killed. It prints the ids sealed and how
many runs were killed.
Nothing in the product knows of it: the interpreter reports every call into C
(`sys.setprofile`).
"""

import json
import os
import signal
import sys
from pathlib import Path
from types import FrameType
from typing import Any

OURS = ("fieldkit.", "httpcore2.", "socket")
REACH_THE_SYSTEM = {"connect", "execute", "executemany", "recv", "replace", "sendall"}
MOST_CALLS = 3000


def kill_before_call(number: int) -> None:
    """Let this process die just before the call of that number."""
    count = 0

    def watch(frame: FrameType, event: str, called: Any) -> None:
        nonlocal count
        if event != "c_call" or called.__name__ not in REACH_THE_SYSTEM:
            return
        if frame.f_globals.get("__name__", "").startswith(OURS):
            count += 1
            if count == number:
                os.kill(os.getpid(), signal.SIGKILL)

    sys.setprofile(watch)


def in_child(run: Any) -> int:
    """Run in a forked child; return its exit status, negative for a signal."""
    child = os.fork()
    if child == 0:
        try:
            run()
        except SystemExit as ended:
            sys.setprofile(None)
            os._exit(int(ended.code or 0))
        os._exit(0)
    _, status = os.waitpid(child, 0)
    return os.waitstatus_to_exitcode(status)


def run(command: list[str]) -> None:
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    sys.argv = ["fieldkit", *command]
    main()


def run_killed_at(number: int, command: list[str]) -> None:
    kill_before_call(number)
    run(command)


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).parents[1]))
    # Read before the fork, once for all: a client reads the most when it is made.
    import httpx2
    from journeys.field_device import FieldDevice

    import fieldkit.enrolment
    import fieldkit.link.http
    import fieldkit.online
    import fieldkit.runner.run  # noqa: F401
    from fieldkit.cli import build, main

    build()
    httpx2.Client().close()

    home, first, stride, *command = sys.argv[1:]
    os.environ["FIELDKIT_HOME"] = home
    sealed: list[str] = []
    killed = 0
    for call in range(int(first), MOST_CALLS, int(stride)):
        if command == ["sync"]:
            device = FieldDevice(Path(home), None)  # type: ignore[arg-type]
            sealed.append(device.record(f"photograph {call}".encode()))
        status = in_child(lambda: run_killed_at(call, command))  # noqa: B023
        if status == 0:
            break
        assert status == -signal.SIGKILL, f"failed at call {call}: {status}"
        killed += 1
        if command == ["sync"] and killed % 2:
            assert in_child(lambda: run(command)) == 0
    else:
        sys.exit("the command never ended")
    print(json.dumps({"sealed": sealed, "killed": killed}))  # noqa: T201
