"""How what a person types is read: times, codes, positions, quantities, files."""

import re
from collections.abc import Mapping, Sequence
from datetime import datetime, time
from pathlib import Path
from typing import Any, NoReturn

from fieldkit.errors import FieldkitError
from fieldkit.language import say
from fieldkit.photos import photo_bytes
from geo.datum import Datum
from geo.errors import Message
from geo.fix import Fix
from schemas.codes import CodeList
from schemas.units import Unit
from schemas.vocabulary import labels
from sync.clock import SHANGHAI

MOST_LISTED = 8
_COMMAS = re.compile(r"\s*[,，、;；]\s*")
_QUANTITY = re.compile(r"([0-9]+(?:\.[0-9]+)?)\s*(\S+)")
_NUMBER = re.compile(r"[+-]?[0-9]+(\.[0-9]+)?")
_DIVISION = re.compile(r"[1-9][0-9]{1,11}")
_UNITS = {
    "斤": "jin",
    "万斤": "wan_jin",
    "公斤": "kg",
    "千克": "kg",
    "吨": "t",
    "箱": "box",
    "枚": "sticker",
    "boxes": "box",
    "stickers": "sticker",
}


class Unanswerable(FieldkitError):
    """What was typed cannot be taken; the question is asked again."""

    code = "unanswerable"


def _again(zh: str, en: str) -> NoReturn:
    raise Unanswerable(Message(zh, en))


def instant_typed(typed: str, now: datetime) -> str:
    """Return ``HH:MM`` of today, ``YYYY-MM-DD HH:MM`` or RFC 3339 as an instant."""
    here = now.astimezone(SHANGHAI)
    try:
        if re.fullmatch(r"[0-9]{1,2}[:：][0-9]{2}", typed):
            hour, minute = re.split("[:：]", typed)
            moment = datetime.combine(here.date(), time(int(hour), int(minute)))
        else:
            moment = datetime.fromisoformat(typed)
    except ValueError:
        _again("时间格式：10:20 或 2023-12-02 10:20", "as 10:20 or 2023-12-02 10:20")
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=SHANGHAI)
    return moment.isoformat(timespec="seconds")


def unit_typed(typed: str, units: Sequence[Unit]) -> str:
    """Return the code of the one unit whose code, name or initials begin so."""
    wanted = typed.casefold()
    found = [
        unit
        for unit in units
        if wanted
        and any(
            text.casefold().startswith(wanted)
            for text in (unit.unit_code, unit.name, unit.pinyin_initials)
        )
    ]
    if len(found) != 1:
        names = " ".join(f"{u.unit_code} {u.name}" for u in found or units)
        _again(names, names)
    return found[0].unit_code


def word_typed(typed: str, words: Mapping[str, Message]) -> str:
    """Return the word of a list by its number, its beginning or its key."""
    keys = list(words)
    if typed.isdecimal() and 1 <= int(typed) <= len(keys):
        return keys[int(typed) - 1]
    wanted = typed.casefold()
    found = [
        key
        for key, word in words.items()
        if wanted and any(wanted in name.casefold() for name in (key, word.zh, word.en))
    ]
    exact = [key for key in found if wanted in (key, words[key].zh, words[key].en)]
    if len(exact or found) != 1:
        _again(
            f"请输入 1 到 {len(keys)} 或其中一项的名称",
            f"give 1 to {len(keys)}, or the name of one",
        )
    return (exact or found)[0]


def words_typed(typed: str, words: Mapping[str, Message]) -> list[str]:
    """Return several words of a list, each once."""
    parts = [part for part in _COMMAS.split(typed) if part]
    return list(dict.fromkeys(word_typed(part, words) for part in parts))


def codes_typed(typed: str, codes: CodeList) -> list[str]:
    """Return violation codes, each by its code, its number or words that find it."""
    parts = [part for part in _COMMAS.split(typed) if part]
    if not parts:
        _again("请输入编号或词语", "give a code or words")
    return list(dict.fromkeys(_code(part, codes) for part in parts))


