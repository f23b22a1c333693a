"""The figures of a tally, in their fixed order, with their names."""

from dataclasses import dataclass

from geo.errors import Message

TALLY_VERSION = "1"
SYNTHETIC_PREFIX = "synthetic_"
UNSURE_PREFIX = "unsure_"
PART_PREFIXES = (SYNTHETIC_PREFIX, UNSURE_PREFIX)

SUPPORTS = ("supports", "contradicts", "open", "not_applicable")
VERDICTS = ("inside", "outside", "undetermined", "not_applicable")

# An observation's verdict is the weightiest of its lots': a finding about one
# lot is not hidden by the others.
VERDICT_WEIGHT = {"outside": 3, "undetermined": 2, "inside": 1, "not_applicable": 0}


@dataclass(frozen=True, slots=True)
class Measure:
    """A figure: its name in data, and its group and heading for people."""

    name: str
    group: Message
    heading: Message


_VISITS = Message(zh="检查", en="visits")
_ACTS = Message(zh="涉嫌或已确认的违法行为（起）", en="acts suspected or confirmed")
_SUPPORT = Message(zh="行为与产地判定", en="acts by what the origin says")
_LOTS = Message(zh="货物批次（按产地）", en="goods lots by origin")

ACTS_NOTE = Message(
    zh="行为（起）指涉嫌或已确认的违法行为，含尚未确认的行为，不等于已查处数",
    en="acts: suspected or confirmed; "
    "includes acts not yet confirmed; not the number dealt with",
)
MEASURES = (
    Measure("observations", _VISITS, Message(zh="检查记录", en="observations")),
    Measure("premises", _VISITS, Message(zh="场所", en="premises")),
    Measure("acts", _ACTS, Message(zh="行为（起）", en="acts")),
    Measure("primary_acts", _ACTS, Message(zh="主要行为", en="primary")),
    Measure("violations_supports", _SUPPORT, Message(zh="支持", en="supports")),
    Measure("violations_contradicts", _SUPPORT, Message(zh="矛盾", en="contradicts")),
    Measure("violations_open", _SUPPORT, Message(zh="待定", en="open")),
    Measure("violations_not_applicable", _SUPPORT, Message(zh="无关", en="n/a")),
    Measure("lots_inside", _LOTS, Message(zh="批次内", en="lots in")),
    Measure("lots_outside", _LOTS, Message(zh="批次外", en="out")),
    Measure("lots_undetermined", _LOTS, Message(zh="批次不明", en="undetermined")),
    Measure("lots_not_applicable", _LOTS, Message(zh="批次无关", en="n/a")),
)
MEASURE_NAMES = tuple(measure.name for measure in MEASURES)
FIGURE_NAMES = tuple(
    prefix + name for prefix in ("", *PART_PREFIXES) for name in MEASURE_NAMES
)

Figures = dict[str, int]


def no_figures() -> Figures:
    """Return every figure at zero, in the fixed order."""
    return dict.fromkeys(FIGURE_NAMES, 0)


def add_figures(into: Figures, more: Figures) -> None:
    """Add `more` to `into`, figure by figure."""
    for name, value in more.items():
        into[name] += value
