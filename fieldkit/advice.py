"""What the origin check says, in words: advice to the inspector, no verdict.

The same `schemas.assessment` gives the server's verdict; only the words are
made here.
"""

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import date
from functools import cache
from typing import Any

from geo.counties import CountyHit
from geo.errors import Message
from geo.origin import Verdict
from schemas.assessment import Assessment, LotVerdict, Reference, assess
from schemas.package_data import document

_INDICATIVE_FROM_M = 9_950
_TENTHS_FROM_M = 999.5

_VERDICTS = {
    Verdict.INSIDE: Message("在保护范围内", "inside the protected origin"),
    Verdict.OUTSIDE: Message("在保护范围外", "outside the protected origin"),
    Verdict.UNDETERMINED: Message("无法判定内外", "undetermined, inside or outside"),
    Verdict.NOT_APPLICABLE: Message(
        "没有果品，不适用产地判定", "no fruit, so origin does not apply"
    ),
}
_SUPPORT = {
    "supports": Message("产地支持这一认定", "the origin supports this finding"),
    "contradicts": Message(
        "产地与这一认定相矛盾，请核实产地和代码；确有理由请在说明中写明",
        "the origin contradicts this finding; check origin and code, and if you have "
        "a reason, write it in the description",
    ),
    "open": Message("产地尚不能说明", "the origin leaves it open"),
    "not_applicable": Message("与产地无关", "origin does not matter here"),
}
_NEEDS = {
    "register": Message("须核对当季许可名录", "check the season's licence register"),
    "lab": Message("须抽样检验", "a laboratory test is needed"),
    "season": Message("须核对当年采收规定", "check this year's harvest rule"),
}
_BASIS = {
    "site-fix": Message("果园位置", "the orchard's position"),
    "origin-fix": Message("查证的产地位置", "the evidenced position"),
    "admin-code": Message("查证的产地（按行政区划）", "the evidenced division"),
}


@dataclass(frozen=True, slots=True)
class Advice:
    """An assessment and what to say about it, line by line."""

    assessment: Assessment
    lines: tuple[Message, ...]

    def to_json(self) -> dict[str, Any]:
        """Return the advice for ``--json``."""
        found = self.assessment
        return {
            "county": None if found.county is None else asdict(found.county),
            "county_unit_mismatch": found.county_unit_mismatch,
            "lots": [asdict(lot) for lot in found.lots],
            "violations": [asdict(violation) for violation in found.violations],
            "lines": [{"zh": line.zh, "en": line.en} for line in self.lines],
        }


def advise(body: Mapping[str, Any], acted_on: date, reference: Reference) -> Advice:
    """Return what can be said at once about an observation as sealed."""
    assessment = assess(body, acted_on, reference)
    goods = body.get("goods", ())
    numbers = {lot["id"]: number for number, lot in enumerate(goods, start=1)}
    lines = (
        *_county_lines(assessment),
        *(_lot_line(lot, numbers) for lot in assessment.lots),
        *_violation_lines(assessment, reference),
    )
    return Advice(assessment, lines)


def verdict_words(
    verdict: Verdict, distance_m: float | None, band_m: float | None
) -> Message:
    """Return a verdict with its figures in words."""
    words = _VERDICTS[verdict]
    if distance_m is None:
        return words
    zh, en = distance_words(abs(distance_m))
    if band_m is None:
        return Message(
            f"{words.zh}（距边界{zh}，精度未知）",
            f"{words.en} ({en} from the border, accuracy unknown)",
        )
    return Message(
        f"{words.zh}（距边界{zh}；判定带为边界两侧各 {band_m:.0f} 米）",
        f"{words.en} ({en} from the border; band {band_m:.0f} m on either side)",
    )


def county_words(hit: CountyHit | None) -> Message:
    """Return the county of a position in words."""
    if hit is None:
        return Message(
            "没有位置，统计时列入“无定位”",
            "no position: counted in the row “no position”",
        )
    if hit.code is None:
        return Message("不在已知的任何县内", "in no county that is known here")
    zh, en = f"位于{hit.name}（{hit.code}）", f"in {hit.name} ({hit.code})"
    if hit.is_ambiguous:
        zh, en = f"{zh}，距县界太近，可能属邻县", f"{en}, but too near a county border"
    return Message(zh, en)


def distance_words(metres: float) -> tuple[str, str]:
    """Return a distance in zh and en, no finer than the border is drawn."""
    if metres >= _INDICATIVE_FROM_M:
        return f"约 {metres / 1000:.0f} 公里", f"about {metres / 1000:.0f} km"
    if metres >= _TENTHS_FROM_M:
        km = f"{round(metres / 100) / 10:.1f}"
        return f"约 {km} 公里", f"about {km} km"
    return f" {metres:.0f} 米", f"{metres:.0f} m"


@cache
def right_name(right: str) -> Message:
    """Return a right's name, its key if it is not in the shipped list."""
    for entry in document("products")["rights"]:
        if entry["right"] == right:
            return Message(entry["zh"], entry["en"])
    return Message(right, right)


def _county_lines(assessment: Assessment) -> Iterator[Message]:
    yield county_words(assessment.county)
    if assessment.county_unit_mismatch:
        yield Message(
            "注意：位置不在本单位辖区内。请核对位置；确属跨区检查的，请在备注中写明",
            "Note: this position is outside your unit's area. Check it; if you "
            "inspected elsewhere on purpose, say so in the note",
        )


def _lot_line(lot: LotVerdict, numbers: Mapping[str, int]) -> Message:
    name = _lot_name(lot, numbers)
    words = verdict_words(lot.verdict, lot.distance_m, lot.band_m)
    basis = _BASIS.get(lot.basis)
    if basis is not None:
        zh, en = f"{basis.zh}{words.zh}", f"{basis.en} is {words.en}"
    elif lot.verdict is Verdict.NOT_APPLICABLE:
        zh, en = words.zh, words.en
    elif lot.area_version:
        zh = "尚未填写查证的产地，无法判定；请在“数量与产地”中填写"
        en = "no evidenced origin, so it cannot be told; fill it in under quantity "
        en += "and origin"
    else:
        zh, en = "当日没有有效的保护范围", "no protected origin was in force on the day"
    return Message(f"{name.zh}：{zh}", f"{name.en}: {en}")


def _lot_name(lot: LotVerdict, numbers: Mapping[str, int]) -> Message:
    """Return a lot's name: its right, with its number if there are several."""
    name = right_name(lot.right)
    if len(numbers) < 2:
        return name
    number = numbers[lot.lot_id]
    return Message(f"第 {number} 批货物（{name.zh}）", f"Lot {number} ({name.en})")


def _violation_lines(assessment: Assessment, reference: Reference) -> Iterator[Message]:
    for violation in assessment.violations:
        code = reference.codes.get(violation.code)
        words = [_SUPPORT[violation.support]]
        words += [_NEEDS[code.needs]] if code.needs in _NEEDS else []
        zh, en = "；".join(w.zh for w in words), "; ".join(w.en for w in words)
        yield Message(f"{code.code} {code.zh}：{zh}", f"{code.code} {code.en}: {en}")
