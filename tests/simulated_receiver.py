"""A receiver that is none: NMEA 0183 through a pseudo-terminal, said as one says it."""

import os
import threading
import tty
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Self

BEGINNING = datetime(2023, 12, 2, 2, 20, tzinfo=UTC)


def sentence(words: str) -> bytes:
    """Return a sentence with its checksum and line end."""
    checksum = 0
    for character in words.encode("ascii"):
        checksum ^= character
    return f"${words}*{checksum:02X}\r\n".encode("ascii")


def moment(
    at: datetime,
    lat_deg: float = 24.9633,
    lon_deg: float = 115.6512,
    *,
    hdop: float | None = 0.9,
    sigma_m: float | None = None,
    quality: int = 1,
    mode: str = "A",
) -> list[bytes]:
    """Return what a receiver says of one moment: RMC, GGA, and GST if it has one."""
    clock, place = f"{at:%H%M%S}.00", f"{_angle(lat_deg, 2)},N,{_angle(lon_deg, 3)},E"
    status = "V" if quality == 0 else "A"
    place = ",,," if quality == 0 else place
    said = [
        f"GNRMC,{clock},{status},{place},0.0,,{at:%d%m%y},,,{mode}",
        f"GNGGA,{clock},{place},{quality},08,{hdop or ''},210.0,M,-5.0,M,,",
    ]
    if sigma_m is not None:
        said.append(f"GNGST,{clock},2.0,,,,{sigma_m},{sigma_m},5.0")
    return [sentence(words) for words in said]


def _angle(degrees: float, digits: int) -> str:
    whole = int(degrees)
    return f"{whole:0{digits}d}{(degrees - whole) * 60:08.5f}"


class SimulatedReceiver:
    """Writes to a pseudo-terminal; ``path`` is the port that a program opens."""

    def __enter__(self) -> Self:
        self._receiver, self._port = os.openpty()
        tty.setraw(self._port)
        os.set_blocking(self._receiver, False)
        self.path = os.ttyname(self._port)
        self._is_over = threading.Event()
        self._thread: threading.Thread | None = None
        return self

    def __exit__(self, *_exc: object) -> None:
        if self._receiver is not None:
            self.unplug()

    def go_on(self, said: Callable[[datetime], list[bytes]] = moment) -> None:
        """Say a moment after the other until unplugged, each a second later."""
        self._thread = threading.Thread(target=self._go_on, args=(said,))
        self._thread.start()

    def unplug(self) -> None:
        """Pull it out of the machine."""
        self._is_over.set()
        if self._thread is not None:
            self._thread.join()
        assert self._receiver is not None
        os.close(self._receiver)
        os.close(self._port)
        self._receiver = None

    def _go_on(self, said: Callable[[datetime], list[bytes]]) -> None:
        assert self._receiver is not None
        at = BEGINNING
        while not self._is_over.wait(0.05):
            # What nobody reads is lost, as on a wire.
            with suppress(BlockingIOError):
                os.write(self._receiver, b"".join(said(at)))
            at += timedelta(seconds=1)
