"""``fieldkit app`` in a process of its own, as an inspector starts it."""

import json
import signal
import subprocess
from pathlib import Path
from typing import Self

from journeys.commanded import FIELDKIT, CommandedDevice


class LocalApp(CommandedDevice):
    """The field app of a device's home; ``entrance`` is good once."""

    def __init__(self, home: Path, **environ: str) -> None:
        super().__init__(home)
        self.environ |= environ
        self.entrance = ""
        self._process: subprocess.Popen[str] | None = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def start(self) -> None:
        """Start the program, as after a crash."""
        log = self.home.parent / "fieldkit-app.log"
        with log.open("a", encoding="utf-8") as errors:
            self._process = subprocess.Popen(
                [*FIELDKIT, "app", "--no-browser", "--json"],
                stdout=subprocess.PIPE,
                stderr=errors,
                text=True,
                env=self.environ,
            )
        assert self._process.stdout is not None
        told = "".join(iter(self._process.stdout.readline, "}\n"))
        assert told, log.read_text("utf-8")
        self.entrance = str(json.loads(told + "}")["url"])

    def kill(self) -> None:
        """End it with SIGKILL, as a flat battery does."""
        process, self._process = self._process, None
        assert process is not None
        assert process.stdout is not None
        process.kill()
        process.wait()
        process.stdout.close()

    def __exit__(self, *_exc: object) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        assert process.stdout is not None
        process.send_signal(signal.SIGTERM)
        try:
            assert process.wait(timeout=60) == 0
        finally:
            process.kill()
            process.stdout.close()

    @property
    def url(self) -> str:
        return self.entrance.partition("/enter")[0]
