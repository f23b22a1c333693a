"""Which receivers are connected, and the readings that come out of one."""

import os
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from typing import Any

from fieldkit.language import say
from fieldkit.receivers import gpsd
from fieldkit.receivers.errors import (
    ReceiverSilent,
    ReceiverSoftware,
    ReceiverUnreadable,
    trouble_of,
)
from fieldkit.receivers.freshness import Freshness, Told
from fieldkit.receivers.reading import Reading
from geo.errors import Message

VARIABLE = "FIELDKIT_RECEIVER"
"""Names one more serial port: a Bluetooth receiver's, or a simulator's."""
BAUDS = (9600, 4800, 38400, 115200)
"""NMEA 0183 says 4800; most receivers of today come set to 9600. USB ignores it."""
SILENT_AFTER_S = 3.0
_PATIENCE = 3
"""A receiver that was understood may be silent for so many times as long."""
_CONNECT_S = 0.2
_GPSD = "gpsd"
_SERIAL = "serial:"
_SIMULATED = Message(zh="模拟接收机", en="simulated receiver")

IsOver = Callable[[], bool]


@dataclass(frozen=True, slots=True)
class Source:
    """A receiver that is connected: ``kind`` is ``nmea`` or ``gpsd``."""

    id: str
    kind: str
    label: str

    def to_json(self) -> dict[str, str]:
        """Return the source as the field app is told."""
        return {"id": self.id, "kind": self.kind, "label": self.label}

    def readings(self, is_over: IsOver) -> Iterator[Told]:
        """Yield what the receiver says until ``is_over``, then end.

        Raises
        ------
        ReceiverTrouble
            It is gone, silent, unreadable, or its software is not installed.
        """
        if self.kind == _GPSD:
            return gpsd_readings(is_over)
        return serial_readings(self.id.removeprefix(_SERIAL), is_over)


def connected_sources() -> list[Source]:
    """Return the receivers that are connected to this machine, the named one first."""
    named = os.environ.get(VARIABLE)
    found = [serial_source(named)] if named and os.path.exists(named) else []
    found += [serial_source(path, label) for path, label in _serial_ports()]
    try:
        gpsd.connect(_CONNECT_S).close()
    except OSError:
        return found
    return [*found, Source(_GPSD, _GPSD, "gpsd")]


def serial_source(path: str, label: str | None = None) -> Source:
    """Return the source of a serial port."""
    if label is None:
        label = f"{say(_SIMULATED)} ({path})" if is_simulated(path) else path
    return Source(f"{_SERIAL}{path}", "nmea", label)


def is_simulated(path: str) -> bool:
    """Tell whether a program and no receiver writes to this port: a pseudo-terminal."""
    return os.path.realpath(path).startswith(("/dev/pts/", "/dev/ttyp"))


def serial_readings(
    path: str, is_over: IsOver, silent_after_s: float = SILENT_AFTER_S
) -> Iterator[Told]:
    """Yield the readings of an NMEA receiver; the speed is found by trying.

    Whatever comes from a pseudo-terminal is marked as mock.
    """
    try:
        import serial

        from fieldkit.receivers.nmea import NmeaReader
    except ImportError as error:
        raise ReceiverSoftware from error
    is_mock = is_simulated(path)
    try:
        with serial.Serial(
            path, BAUDS[0], timeout=gpsd.LOOK_EVERY_S, exclusive=True
        ) as port:
            reader, freshness = NmeaReader(), Freshness()
            for line in _sentences(port, path, reader, is_over, silent_after_s):
                told = freshness.judged(reader.take(line))
                if isinstance(told, Reading) and is_mock:
                    told = replace(told, is_mock=True)
                if told is not None:
                    yield told
    except OSError as error:  # pyserial's own are such
        raise trouble_of(error, path) from error


def _sentences(
    port: Any, path: str, reader: Any, is_over: IsOver, silent_after_s: float
) -> Iterator[bytes]:
    """Yield lines, at the next speed where those of this one cannot be read."""
    from fieldkit.receivers.nmea import BROKEN_IN_A_ROW

    untried, heard_s = list(BAUDS[1:]), time.monotonic()
    while not is_over():
        line = port.readline(256)
        heard_s = time.monotonic() if line else heard_s
        patience_s = silent_after_s * (_PATIENCE if reader.sentences else 1)
        is_silent = time.monotonic() - heard_s > patience_s
        is_broken = reader.broken_in_a_row >= BROKEN_IN_A_ROW
        if not (is_silent or is_broken):
            yield line
        elif untried and not reader.sentences:
            port.baudrate, heard_s = untried.pop(0), time.monotonic()
            reader.broken_in_a_row = 0
        else:
            raise ReceiverUnreadable(path) if is_broken else ReceiverSilent(path)


def gpsd_readings(
    is_over: IsOver, port: int = gpsd.PORT, silent_after_s: float = SILENT_AFTER_S
) -> Iterator[Told]:
    """Yield the readings of this machine's gpsd."""
    reader, freshness = gpsd.GpsdReader(), Freshness()
    try:
        with closing(gpsd.connect(SILENT_AFTER_S, port)) as connection:
            for line in gpsd.lines(connection, is_over, _PATIENCE * silent_after_s):
                told = freshness.judged(reader.take(line))
                if told is not None:
                    yield told
    except TimeoutError as error:
        raise ReceiverSilent(_GPSD) from error
    except OSError as error:
        raise trouble_of(error, _GPSD) from error


def _serial_ports() -> list[tuple[str, str]]:
    try:
        from serial.tools.list_ports import comports
    except ImportError:
        return []
    # A port on the mainboard was not plugged in, and nothing is known of it.
    ports = [port for port in comports() if port.vid is not None]
    return [(port.device, _label(port)) for port in sorted(ports)]


def _label(port: Any) -> str:
    told = port.description
    return port.device if told in (None, "", "n/a") else f"{told} ({port.device})"
