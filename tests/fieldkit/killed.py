"""Runs a command in children that kill themselves before their n-th I/O call.

A script: ``killed.py TEMPLATE WORK COMMAND…``. For n = 1, 2, … it copies the
device's home TEMPLATE to ``WORK/n`` and forks a child that runs ``fieldkit
COMMAND`` on it and sends itself SIGKILL just before the n-th call that reaches
the system. It ends with the first child that reaches its end, and prints how
many were killed. Nothing in the product knows of it: the interpreter reports
every call into C (`sys.setprofile`).
"""

import json
import os
import shutil
import signal
import sys
from pathlib import Path
from types import FrameType
from typing import Any

OURS = ("fieldkit.", "pathlib", "os", "shutil", "tempfile", "sqlite3")
REACH_THE_SYSTEM = {
    "chmod",
    "close",
    "commit",
    "connect",
    "execute",
    "executemany",
    "fsync",
    "link",
    "mkdir",
    "open",
    "remove",
    "rename",
    "replace",
    "rollback",
    "truncate",
    "unlink",
    "write",
}
MOST_CALLS = 2000


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


def run(home: Path, command: list[str]) -> int:
    """Run the command on a home and return its exit code."""
    os.environ["FIELDKIT_HOME"] = str(home)
    sys.argv = ["fieldkit", *command]
    try:
        main()
    except SystemExit as ended:
        return int(ended.code or 0)
    return 0


def is_killed(number: int, home: Path, command: list[str]) -> bool:
    """Run the command in a child; tell whether it died before its end."""
    child = os.fork()
    if child == 0:
        kill_before_call(number)
        os._exit(run(home, command))
    _, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL:
        return True
    assert status == 0, f"the command failed at call {number}: {status}"
    return False


if __name__ == "__main__":
    from fieldkit.cli import main

    template, work, *rest = sys.argv[1:]
    answer = os.dup(1)
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    # Once to its end, so that no child has to import or compile anything.
    shutil.copytree(template, Path(work) / "0")
    assert run(Path(work) / "0", rest) == 0
    for call in range(1, MOST_CALLS):
        place = Path(work) / str(call)
        shutil.copytree(template, place)
        if not is_killed(call, place, rest):
            os.write(answer, json.dumps({"killed": call - 1}).encode())
            break
    else:
        sys.exit("the command never ended")
