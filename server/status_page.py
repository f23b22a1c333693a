"""The page at ``/``: the figures by county and by unit, for this machine alone.

One state of the ledger, a fixed number of statements, and nothing that a
browser would have to ask anyone else for.
"""

from typing import Any

import sqlalchemy as sa
from flask import Blueprint, Response, render_template, request

from geo.errors import Message
from server.access import Access, access
from server.bureau import the_bureau
from server.database import reading
from server.style_sheet import style_sheet
from server.tables import blob, device, record, record_blob
from server.tally.formats import (
    KEY_HEADINGS,
    SYNTHETIC_COLUMNS,
    UNSURE_COLUMNS,
    cell_text,
    unsure_note,
)
from server.tally.labels import TOTAL
from server.tally.measures import ACTS_NOTE, MEASURES, SYNTHETIC_PREFIX
from server.tally.query import TallyQuery
from server.tally.tally import Tally, take_tally

blueprint = Blueprint("status", __name__)
LANGUAGES = ("zh", "en")
# Shorter than in the plain table: the group's heading stands above them.
_COLUMN_WORDS = {
    "unsure_observations": Message(zh="检查记录", en="observ."),
    "synthetic_observations": Message(zh="检查记录", en="observ."),
    "synthetic_acts": Message(zh="行为（起）", en="acts"),
}
_STANDINGS = {
    "stored": Message(zh="计入", en="counting"),
    "parked": Message(zh="等原记录到达", en="waiting for the original"),
    "quarantined": Message(zh="隔离", en="quarantined"),
    "conflict": Message(zh="冲突", en="conflict"),
    "fork": Message(zh="分叉", en="fork"),
}
_WORDS = {
    "title": Message(zh="统计状态", en="Status"),
    "other": Message(zh="English", en="中文"),
    "records": Message(zh="收到的记录", en="Records kept"),
    "devices": Message(zh="设备", en="Devices"),
    "photographs": Message(zh="照片（完整/应有）", en="Photographs (complete / named)"),
    "ledger": Message(zh="账本位置", en="Ledger position"),
    "epoch": Message(zh="纪元", en="epoch"),
    "position": Message(zh="位置", en="position"),
    "internal": Message(zh="内部使用", en="Internal use"),
    "by_county": Message(
        zh="按县（检查位置所在的县）", en="By county (where the inspection took place)"
    ),
    "by_unit": Message(zh="按执法单位", en="By enforcement unit"),
    "apart": Message(
        zh="两表回答两个问题，不可相加。起（行为）、检查、场所分别计数。",
        en="Two questions, two tables: never add them up. "
        "Acts, visits and premises are counted each for itself.",
    ),
    "acts": ACTS_NOTE,
    "unsure": Message(zh="其中位置存疑", en="position unsure"),
    "synthetic": Message(zh="其中合成（演示）", en="of which synthetic"),
    "tag": Message(zh="含合成", en="synthetic"),
    "of_which": Message(
        zh="本页数字包含合成的演示数据，并非真实执法结果。其中合成：",
        en="These figures include synthetic demonstration data, which is no real "
        "enforcement. Of them synthetic: ",
    ),
    "definitions": Message(
        zh="各项定义见 docs/tally.md，统计版本",
        en="Every figure is defined in docs/tally.md, tally version",
    ),
}


@blueprint.get("/")
@access(Access.LOOPBACK)
def status_page() -> str:
    """Show the figures, in Chinese unless ``?lang=en`` asks for English."""
    language = request.args.get("lang", "zh")
    language = language if language in LANGUAGES else "zh"
    bureau = the_bureau()
    with reading(bureau.engine) as connection:
        tallies = [
            take_tally(connection, TallyQuery(by=(d,))) for d in ("county", "unit")
        ]
        held = _held(connection)

    def say(words: Message) -> str:
        return words.zh if language == "zh" else words.en

    return render_template(
        "status.html",
        language="zh-CN" if language == "zh" else "en",
        other="en" if language == "zh" else "zh",
        words={name: say(words) for name, words in _WORDS.items()},
        name=bureau.settings.name,
        total=tallies[0].total,
        unsure=(note := unsure_note(tallies[0])) and say(note),
        synthetic=_synthetic(tallies[0], say),
        versions=tallies[0].versions,
        tables=[_table(tally, language, say) for tally in tallies],
        standings=[
            (say(words), held["standings"].get(name, 0))
            for name, words in _STANDINGS.items()
        ],
        held=held,
    )


@blueprint.get("/status.css")
@access(Access.LOOPBACK)
def status_css() -> Response:
    """Return the page's style sheet."""
    return style_sheet("page.css", "status.css")


def _table(tally: Tally, language: str, say: Any) -> dict[str, Any]:
    (dimension,) = tally.query.by
    names = [measure.name for measure in MEASURES] + [
        *UNSURE_COLUMNS,
        *SYNTHETIC_COLUMNS,
    ]
    headings = [say(measure.heading) for measure in MEASURES]
    headings += [say(_COLUMN_WORDS[name]) for name in names[len(MEASURES) :]]
    groups: dict[str, int] = {}
    for measure in MEASURES:
        groups[say(measure.group)] = groups.get(say(measure.group), 0) + 1
    groups[say(_WORDS["unsure"])] = len(UNSURE_COLUMNS)
    groups[say(_WORDS["synthetic"])] = len(SYNTHETIC_COLUMNS)
    return {
        "id": dimension,
        "title": say(_WORDS[f"by_{dimension}"]),
        "key": say(KEY_HEADINGS[dimension]),
        "groups": groups.items(),
        "headings": list(zip(headings, names, strict=True)),
        "rows": [
            {
                "label": cell_text(dimension, row.key[0], row.labels[0], language),
                "is_synthetic": row.figures["synthetic_observations"] > 0,
                "figures": [(row.figures[name], name) for name in names],
            }
            for row in tally.rows
        ],
        "total_label": say(TOTAL),
        "total": [(tally.total[name], name) for name in names],
    }


def _synthetic(tally: Tally, say: Any) -> list[tuple[str, int]]:
    """Return the synthetic part of the headline figures; empty if there is none."""
    found = [
        (say(measure.heading), tally.total[SYNTHETIC_PREFIX + measure.name])
        for measure in MEASURES[:4]
    ]
    return found if any(count for _, count in found) else []


def _held(connection: sa.Connection) -> dict[str, Any]:
    count = sa.func.count()
    standings = sa.select(record.c.standing, count).group_by(record.c.standing)
    by_standing: dict[str, int] = {
        row.standing: row[1] for row in connection.execute(standings)
    }
    named = sa.select(record_blob.c.sha256).distinct().subquery()
    complete = (
        sa.select(count).select_from(blob).where(blob.c.completed_at.is_not(None))
    )
    return {
        "standings": by_standing,
        "records": sum(by_standing.values()),
        "devices": connection.scalar(sa.select(count).select_from(device)),
        "photographs": connection.scalar(sa.select(count).select_from(named)),
        "photographs_complete": connection.scalar(complete),
    }
