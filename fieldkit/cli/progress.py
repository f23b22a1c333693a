"""Showing how far a sync has come, on stderr, where somebody is looking."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from fieldkit.language import say
from fieldkit.runner.report import Stage
from geo.errors import Message

if TYPE_CHECKING:
    from fieldkit.link.transport import TransportError
    from fieldkit.runner.exchange import Progress, Volume

Pause = Callable[[float, "TransportError"], None]

STAGES = {
    Stage.REFERENCE: Message("参考数据", "reference"),
    Stage.RECORDS: Message("记录", "records"),
    Stage.STATUS: Message("后续状态", "status"),
    Stage.PHOTOS: Message("照片", "photographs"),
}
_WAITING = Message("{why}；{seconds:.0f} 秒后重试", "{why}; again in {seconds:.0f} s")


def note_pause(seconds: float, cause: "TransportError") -> None:
    """Say on stderr why there is a pause, and how long it is."""
    sys.stderr.write(f"{say(_WAITING, why=say(cause.message), seconds=seconds)}\n")


@contextmanager
def shown_progress() -> Iterator[tuple["Progress", Pause]]:
    """Draw a bar for each stage while the block runs; in a pipe, draw nothing."""
    if not sys.stderr.isatty():
        yield _unshown, note_pause
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn
    from rich.progress import Progress as Bars

    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[volume]}"),
    )
    console = Console(stderr=True)
    with Bars(*columns, console=console) as bars:
        tasks = {
            stage: bars.add_task(say(words), total=None, visible=False, volume="")
            for stage, words in STAGES.items()
        }

        def show(
            stage: Stage, done: int, total: int | None, volume: "Volume | None" = None
        ) -> None:
            bar, words = tasks[stage], _megabytes(volume)
            bars.update(bar, completed=done, total=total, visible=True, volume=words)

        yield show, note_pause


def _megabytes(volume: "Volume | None") -> str:
    if volume is None or volume.bytes_total == 0:
        return ""
    return f"{volume.bytes / 1e6:.1f} / {volume.bytes_total / 1e6:.1f} MB"


def _unshown(
    stage: Stage, done: int, total: int | None, volume: "Volume | None" = None
) -> None:
    """Show nothing: nobody is looking."""
