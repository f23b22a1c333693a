"""``fieldkit check``: what the origin check says of a position, without a record."""

import sys
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer

from fieldkit.cli.session import put, put_json, reference_of
from fieldkit.device import opened_device
from fieldkit.language import say
from geo.errors import Message

if TYPE_CHECKING:
    from geo.fix import Fix
    from schemas.assessment import Reference

# Smaller than any figure printed: a position without --radius is taken as exact.
_EXACT_M = sys.float_info.min
_ABOUT = Message(
    zh="查看一个位置在保护范围内还是外（仅供参考，不是记录）。",
    en="Tell on which side of the protected origin a position is (advice only).",
)
_RADIUS = Message(
    zh="位置的 95% 精度半径（米）；不写则视为精确",
    en="95 % radius of the position in metres; exact if left out",
)
_DATUM = Message(
    zh="坐标系：WGS84、CGCS2000、GCJ02、BD09", en="WGS84, CGCS2000, GCJ02 or BD09"
)
_ON = Message(zh="哪一天的保护范围（默认今天）", en="the day whose area counts (today)")
_NO_AREA = Message(
    zh="当日没有有效的保护范围", en="no protected origin is in force then"
)
_LINE = Message(zh="{right}：{words}", en="{right}: {words}")


def register(app: typer.Typer) -> None:
    """Add the command; a negative longitude is a number, not an option."""
    settings = {"ignore_unknown_options": True}
    app.command("check", help=say(_ABOUT), context_settings=settings)(check)


def check(
    lon: Annotated[float, typer.Argument(metavar="LON")],
    lat: Annotated[float, typer.Argument(metavar="LAT")],
    radius: Annotated[float | None, typer.Option(help=say(_RADIUS))] = None,
    datum: Annotated[str, typer.Option(help=say(_DATUM))] = "WGS84",
    on: Annotated[str | None, typer.Option(metavar="DATE", help=say(_ON))] = None,
    as_json: Annotated[bool, typer.Option("--json")] = False,
) -> None:
    """Print advice on a position, for every right that has an area."""
    from geo.fix import Fix

    day = _day(on)
    fix = Fix(lon, lat, _EXACT_M if radius is None else radius, _datum(datum))
    with opened_device() as opened:
        reference = reference_of(opened)
    found = _found(fix, day, reference)
    if as_json:
        put_json(found)
    else:
        _put_words(found, fix, reference)


def _found(fix: "Fix", day: date, reference: "Reference") -> dict[str, Any]:
    from dataclasses import asdict

    from geo.origin import check_origin

    checks = []
    for right in reference.areas.rights:
        area = reference.areas.at(right, day)
        if area is not None:
            answer = check_origin(area, fix, convert=reference.convert_datum)
            versions = {"area_version": area.version, "area_sha256": area.sha256}
            checks.append({"right": right} | asdict(answer) | versions)
    county = reference.counties.locate(fix)
    # The first right's answer also stands by itself, for those who know one right.
    return (checks[0] if checks else {}) | {
        "on": day.isoformat(),
        "county_code": county.code,
        "county_name": county.name,
        "county_kind": county.kind,
        "county_ambiguous": county.is_ambiguous,
        "checks": checks,
    }


def _put_words(found: dict[str, Any], fix: "Fix", reference: "Reference") -> None:
    from fieldkit.advice import county_words, right_name, verdict_words

    for answer in found["checks"]:
        words = verdict_words(answer["verdict"], answer["distance_m"], answer["band_m"])
        put(say(_LINE, right=say(right_name(answer["right"])), words=say(words)))
    if not found["checks"]:
        put(say(_NO_AREA))
    put(say(county_words(reference.counties.locate(fix))))


def _day(text: str | None) -> date:
    from sync.clock import SHANGHAI

    if text is None:
        return datetime.now(UTC).astimezone(SHANGHAI).date()
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise typer.BadParameter(f"{text}: YYYY-MM-DD") from error


def _datum(text: str) -> Any:
    from geo.datum import Datum

    try:
        return Datum(text.upper())
    except ValueError as error:
        raise typer.BadParameter(f"{text}: {say(_DATUM)}") from error
