"""The bureau that a command works on, and how it shows that it is at work."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID

    from server.bureau import Bureau


def open_bureau() -> "Bureau":
    """Return the bureau that the environment names, set up for this version.

    Raises
    ------
    SettingsFault, KeyFault, DatabaseNotReady
        ``gi-server init`` was not run, or not for this version.
    """
    from server.bureau import Bureau
    from server.database import open_engine
    from server.keys import load_server_key
    from server.readiness import require_initialised
    from server.settings import Settings

    settings = Settings.read()
    require_initialised(settings)
    return Bureau(
        settings,
        open_engine(settings.database_url),
        load_server_key(settings.keys_folder),
    )


class Told:
    """A progress bar on stderr that is told how far each named step is."""

    def __init__(self, progress: "Progress") -> None:
        self._progress = progress
        self._tasks: dict[str, TaskID] = {}

    def __call__(self, step: str, done: int, total: int | None = None) -> None:
        """Show that `done` of `total` (None: nobody knows) of a step are done."""
        if step not in self._tasks:
            self._tasks[step] = self._progress.add_task(step, total=total)
        task = self._tasks[step]
        self._progress.update(task, completed=done, total=total)


@contextmanager
def progress() -> Iterator[Told]:
    """Show progress on stderr while inside; nothing where nobody watches."""
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        TextColumn,
        TimeElapsedColumn,
    )

    console = Console(stderr=True)
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=console, disable=not console.is_terminal) as bar:
        yield Told(bar)
