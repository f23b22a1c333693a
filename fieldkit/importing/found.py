"""What an importer found: one place and moment that may become a draft."""

import hashlib
import json
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from geo.errors import Message
from sync.clock import SHANGHAI

NO_ZONE = Message(
    zh="时间未注明时区，按北京时间（Asia/Shanghai）",
    en="the time has no zone; taken as Asia/Shanghai",
)
NO_TIME = Message(
    zh="没有时间，所填为导入时刻，请更正",
    en="there is no time; the moment of the import stands in, correct it",
)
LATER = Message(
    zh="时间晚于本机时钟，未采用，所填为导入时刻，请更正",
    en="the time is later than this clock; not taken, the moment of the import stands "
    "in, correct it",
)
NO_PLACE = Message(zh="没有位置", en="there is no position")


@dataclass(frozen=True, slots=True)
class Moment:
    """An instant, and whether its time zone was said or assumed."""

    at: datetime
    is_zone_assumed: bool = False


@dataclass(frozen=True, slots=True)
class Found:
    """One place and moment; ``remarks`` say what is doubtful about it."""

    basis: str
    line: int | None = None
    moment: Moment | None = None
    fix: dict[str, Any] | None = None
    site: dict[str, Any] = field(default_factory=dict)
    code: str | None = None
    note: str = ""
    remarks: tuple[Message, ...] = ()

    def fingerprint(self) -> str:
        """Return what tells this row or point from others, wherever it stands."""
        at = None if self.moment is None else self.moment.at.isoformat()
        fix = {k: v for k, v in (self.fix or {}).items() if k != "basis"}
        said = [at, fix, self.site, self.code, self.note]
        text = json.dumps(said, ensure_ascii=False, sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()[:32]


def read_moment(text: str) -> Moment:
    """Return the instant that an ISO 8601 text names; without zone, in Shanghai's.

    Raises
    ------
    ValueError
        It is no date with a time, or before 1990.
    """
    at = datetime.fromisoformat(text.strip())
    if len(text.strip()) <= len("2023-12-02"):
        raise ValueError("no time of day")
    return moment_of(at)


def moment_of(at: datetime) -> Moment:
    """Return an instant as read; `ValueError` for what no clock set right shows."""
    if at.year < 1990:
        raise ValueError("before 1990")
    if at.tzinfo is None:
        return Moment(at.replace(tzinfo=SHANGHAI), is_zone_assumed=True)
    return Moment(at)


def imported_fix(
    lon_deg: float,
    lat_deg: float,
    *,
    basis: str,
    datum: str = "WGS84",
    radius95_m: float | None = None,
    fixed_at: str | None = None,
) -> dict[str, Any]:
    """Return a fix as a record has it, with ``source`` ``imported``."""
    return {
        "lon_deg": round(lon_deg, 8),
        "lat_deg": round(lat_deg, 8),
        "datum": datum,
        "radius95_m": radius95_m,
        "source": "imported",
        "is_mock": None,
        "fixed_at": fixed_at,
        "basis": basis[:400],
    }
