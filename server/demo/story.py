"""The demonstration: every step is a command that a bureau or an inspector gives."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import Progress

from server.demo.proxy import BadLink, Fault

PARALLEL_DEVICES = 3
_COMMAND_TIMEOUT_S = 120


class DemoFailed(Exception):
    """A command of the demonstration did not do what it says."""


@dataclass(frozen=True, slots=True)
class Stage:
    """Where a demonstration takes place, and where it tells what it does."""

    folder: Path
    console: Console

    @property
    def gi_home(self) -> Path:
        """Return the bureau's home."""
        return self.folder / "bureau"

    def device_home(self, unit_code: str) -> Path:
        """Return the home of a unit's device."""
        return self.folder / "devices" / unit_code

    def environment(self, unit_code: str | None = None) -> dict[str, str]:
        """Environment of a command, without any database of the caller's."""
        kept = {k: v for k, v in os.environ.items() if not k.startswith("GI_DATABASE")}
        kept["GI_HOME"] = str(self.gi_home)
        if unit_code is not None:
            kept["FIELDKIT_HOME"] = str(self.device_home(unit_code))
            # Nobody is there to choose a passphrase, and the data are invented.
            kept["FIELDKIT_PROTECTION"] = "key-file"
        return kept

    def say(self, zh: str, en: str) -> None:
        """Tell a step, Chinese first."""
        self.console.print(f"[bold]{zh}[/bold] {en}")


def program(name: str) -> str:
    """Path of a command that was installed with this environment."""
    beside = Path(sys.executable).with_name(name)
    found = str(beside) if beside.exists() else shutil.which(name)
    if found is None:
        raise DemoFailed(f"the command {name} is not installed beside {sys.executable}")
    return found


def run_command(
    stage: Stage,
    words: Sequence[str],
    *,
    unit_code: str | None = None,
    expect: Sequence[int] = (0,),
) -> str:
    """Give a command, and return what it printed to stdout.

    Raises
    ------
    DemoFailed
        With the command's own words, if it ends with another exit code.
    """
    done = subprocess.run(
        [program(words[0]), *words[1:]],
        env=stage.environment(unit_code),
        capture_output=True,
        text=True,
        timeout=_COMMAND_TIMEOUT_S,
        check=False,
    )
    if done.returncode not in expect:
        told = f"{done.stdout}{done.stderr}"
        raise DemoFailed(f"{' '.join(words)} ended with {done.returncode}\n{told}")
    return done.stdout


def show_command(stage: Stage, words: Sequence[str]) -> int:
    """Give a command whose output goes straight to the reader."""
    stage.console.print(f"\n[dim]$ {' '.join(words)}[/dim]")
    done = subprocess.run(
        [program(words[0]), *words[1:]], env=stage.environment(), check=False
    )
    return done.returncode


def for_each_unit(
    stage: Stage, title: str, units: Sequence[str], act: Callable[[str], None]
) -> None:
    """Do something on several devices at once, with a bar that tells how far."""
    with (
        Progress(console=stage.console, transient=True) as progress,
        ThreadPoolExecutor(PARALLEL_DEVICES) as pool,
    ):
        task = progress.add_task(title, total=len(units))
        for _ in pool.map(act, units):
            progress.advance(task)


def record_offline(stage: Stage, unit_code: str, bodies: Sequence[Any]) -> None:
    """Record a unit's observations on its device, without any link."""
    file = stage.device_home(unit_code) / "observations.jsonl"
    file.write_text(
        "".join(json.dumps(body, ensure_ascii=False) + "\n" for body in bodies),
        encoding="utf-8",
    )
    run_command(stage, ["fieldkit", "record", "--from", str(file)], unit_code=unit_code)
    file.unlink()


def sync(stage: Stage, unit_code: str, *, expect: Sequence[int] = (0,)) -> None:
    """Sync a unit's device once."""
    run_command(
        stage, ["fieldkit", "sync", "--json"], unit_code=unit_code, expect=expect
    )


def counts(stage: Stage, unit_code: str) -> dict[str, int]:
    """How many records a device holds in each state."""
    answer = run_command(stage, ["fieldkit", "status", "--json"], unit_code=unit_code)
    found: dict[str, int] = json.loads(answer)["counts"]
    return found


def lose_a_reply_and_cut_an_upload(link: BadLink) -> None:
    """Have the link fail twice: after a commit, and within a photograph."""
    link.faults.append(Fault("POST /api/v1/records", lose_reply=True))
    link.faults.append(Fault("PUT /api/v1/blobs/", cut_after_bytes=30_000))
