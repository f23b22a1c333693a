"""Keeping the newest position of a receiver, while somebody asks for it."""

import threading
import time
from collections.abc import Callable
from typing import Any

from fieldkit.errors import FieldkitError
from fieldkit.receivers.errors import ReceiverUnknown
from fieldkit.receivers.freshness import Told
from fieldkit.receivers.sources import Source, connected_sources

UNASKED_S = 60.0
"""A receiver is let go of when nobody asked for so long."""


class ReceiverWatch:
    """Reads one receiver in a thread and keeps what it said last.

    ``cursor`` moves with every word of it.
    """

    def __init__(self, source: Source) -> None:
        self.source = source
        self._moved = threading.Condition()
        self._cursor = 0
        self._told: Told | FieldkitError | None = None
        self._asked_at = time.monotonic()
        self._is_over = False
        self._thread = threading.Thread(
            target=self._read, name=f"receiver-{source.kind}", daemon=True
        )
        self._thread.start()

    def is_spent(self, cursor: int) -> bool:
        """Tell whether it ended and ``cursor`` has heard its last word."""
        with self._moved:
            return self._cursor == cursor and not self._thread.is_alive()

    def after(
        self, cursor: int, wait_s: float
    ) -> tuple[int, Told | FieldkitError | None]:
        """Return what was said last once it is past ``cursor``, or after a while."""
        with self._moved:
            self._asked_at = time.monotonic()
            self._moved.wait_for(lambda: self._cursor != cursor, timeout=wait_s)
            self._asked_at = time.monotonic()
            return self._cursor, self._told

    def end(self) -> None:
        """Let go of the receiver, and wait until it is let go of."""
        self._is_over = True
        self._thread.join()

    def _read(self) -> None:
        try:
            for told in self.source.readings(self._is_unwanted):
                self._keep(told)
        except FieldkitError as trouble:
            self._keep(trouble)

    def _is_unwanted(self) -> bool:
        return self._is_over or time.monotonic() - self._asked_at > UNASKED_S

    def _keep(self, told: Told | FieldkitError) -> None:
        with self._moved:
            self._cursor += 1
            self._told = told
            self._moved.notify_all()


class Receivers:
    """The receivers of this machine, each read once however many pages ask.

    Parameters
    ----------
    sources : callable
        Finds those that are connected; only those are ever opened.
    """

    def __init__(self, sources: Callable[[], list[Source]] = connected_sources) -> None:
        self._sources = sources
        self._lock = threading.Lock()
        self._watches: dict[str, ReceiverWatch] = {}

    def sources(self) -> list[Source]:
        """Return the receivers that are connected."""
        return self._sources()

    def after(self, source_id: str, cursor: int, wait_s: float) -> dict[str, Any]:
        """Return ``{"cursor", "fix", "details", "trouble"}`` of what was said last.

        Raises
        ------
        ReceiverUnknown
            No such receiver is connected.
        """
        watch = self._watch(source_id, cursor)
        moved, told = watch.after(cursor, wait_s)
        found: dict[str, Any] = {"cursor": moved, "fix": None, "details": None}
        if told is None or isinstance(told, FieldkitError):
            return found | {"trouble": told}
        return found | {"fix": told.fix(), "details": told.details(), "trouble": None}

    def end(self) -> None:
        """Let go of every receiver."""
        with self._lock:
            watches, self._watches = list(self._watches.values()), {}
        for watch in watches:
            watch.end()

    def _watch(self, source_id: str, cursor: int) -> ReceiverWatch:
        with self._lock:
            watch = self._watches.get(source_id)
            # What ended in trouble is told first, then begun anew.
            if watch is None or watch.is_spent(cursor):
                watch = ReceiverWatch(self._source(source_id))
                self._watches[source_id] = watch
            return watch

    def _source(self, source_id: str) -> Source:
        for source in self._sources():
            if source.id == source_id:
                return source
        raise ReceiverUnknown(source_id)
