"""The sync that a page asked for: it goes on whatever becomes of the page."""

import logging
import threading
from typing import Any, Protocol

from fieldkit.errors import FieldkitError
from fieldkit.home import Home
from fieldkit.link.transport import TransportError
from fieldkit.local.problems import fault_document, problem_of
from fieldkit.runner.exchange import Progress, Volume
from fieldkit.runner.report import Stage, SyncReport, words
from geo.errors import GeoError, Message
from schemas.errors import SchemaError
from sync.errors import ProtocolError

_PROGRESS = ("stage", "done", "total", *Volume._fields)


class SyncOnce(Protocol):
    """How one sync is run."""

    def __call__(
        self,
        home: Home,
        progress: Progress,
        on_pause: Any,
        *,
        again: bool = False,
    ) -> SyncReport:
        """Sync and return the account; raises what `sync_online` does."""


class SyncJob:
    """One sync at a time, in a thread, watched by a cursor.

    ``run`` numbers the syncs of this program; ``cursor`` moves with each step.
    """

    def __init__(self, home: Home, sync_once: SyncOnce) -> None:
        self._home, self._sync_once = home, sync_once
        self._moved = threading.Condition()
        self._cursor = 0
        self._state: dict[str, Any] = {"run": 0, "is_running": False}
        self._troubles: list[dict[str, Any]] = []

    def cursor(self) -> int:
        """Return the cursor as it stands."""
        with self._moved:
            return self._cursor

    @property
    def is_running(self) -> bool:
        """Whether a sync is under way here."""
        with self._moved:
            return bool(self._state["is_running"])

    @property
    def progress(self) -> dict[str, Any] | None:
        """How far the sync has come that is under way here."""
        with self._moved:
            if not self._state["is_running"] or self._state["stage"] is None:
                return None
            return {name: self._state[name] for name in _PROGRESS}

    @property
    def troubles(self) -> list[dict[str, Any]]:
        """What the last sync that went to its end could not send or fetch, and why."""
        with self._moved:
            return list(self._troubles)

    def start(self, *, again: bool) -> dict[str, Any]:
        """Start a sync, or join the one under way; return its state."""
        with self._moved:
            is_joined = bool(self._state["is_running"])
            if not is_joined:
                run = self._state["run"] + 1
                self._state = _begun(run)
                self._cursor += 1
                # A daemon: what was acknowledged is durable, however it ends.
                threading.Thread(
                    target=self._run, args=(again,), name=f"sync-{run}", daemon=True
                ).start()
            return self._told() | {"is_joined": is_joined}

    def after(self, cursor: int, wait_s: float) -> dict[str, Any]:
        """Return the state once it is past ``cursor``, or after ``wait_s`` at most."""
        with self._moved:
            self._moved.wait_for(lambda: self._cursor != cursor, timeout=wait_s)
            return self._told()

    def _run(self, again: bool) -> None:
        ended: dict[str, Any] = {"is_running": False, "pause": None}
        try:
            report = self._sync_once(
                self._home, self._progress, self._pause, again=again
            )
            ended["report"] = report.to_json() | {"exit_code": int(report.exit_code)}
            if report.stopped is None:
                self._troubles = [t.to_json() for t in report.troubles if t.is_unsent]
        except (FieldkitError, GeoError, SchemaError, ProtocolError) as error:
            ended["problem"] = problem_of(error)
        except Exception as error:
            # The outermost loop of this thread: a page waits for the answer.
            logging.getLogger(__name__).exception("sync failed", exc_info=error)
            ended["problem"] = fault_document()
        self._move(**ended)

    def _progress(
        self, stage: Stage, done: int, total: int | None, volume: Volume | None = None
    ) -> None:
        sizes = dict.fromkeys(Volume._fields) if volume is None else volume._asdict()
        self._move(stage=str(stage), done=done, total=total, pause=None, **sizes)

    def _pause(self, seconds: float, cause: TransportError) -> None:
        message: Message = cause.message
        self._move(pause={"seconds": seconds, "reason": words(message)})

    def _move(self, **changed: Any) -> None:
        with self._moved:
            self._state = self._state | changed
            self._cursor += 1
            self._moved.notify_all()

    def _told(self) -> dict[str, Any]:
        return {"cursor": self._cursor, **self._state}


def _begun(run: int) -> dict[str, Any]:
    return {
        "run": run,
        "is_running": True,
        "stage": None,
        "done": 0,
        "total": None,
        "bytes": None,
        "bytes_total": None,
        "pause": None,
        "report": None,
        "problem": None,
    }