def _code(typed: str, codes: CodeList) -> str:
    found = codes.search(typed)
    exact = [
        code
        for code in found
        if typed.upper() in (code.code, code.code[-3:], code.pinyin_initials.upper())
    ]
    if len(exact or found) == 1:
        return (exact or found)[0].code
    if not found:
        _again(f"没有找到“{typed}”", f'nothing found for "{typed}"')
    more = "…" if len(found) > MOST_LISTED else ""
    _again(
        "\n  ".join(f"{c.code} {c.zh}" for c in found[:MOST_LISTED]) + more,
        "\n  ".join(f"{c.code} {c.en}" for c in found[:MOST_LISTED]) + more,
    )


def position_typed(typed: str) -> dict[str, Any] | str:
    """Return a fix, or what was typed as the reason why there is none.

    Raises
    ------
    PositionRefused
        The numbers are no position; what is wrong with them is said.
    """
    parts = typed.replace(",", " ").replace("，", " ").split()
    if not parts:
        _again("没有位置时请写明原因", "if there is no position, say why")
    if not _NUMBER.fullmatch(parts[0]):
        return typed
    datum = parts.pop().upper() if parts[-1].upper() in list(Datum) else "WGS84"
    if len(parts) not in (2, 3) or not all(map(_NUMBER.fullmatch, parts)):
        _again("如：115.6512 24.9633 12", "as 115.6512 24.9633 12")
    radius95_m = float(parts[2]) if len(parts) == 3 else None
    fix = Fix(float(parts[0]), float(parts[1]), radius95_m, Datum(datum))
    return {
        "lon_deg": fix.lon_deg,
        "lat_deg": fix.lat_deg,
        "radius95_m": fix.radius95_m,
        "datum": fix.datum.value,
    }


def reason_typed(typed: str) -> str:
    """Return why a position is by hand; without a reason it is asked for again."""
    if not typed:
        _again("请写明为什么手工填写", "say why the position is by hand")
    return typed


def position_shown(position: dict[str, Any] | str) -> str:
    """Return a position as it would be typed."""
    if isinstance(position, str):
        return position
    radius = position["radius95_m"]
    return f"{position['lon_deg']} {position['lat_deg']}" + (
        f" {radius:g}" if radius else ""
    )


def quantity_typed(typed: str) -> dict[str, str]:
    """Return a decimal with its unit: ``36 万斤``, ``500 kg``."""
    match = _QUANTITY.fullmatch(typed)
    word = match[2].casefold() if match else ""
    unit = _UNITS.get(word, word)
    if match is None or unit not in labels("quantity_unit"):
        names = "、".join(word.zh for word in labels("quantity_unit").values())
        _again(f"如 36 万斤；单位：{names}", "as 500 kg; jin, wan_jin, kg, t, box")
    return {"value": match[1], "unit": unit}


def quantity_shown(quantity: dict[str, str]) -> str:
    """Return a quantity as it would be typed."""
    return f"{quantity['value']} {say(labels('quantity_unit')[quantity['unit']])}"


def origin_typed(typed: str) -> dict[str, str]:
    """Return an evidenced origin: a division by its code, else words."""
    if _DIVISION.fullmatch(typed):
        return {"admin_code": typed, "basis": "stated"}
    return {"text": typed, "basis": "stated"}


def origin_shown(origin: dict[str, str]) -> str:
    """Return an origin as it would be typed."""
    return origin.get("admin_code") or origin["text"]


def photos_typed(typed: str) -> list[str]:
    """Return photographs' paths, each of a file that is there.

    Raises
    ------
    PhotoUnreadable
        One is not.
    """
    paths = [part for part in _COMMAS.split(typed) if part]
    for path in paths:
        photo_bytes(Path(path).expanduser())
    return [str(Path(path).expanduser().absolute()) for path in paths]
