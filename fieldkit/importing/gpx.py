"""Waypoints and tracks of a GPX 1.0 or 1.1 file.

Read by expat alone, in one pass: a document type (and so every entity) is refused
where it begins, depth and numbers are bounded, and each point knows its line.
"""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from xml.parsers import expat

from fieldkit.importing.errors import Fault, FileTooLarge, RowsRefused
from fieldkit.importing.found import Found, Moment, imported_fix, read_moment
from geo.errors import GeoError, Message
from geo.fix import require_position

MOST_BYTES = 32 * 2**20
MOST_WAYPOINTS = 2_000
MOST_POINTS = 200_000
MOST_FAULTS = 100
_MOST_DEPTH = 64
_MOST_TEXT = 2_000
_TEXTS = ("name", "cmt", "desc", "time")
BASIS = "GPX waypoint, not to be trusted"


@dataclass(frozen=True, slots=True)
class TrackPoint:
    """Where the track was at an instant, WGS 84, degrees."""

    at: datetime
    lon_deg: float
    lat_deg: float


@dataclass(slots=True)
class Gpx:
    """What a file holds: waypoints, and each track's segments in their order."""

    waypoints: list[Found] = field(default_factory=list)
    segments: list[list[TrackPoint]] = field(default_factory=list)


def read_gpx(content: bytes, file_name: str) -> Gpx:
    """Return the waypoints and tracks; track points without a time are left out.

    Raises
    ------
    RowsRefused
        It is not GPX, has a document type, or some point has a fault.
    FileTooLarge
        It has over 2,000 waypoints or 200,000 track points, or is too deep.
    """
    reading = _Reading(file_name)
    try:
        reading.parser.Parse(content, True)
    except (expat.ExpatError, LookupError, ValueError) as error:
        line = reading.parser.CurrentLineNumber
        raise RowsRefused([Fault(line, "", _NOT_XML)]) from error
    if reading.faults:
        raise RowsRefused(reading.faults)
    return reading.gpx


class _Reading:
    """One pass over a file."""

    def __init__(self, file_name: str) -> None:
        self.gpx, self.faults = Gpx(), list[Fault]()
        self._file_name = file_name
        self._open: list[str] = []
        self._point: dict[str, Any] | None = None
        self._text: list[str] = []
        self._points = 0
        self.parser = expat.ParserCreate()
        self.parser.StartDoctypeDeclHandler = self._doctype
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._characters

    def _doctype(self, *_said: object) -> None:
        raise RowsRefused([self._fault("DOCTYPE", _DOCTYPE)])

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        name = tag.rpartition(":")[2]
        if not self._open and name != "gpx":
            raise RowsRefused([self._fault(name, _NOT_GPX)])
        self._open.append(name)
        if len(self._open) > _MOST_DEPTH:
            raise FileTooLarge(_TOO_DEEP)
        self._text = []
        if name == "trkseg":
            self.gpx.segments.append([])
        if name in ("wpt", "trkpt"):
            line = self.parser.CurrentLineNumber
            self._point = {"line": line, "kind": name, **attributes}

    def _end(self, _tag: str) -> None:
        name = self._open.pop()
        point = self._point
        if point is None:
            return
        if name == point["kind"]:
            self._point = None
            self._take(point)
        elif name in _TEXTS and self._open[-1] == point["kind"]:
            point[name] = " ".join("".join(self._text).split())[:_MOST_TEXT]

    def _characters(self, text: str) -> None:
        if self._point is not None:
            self._text.append(text)

    def _take(self, point: dict[str, Any]) -> None:
        self._points += 1
        if self._points > MOST_POINTS or len(self.gpx.waypoints) >= MOST_WAYPOINTS:
            raise FileTooLarge(_TOO_MANY)
        try:
            lon_deg, lat_deg = float(point["lon"]), float(point["lat"])
            require_position(lon_deg, lat_deg)
        except (KeyError, ValueError):
            self._note(point, "lat, lon", _NO_POSITION)
            return
        except GeoError as error:
            self._note(point, "lat, lon", error.message)
            return
        moment = self._moment(point)
        if point["kind"] == "wpt":
            self._take_waypoint(point, moment, lon_deg, lat_deg)
        elif moment is not None and self.gpx.segments:
            self.gpx.segments[-1].append(TrackPoint(moment.at, lon_deg, lat_deg))

    def _take_waypoint(
        self, point: dict[str, Any], moment: Moment | None, lon: float, lat: float
    ) -> None:
        name = point.get("name", "")[:200]
        notes = dict.fromkeys(filter(None, (point.get("cmt"), point.get("desc"))))
        self.gpx.waypoints.append(
            Found(
                basis=f"GPX {self._file_name}:{point['line']}",
                line=point["line"],
                moment=moment,
                fix=imported_fix(lon, lat, basis=BASIS),
                site={"name": name} if name else {},
                note="；".join(notes)[:_MOST_TEXT],
            )
        )

    def _moment(self, point: dict[str, Any]) -> Moment | None:
        if not point.get("time"):
            return None
        try:
            return read_moment(point["time"])
        except ValueError:
            self._note(point, "time", _BAD_TIME)
            return None

    def _note(self, point: dict[str, Any], name: str, message: Message) -> None:
        self.faults.append(Fault(point["line"], name, message))
        if len(self.faults) >= MOST_FAULTS:
            raise RowsRefused(self.faults)

    def _fault(self, name: str, message: Message) -> Fault:
        return Fault(self.parser.CurrentLineNumber, name, message)


_NOT_XML = Message(
    zh="不是完整的 XML，请从原设备重新导出 GPX。",
    en="This is no whole XML; export the GPX anew from where it came.",
)
_NOT_GPX = Message(
    zh="不是 GPX 文件，请导出为 GPX。", en="This is not GPX; export it as GPX."
)
_DOCTYPE = Message(
    zh="文件带有文档类型声明，可能有害，未读取。请重新导出不带该声明的 GPX。",
    en="The file has a document type, which may be harmful; it was not read. Export a "
    "GPX without one.",
)
_TOO_DEEP = Message(
    zh="嵌套过深，未读取。请重新导出 GPX。",
    en="It is nested too deeply and was not read. Export the GPX anew.",
)
_TOO_MANY = Message(
    zh=f"超过 {MOST_WAYPOINTS} 个航点或 {MOST_POINTS} 个航迹点。请分成几个文件。",
    en=f"There are over {MOST_WAYPOINTS} waypoints or {MOST_POINTS} track points. "
    "Split the file.",
)
_NO_POSITION = Message(
    zh="缺少经纬度，请删去该点或补上。",
    en="has no position; remove the point or complete it",
)
_BAD_TIME = Message(
    zh="时间应如 2023-12-02T02:20:00Z，请更正",
    en="must be like 2023-12-02T02:20:00Z; correct it",
)
