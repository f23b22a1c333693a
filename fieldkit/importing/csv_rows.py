"""Rows of a CSV file, the columns named in its first line; any order, none twice.

A file is taken whole or not at all. Columns that are not known are refused, since
what stands in them would be lost unseen.
"""

import csv
import io
from collections.abc import Callable, Mapping
from typing import Any

from fieldkit.importing.errors import Fault, FileTooLarge, RowsRefused
from fieldkit.importing.found import Found, Moment, imported_fix, read_moment
from geo.datum import require_datum
from geo.errors import GeoError, Message
from geo.fix import require_position, require_radius
from schemas.codes import CodeList
from schemas.vocabulary import words

COLUMNS = (
    "observed_at",
    "lon",
    "lat",
    "radius_m",
    "datum",
    "premises_type",
    "premises_name",
    "address",
    "code",
    "note",
)
MOST_BYTES = 8 * 2**20
MOST_ROWS = 2_000
_MOST_CHARACTERS = {"premises_name": 200, "address": 400, "note": 2_000}


def read_rows(
    content: bytes, file_name: str, *, codes: CodeList, datum: str | None = None
) -> list[Found]:
    """Return what the rows say; ``datum`` is for rows that name none.

    UTF-8, or GB 18030 as spreadsheets write it here. Blank lines are passed over.

    Raises
    ------
    RowsRefused
        Some line has a fault; every fault is named.
    FileTooLarge
        It has over 2,000 rows.
    """
    table = csv.reader(io.StringIO(_decoded(content), newline=""), strict=True)
    found: list[Found] = []
    faults: list[Fault] = []
    try:
        names = _columns(next(table, []))
        for cells in table:
            if not any(cell.strip() for cell in cells):
                continue
            if len(found) + len(faults) >= MOST_ROWS:
                raise FileTooLarge(_TOO_MANY)
            row = _Row(table.line_num, file_name, codes, datum)
            said = row.read(names, cells)
            faults += row.faults
            found.append(said)
    except csv.Error as error:
        raise RowsRefused([Fault(table.line_num, "", _NOT_CSV)]) from error
    if faults:
        raise RowsRefused(faults)
    if not found:
        raise RowsRefused([Fault(None, "", _EMPTY)])
    return found


class _Row:
    """One line being read; what does not fit becomes a fault."""

    def __init__(
        self, line: int, file_name: str, codes: CodeList, datum: str | None
    ) -> None:
        self.line, self.faults = line, list[Fault]()
        self._basis = f"CSV {file_name}"
        self._codes, self._datum = codes, datum

    def read(self, names: list[str], cells: list[str]) -> Found:
        if len(cells) > len(names):
            self._fault("", _TOO_MANY_CELLS)
        said = {n: c.strip() for n, c in zip(names, cells, strict=False) if c.strip()}
        for name, most in _MOST_CHARACTERS.items():
            self._require_text(name, said.get(name, ""), most)
        site = {
            part: said[name]
            for part, name in (("name", "premises_name"), ("address", "address"))
            if name in said
        }
        return Found(
            basis=f"{self._basis}:{self.line}",
            line=self.line,
            moment=self._moment(said),
            fix=self._fix(said),
            site={"premises_type": self._premises_type(said), **site},
            code=self._code(said),
            note=said.get("note", ""),
        )

    def _moment(self, said: Mapping[str, str]) -> Moment | None:
        if "observed_at" not in said:
            return None
        try:
            return read_moment(said["observed_at"])
        except ValueError:
            self._fault("observed_at", _BAD_TIME)
            return None

    def _fix(self, said: Mapping[str, str]) -> dict[str, Any] | None:
        if not {"lon", "lat", "radius_m"} & said.keys():
            return None
        lon_deg, lat_deg = (self._number(name, said) for name in ("lon", "lat"))
        radius95_m = self._number("radius_m", said) if "radius_m" in said else None
        given = said.get("datum", self._datum)
        datum = self._checked("datum", lambda: require_datum(given), _DATUM_REMEDY)
        if lon_deg is None or lat_deg is None or datum is None:
            return None
        self._checked("lon", lambda: require_position(lon_deg, lat_deg))
        self._checked("radius_m", lambda: require_radius(radius95_m))
        if radius95_m is not None and radius95_m > 1_000_000:
            self._fault("radius_m", _BAD_NUMBER)
        return imported_fix(
            lon_deg,
            lat_deg,
            datum=datum.value,
            radius95_m=radius95_m,
            basis=f"{self._basis}, not measured by this device",
        )

    def _number(self, name: str, said: Mapping[str, str]) -> float | None:
        try:
            return float(said[name])
        except (KeyError, ValueError):
            self._fault(name, _BAD_NUMBER)
            return None

    def _premises_type(self, said: Mapping[str, str]) -> str | None:
        given, known = said.get("premises_type"), words("premises_type")
        if given is not None and given not in known:
            listed = ", ".join(known)
            self._fault(
                "premises_type",
                Message(zh=f"应为其中之一：{listed}", en=f"must be one of {listed}"),
            )
        return given

    def _code(self, said: Mapping[str, str]) -> str | None:
        code = said.get("code", "").upper() or None
        if code is not None and code not in self._codes:
            self._fault("code", _BAD_CODE)
        return code

    def _require_text(self, name: str, text: str, most: int) -> None:
        if len(text) > most or any(
            ord(c) < 0x20 or 0x7F <= ord(c) < 0xA0 for c in text
        ):
            self._fault(
                name,
                Message(
                    zh=f"应为一行文字，至多 {most} 字",
                    en=f"must be one line of at most {most} characters",
                ),
            )

    def _checked(
        self, name: str, check: Callable[[], Any], remedy: Message | None = None
    ) -> Any:
        try:
            return check()
        except GeoError as error:
            said = error.message
            if remedy is not None:
                said = Message(said.zh + remedy.zh, f"{said.en} {remedy.en}")
            self._fault(name, said)
            return None

    def _fault(self, name: str, message: Message) -> None:
        self.faults.append(Fault(self.line, name, message))


