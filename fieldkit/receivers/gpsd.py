"""gpsd's reports into readings (its JSON over TCP, ``gpsd_json(5)``).

A report names its class: ``TPV`` has the position, ``SKY`` the geometry,
``GST`` the errors as 1 sigma. ``eph`` in ``TPV`` comes with its certainty
unsaid: it is taken as the 68 % radius, and what is made of it as estimated.
"""

import json
import socket
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

from fieldkit.receivers.errors import NoFix
from fieldkit.receivers.reading import (
    R95_PER_R68,
    Reading,
    hdop_basis,
    radius95_of_hdop,
    radius95_of_sigmas,
)

PORT = 2947
WATCH = b'?WATCH={"enable":true,"json":true};\n'
MAX_LINE_BYTES = 64 * 1024
LOOK_EVERY_S = 0.5
_SIMULATED = 8


class GpsdReader:
    """Takes gpsd's lines and gives a reading at each position report."""

    def __init__(self) -> None:
        self._sky: dict[str, Any] = {}
        self._gst: dict[str, Any] = {}

    def take(self, line: bytes) -> Reading | NoFix | None:
        """Return what the line says of where we are, None if nothing."""
        try:
            report = json.loads(line)
        except ValueError:
            return None
        if not isinstance(report, dict):
            return None
        if report.get("class") == "SKY":
            # Some reports carry the satellites alone, without the geometry.
            self._sky = self._sky | report
        elif report.get("class") == "GST":
            self._gst = report
        elif report.get("class") == "TPV":
            return self._reading(report)
        return None

    def _reading(self, report: dict[str, Any]) -> Reading | NoFix:
        mode = report.get("mode")
        lon, lat = _number(report.get("lon")), _number(report.get("lat"))
        if mode not in (2, 3) or lon is None or lat is None:
            return NoFix()
        if abs(lon) > 180 or abs(lat) > 90:
            return NoFix()
        own = self._own_radius(report)
        guessed, basis = self._guessed_radius(report)
        satellites = self._sky.get("uSat")
        return Reading(
            lon,
            lat,
            guessed if own is None else own,
            basis if own is None else "gpsd GST, 1 sigma x 2.45",
            is_estimated=own is None,
            dimension=mode,
            satellites=satellites if isinstance(satellites, int) else None,
            fixed_at=_instant(report.get("time")),
            is_mock=report.get("status") == _SIMULATED,
        )

    def _own_radius(self, report: dict[str, Any]) -> float | None:
        """Return the receiver's own word on its error, if it is of this moment."""
        if self._gst.get("time") != report.get("time"):
            return None
        return radius95_of_sigmas(
            _number(self._gst.get("lat")), _number(self._gst.get("lon"))
        )

    def _guessed_radius(self, report: dict[str, Any]) -> tuple[float | None, str]:
        eph = _number(report.get("eph"))
        if eph is not None and eph > 0:
            return eph * R95_PER_R68, f"gpsd eph {eph:g} m, as 68 %"
        hdop = _number(self._sky.get("hdop"))
        return radius95_of_hdop(hdop), hdop_basis("gpsd", hdop)


def connect(timeout_s: float, port: int = PORT) -> socket.socket:
    """Return a connection to this machine's gpsd; OSError if there is none."""
    return socket.create_connection(("127.0.0.1", port), timeout=timeout_s)


def lines(
    connection: socket.socket, is_over: Callable[[], bool], silent_after_s: float
) -> Iterator[bytes]:
    """Ask gpsd for its reports and yield them until ``is_over``.

    Raises
    ------
    TimeoutError
        Nothing came for so long.
    ConnectionError
        gpsd hung up, or sends what has no end.
    """
    connection.sendall(WATCH)
    connection.settimeout(LOOK_EVERY_S)
    kept, quiet_since = b"", time.monotonic()
    while not is_over():
        try:
            more = connection.recv(4096)
        except TimeoutError:
            if time.monotonic() - quiet_since > silent_after_s:
                raise
            continue
        if not more or len(kept) > MAX_LINE_BYTES:
            raise ConnectionError("EOF")
        quiet_since = time.monotonic()
        *whole, kept = (kept + more).split(b"\n")
        yield from whole


def _number(value: Any) -> float | None:
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return float(value) if is_number else None


def _instant(text: Any) -> datetime | None:
    if not isinstance(text, str):
        return None
    try:
        return datetime.fromisoformat(text).astimezone(UTC)
    except ValueError:
        return None
