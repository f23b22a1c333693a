"""What the device's clock shows, and how far it is off by the server's word.

The boot clock measures what a person cannot set: after a contact with the
server, the true time is the server's plus the boot clock's progress, whatever
is done to the wall clock meanwhile (lesson 27: mapeo-core#55). Where it stands
still while the device sleeps, it only tells that a wall clock was set back; one
that ran ahead may have slept, and keeps the offset of the contact. So it is after
a restart; a wall clock that shows less than at the contact was set right since.
"""

import json
import time
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any, Protocol

from sync.clock import instant, instant_text, offset_ms

_SERVER_CLOCK = "server_clock"


@dataclass(frozen=True, slots=True)
class ClockReading:
    """One look at both clocks; ``now`` is aware, ``uptime_ms`` since boot."""

    now: datetime
    boot_id: str
    uptime_ms: int
    is_sleep_counted: bool = True


class Facts(Protocol):
    """Where small facts are kept (the outbox)."""

    def meta(self, key: str) -> str | None:
        """Return a fact."""

    def set_meta(self, key: str, value: str) -> None:
        """Keep a fact."""


def read_clock() -> ClockReading:
    """Return what the clocks show now."""
    clock_id = getattr(time, "CLOCK_BOOTTIME", None)
    uptime_s = time.monotonic() if clock_id is None else time.clock_gettime(clock_id)
    uptime_ms = int(uptime_s * 1000)
    return ClockReading(datetime.now(UTC), boot_id(), uptime_ms, clock_id is not None)


@cache
def boot_id() -> str:
    """Return what names this boot; elsewhere than Linux, its minute."""
    try:
        return Path("/proc/sys/kernel/random/boot_id").read_text("ascii").strip()
    except OSError:
        booted = datetime.now(UTC) - timedelta(seconds=time.monotonic())
        return booted.strftime("booted-%Y%m%dT%H%M")


def note_server_time(facts: Facts, server_time: str, reading: ClockReading) -> None:
    """Keep what the server's clock showed at this reading of ours."""
    note = asdict(reading) | {
        "now": instant_text(reading.now),
        "server_at": instant_text(instant(server_time)),
    }
    facts.set_meta(_SERVER_CLOCK, json.dumps(note))


def sealed_clock(facts: Facts, reading: ClockReading) -> dict[str, Any]:
    """Return the envelope's ``clock``; the offset is positive where we are ahead."""
    offset = _offset_ms(facts.meta(_SERVER_CLOCK), reading)
    return {
        "boot_id": reading.boot_id,
        "uptime_ms": reading.uptime_ms,
        "offset_ms": offset,
        "offset_source": None if offset is None else "server",
    }


def _offset_ms(noted: str | None, reading: ClockReading) -> int | None:
    if noted is None:
        return None
    note = json.loads(noted)
    shown_at, server_at = instant(note["now"]), instant(note["server_at"])
    is_same_boot = note["boot_id"] == reading.boot_id
    awake_ms = reading.uptime_ms - note["uptime_ms"] if is_same_boot else 0
    by_uptime = offset_ms(reading.now, server_at + timedelta(milliseconds=awake_ms))
    if is_same_boot and reading.is_sleep_counted:
        return by_uptime
    # Less than it showed then: it was set, and so set right, or at least so far back.
    otherwise = 0 if reading.now < shown_at else offset_ms(shown_at, server_at)
    return min(otherwise, by_uptime)