def _decoded(content: bytes) -> str:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise RowsRefused([Fault(None, "", _NO_TEXT)])


def _columns(cells: list[str]) -> list[str]:
    names = [cell.strip().lower() for cell in cells]
    faults = [Fault(1, n, _UNKNOWN_COLUMN) for n in names if n not in COLUMNS]
    faults += [Fault(1, n, _TWICE) for n in sorted({*names}) if names.count(n) > 1]
    if faults or not names:
        raise RowsRefused(faults or [Fault(1, "", _UNKNOWN_COLUMN)])
    return names


_LISTED = ", ".join(COLUMNS)
_EMPTY = Message(
    zh="除标题行外没有数据。请检查文件。",
    en="There is no row below the first. Check the file.",
)
_NO_TEXT = Message(
    zh="不是 UTF-8 或 GB 18030 文本。请另存为 CSV UTF-8。",
    en="It is neither UTF-8 nor GB 18030 text. Save it as CSV UTF-8.",
)
_NOT_CSV = Message(
    zh="不是 CSV：引号不成对，或一格过长。请另存为 CSV UTF-8。",
    en="This is not CSV: a quote is open, or a cell too long. Save it as CSV UTF-8.",
)
_TOO_MANY = Message(
    zh=f"超过 {MOST_ROWS} 行。请分成几个文件。",
    en=f"There are over {MOST_ROWS} rows. Split the file.",
)
_TOO_MANY_CELLS = Message(
    zh="格数多于标题行。含逗号的文字应加引号。",
    en="There are more cells than columns. Put text with commas in quotes.",
)
_UNKNOWN_COLUMN = Message(
    zh=f"不认识的列。可用：{_LISTED}。请改名或删去。",
    en=f"The column is not known. Those known are {_LISTED}. Rename or remove it.",
)
_TWICE = Message(zh="该列出现两次，请删去一列。", en="The column occurs twice.")
_BAD_TIME = Message(
    zh="应为日期加时间，如 2023-12-02T10:20（北京时间）或带时区",
    en="must be a date with a time, such as 2023-12-02T10:20 (China's) or with a zone",
)
_BAD_NUMBER = Message(
    zh="应为十进制数，如 115.6512；经纬度须同时填写",
    en="must be a decimal number such as 115.6512; lon and lat go together",
)
_BAD_CODE = Message(
    zh="不是代码表中的代码，如 TM-202；无问题为 NV-000",
    en="is no code of the list, such as TM-202; NV-000 says nothing was found",
)
_DATUM_REMEDY = Message(
    zh="请填 datum 列，或用 --datum。", en="Fill the column datum, or use --datum."
)
