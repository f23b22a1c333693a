"""A bureau and a device that only their own commands touch, each in a process."""

import json
import os
import re
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any, Self

from server.bureau import Bureau
from server.database import open_engine
from server.enrolment import issue_code
from server.keys import load_server_key
from server.settings import Settings

GI_SERVER = (sys.executable, "-c", "from server.cli import main; main()")
FIELDKIT = (sys.executable, "-c", "from fieldkit.cli import main; main()")
OFFICERS = [{"name": "张三", "certificate_no": "B0701-0001"}]
PLAIN = {
    "FIELDKIT_PROTECTION": "key-file",
    "GI_LANG": "en",
    "PATH": "/usr/bin:/bin",
    "PYTHONUTF8": "1",
    "PYTHONWARNINGS": "error",
}


class Commanded:
    """Runs one program's commands, always in the same surroundings."""

    def __init__(self, program: tuple[str, ...], home: Path, **environ: str) -> None:
        self.program = program
        self.home = home
        self.environ = PLAIN | environ

    def run(self, *args: str, stdin: str = "") -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            [*self.program, *args],
            input=stdin,
            capture_output=True,
            text=True,
            encoding="utf-8",
            cwd=self.home.parent,
            env=self.environ,
            check=False,
        )

    def do(self, *args: str, stdin: str = "") -> str:
        """Run a command that must succeed; return its stdout."""
        done = self.run(*args, stdin=stdin)
        assert done.returncode == 0, (args, done.stderr)
        return done.stdout

    def ask(self, *args: str) -> Any:
        """Return the one JSON document that a command prints."""
        return json.loads(self.do(*args))


class CommandedBureau(Commanded):
    """A server's home; ``gi-server run`` serves it with two workers."""

    def __init__(self, home: Path, database_url: str | None = None) -> None:
        named = {} if database_url is None else {"GI_DATABASE_URL": database_url}
        super().__init__(GI_SERVER, home, GI_HOME=str(home), **named)
        self.port = 0
        self.scheme = "http"
        self.options: tuple[str, ...] = ()
        self._process: subprocess.Popen[str] | None = None

    def __enter__(self) -> Self:
        self.do("init")
        self.start()
        return self

    def __exit__(self, *_exc: object) -> None:
        self.kill()

    @property
    def url(self) -> str:
        return f"{self.scheme}://127.0.0.1:{self.port}"

    @property
    def process_id(self) -> int | None:
        """The id of ``gi-server run``, while it runs."""
        return None if self._process is None else self._process.pid

    def start(self) -> None:
        """Serve, on the port used before if there was one."""
        log = (self.home.parent / "server.log").open("a", encoding="utf-8")
        place = ("--port", str(self.port), "--workers", "2")
        with log:
            self._process = subprocess.Popen(
                [*self.program, "run", *place, *self.options],
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
                env=self.environ,
                start_new_session=True,
            )
        assert self._process.stdout is not None
        told = self._process.stdout.readline()
        address = re.search(r"(https?)://[^:]+:(\d+)", told)
        assert address is not None, Path(log.name).read_text("utf-8")
        self.scheme, self.port = address[1], int(address[2])

    def stop(self) -> None:
        """Let what is under way finish, and end."""
        process = self._process
        assert process is not None
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=60) == 0
        self._forget(process)

    def kill(self) -> None:
        """SIGKILL the server and all its workers, as a power cut would."""
        process = self._process
        if process is None:
            return
        os.killpg(process.pid, signal.SIGKILL)
        process.wait(timeout=60)
        self._forget(process)

    def _forget(self, process: "subprocess.Popen[str]") -> None:
        assert process.stdout is not None
        process.stdout.close()
        self._process = None

    def new_code(self, unit: str = "360734") -> str:
        """Issue a code as ``gi-server device code`` does, without a process for it."""
        settings = Settings.read(self.environ)
        engine = open_engine(settings.database_url)
        try:
            bureau = Bureau(settings, engine, load_server_key(settings.keys_folder))
            return issue_code(bureau, unit, OFFICERS).code
        finally:
            engine.dispose()

    def total(self, measure: str) -> int:
        """One figure of the whole tally."""
        return int(self.ask("tally", "--format", "json")["total"][measure])


class CommandedDevice(Commanded):
    """A device's home, handled as an inspector does."""

    def __init__(self, home: Path) -> None:
        super().__init__(FIELDKIT, home, FIELDKIT_HOME=str(home))

    def record(self, *photos: Path) -> str:
        """Record a violation in a shop; return its id."""
        body = {
            "observed_at": "2023-12-02T10:20:00+08:00",
            "site": {"premises_type": "shop", "fix": None, "no_fix_reason": "室内"},
            "goods": [{"id": "g1", "product": "gannan-navel-orange"}],
            "violations": [{"code": "TM-202", "goods": ["g1"], "primary": True}],
            "evidence": [{"path": str(photo)} for photo in photos],
        }
        done = self.do("record", "--from", "-", "--json", stdin=json.dumps(body))
        (made,) = json.loads(done)["records"]
        return str(made["id"])

    @property
    def listed(self) -> dict[str, dict[str, Any]]:
        """What ``fieldkit list`` says of each record, by id."""
        return {one["id"]: one for one in self.ask("list", "--json")["records"]}
