"""NMEA 0183: sentences into readings, one a moment.

A receiver says each moment in several sentences (RMC, GGA, GST, GSA) of one
time; the moment is over when another time begins, or when it is said again. What
fails its checksum or cannot be read is passed over and counted.
"""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from typing import Any

import pynmea2

from fieldkit.receivers.errors import NoFix
from fieldkit.receivers.reading import (
    Reading,
    hdop_basis,
    radius95_of_hdop,
    radius95_of_sigmas,
)

BROKEN_IN_A_ROW = 25
"""So many lines that are no sentences in a row are not NMEA 0183 at all."""
_MOST_CHARS = 256
_NO_FIX, _DEAD_RECKONING, _MANUAL, _SIMULATED = 0, 6, 7, 8
_MADE_UP = (_MANUAL, _SIMULATED)


@dataclass
class _Moment:
    at: time | None = None
    day: date | None = None
    lon_deg: float | None = None
    lat_deg: float | None = None
    quality: int | None = None
    mode: str | None = None
    dimension: int | None = None
    satellites: int | None = None
    hdop: float | None = None
    radius95_m: float | None = None
    is_void: bool = False
    said: set[str] = field(default_factory=set)


class NmeaReader:
    """Takes a receiver's lines and gives a reading at the end of each moment."""

    def __init__(self) -> None:
        self._moment = _Moment()
        self._last: datetime | None = None
        self.broken_in_a_row = 0
        self.sentences = 0

    def take(self, line: bytes) -> Reading | NoFix | None:
        """Return what the moment before was, if this line begins another one."""
        sentence = self._parsed(line)
        if sentence is None:
            return None
        told = None
        at = _attribute(sentence, "timestamp")
        if isinstance(at, time):
            is_again = sentence.sentence_type in self._moment.said
            if self._moment.at is not None and (at != self._moment.at or is_again):
                told = self.end()
            self._moment.at = at
            self._moment.said.add(sentence.sentence_type)
        self._note(sentence)
        return told

    def end(self) -> Reading | NoFix | None:
        """Return what the moment under way was, None if nothing was said of it."""
        moment, self._moment = self._moment, _Moment()
        if moment.at is None and moment.quality is None and not moment.is_void:
            return None
        is_lost = moment.is_void or moment.quality == _NO_FIX or moment.dimension == 1
        if is_lost or moment.lon_deg is None or moment.lat_deg is None:
            return NoFix() if is_lost else None
        return self._reading(moment, moment.lon_deg, moment.lat_deg)

    def _parsed(self, line: bytes) -> Any:
        if not line.strip():
            return None
        try:
            text = line[:_MOST_CHARS].decode("ascii").strip()
            sentence = pynmea2.parse(text, check=True)
        except (ValueError, pynmea2.ParseError):
            self.broken_in_a_row += 1
            return None
        self.broken_in_a_row = 0
        self.sentences += 1
        return sentence

    def _note(self, sentence: Any) -> None:
        note = _NOTES.get(getattr(sentence, "sentence_type", ""))
        if note is not None:
            note(self._moment, sentence)

    def _reading(self, moment: _Moment, lon_deg: float, lat_deg: float) -> Reading:
        is_mock = moment.quality in _MADE_UP or moment.mode in ("M", "S")
        own = moment.radius95_m
        is_reckoned = moment.quality == _DEAD_RECKONING or moment.mode == "E"
        guessed = None if is_reckoned else radius95_of_hdop(moment.hdop)
        return Reading(
            lon_deg,
            lat_deg,
            guessed if own is None else own,
            self._basis(moment, is_reckoned),
            is_estimated=own is None,
            dimension=moment.dimension,
            satellites=moment.satellites,
            fixed_at=self._fixed_at(moment),
            is_mock=is_mock,
        )

    def _basis(self, moment: _Moment, is_reckoned: bool) -> str:
        if moment.radius95_m is not None:
            return "NMEA GST, 1 sigma x 2.45"
        if is_reckoned:
            return "NMEA dead reckoning, without accuracy"
        return hdop_basis("NMEA", moment.hdop)

    def _fixed_at(self, moment: _Moment) -> datetime | None:
        """Return the satellites' instant; its day may be that of the moment before."""
        if moment.at is None:
            return None
        at, last = moment.at.replace(tzinfo=UTC), self._last
        if moment.day is not None:
            self._last = datetime.combine(moment.day, at)
        elif last is not None and at >= last.timetz():
            self._last = datetime.combine(last.date(), at)
        else:
            self._last = None
        return self._last


def _note_gga(moment: _Moment, sentence: Any) -> None:
    moment.quality = _whole(_attribute(sentence, "gps_qual"))
    moment.satellites = _whole(_attribute(sentence, "num_sats"))
    moment.hdop = _number(_attribute(sentence, "horizontal_dil")) or moment.hdop
    if moment.quality != _NO_FIX:
        _note_position(moment, sentence)


def _note_rmc(moment: _Moment, sentence: Any) -> None:
    day = _attribute(sentence, "datestamp")
    moment.day = day if isinstance(day, date) else moment.day
    moment.mode = _attribute(sentence, "mode_indicator") or moment.mode
    if _attribute(sentence, "status") == "A":
        _note_position(moment, sentence)
    else:
        moment.is_void = True


def _note_gst(moment: _Moment, sentence: Any) -> None:
    moment.radius95_m = radius95_of_sigmas(
        *(
            _number(_attribute(sentence, f"std_dev_{which}"))
            for which in ("latitude", "longitude", "major")
        )
    )


def _note_gsa(moment: _Moment, sentence: Any) -> None:
    moment.dimension = _whole(_attribute(sentence, "mode_fix_type"))
    moment.hdop = moment.hdop or _number(_attribute(sentence, "hdop"))


def _note_position(moment: _Moment, sentence: Any) -> None:
    # An empty field reads as 0 degrees: that is the sea, not a position.
    if _attribute(sentence, "lat") and _attribute(sentence, "lon"):
        lat, lon = _attribute(sentence, "latitude"), _attribute(sentence, "longitude")
        if _is_on_earth(lat, lon):
            moment.lat_deg, moment.lon_deg = lat, lon


_NOTES = {"GGA": _note_gga, "RMC": _note_rmc, "GST": _note_gst, "GSA": _note_gsa}


def _is_on_earth(lat: Any, lon: Any) -> bool:
    numbers = isinstance(lat, float) and isinstance(lon, float)
    return numbers and abs(lat) <= 90 and abs(lon) <= 180


def _attribute(sentence: Any, name: str) -> Any:
    try:
        return getattr(sentence, name, None)
    except (ValueError, IndexError, TypeError):
        # A field that is there but holds no such thing.
        return None


def _number(value: Any) -> float | None:
    try:
        return None if value in (None, "") else float(value)
    except (TypeError, ValueError):
        return None


def _whole(value: Any) -> int | None:
    number = _number(value)
    return None if number is None or number != number // 1 else int(number)
