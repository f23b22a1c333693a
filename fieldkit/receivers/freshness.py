"""Telling a position of now from one that a receiver repeats, or never gives."""

import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from fieldkit.receivers.errors import NoFix, StaleFix
from fieldkit.receivers.reading import Reading

if TYPE_CHECKING:
    from datetime import datetime

STALE_AFTER_S = 5.0
"""So long may the satellites' time stand still; some receivers say each fix twice."""
UNFIXED_AFTER_S = 10.0
"""So long may a receiver talk of other things than its position."""

Told = Reading | NoFix | StaleFix


class Freshness:
    """Judges each word of one receiver by its own time and by ours.

    The laptop's date is not asked: it may be wrong. How long it is since is.
    """

    def __init__(self, now_s: Callable[[], float] = time.monotonic) -> None:
        self._now_s = now_s
        self._fixed_at: datetime | None = None
        self._moved_s = self._told_s = now_s()

    def judged(self, told: Reading | NoFix | None) -> Told | None:
        """Return what is to be told: the word itself, that it is old, or no fix.

        None is a line without a position: nothing, unless there were only such
        lines for too long.
        """
        now_s = self._now_s()
        if told is None:
            if now_s - self._told_s <= UNFIXED_AFTER_S:
                return None
            told = NoFix()
        self._told_s = now_s
        if isinstance(told, NoFix):
            return told
        if told.fixed_at is None or told.fixed_at != self._fixed_at:
            self._fixed_at, self._moved_s = told.fixed_at, now_s
        return StaleFix() if now_s - self._moved_s > STALE_AFTER_S else told
