"""A tally as a table for people, as CSV for spreadsheets and as JSON."""

import csv
import io
import json

from rich.cells import cell_len

from geo.errors import Message
from server.csv_text import BYTE_ORDER_MARK, safe_cell
from server.tally.labels import TOTAL
from server.tally.measures import (
    ACTS_NOTE,
    FIGURE_NAMES,
    MEASURE_NAMES,
    MEASURES,
    SYNTHETIC_PREFIX,
    TALLY_VERSION,
    UNSURE_PREFIX,
    Figures,
)
from server.tally.query import NO_VIOLATION
from server.tally.tally import Tally, TallyRow, key_columns

KEY_HEADINGS = {
    "county": Message(zh="县（按位置）", en="county (by position)"),
    "unit": Message(zh="执法单位", en="enforcement unit"),
    "code": Message(zh="行为代码", en="code"),
    "month": Message(zh="月份", en="month"),
    "verdict": Message(zh="产地判定", en="origin verdict"),
}
UNSURE_COLUMNS = {
    "unsure_observations": Message(zh="位置存疑", en="pos. unsure"),
}
SYNTHETIC_COLUMNS = {
    "synthetic_observations": Message(zh="合成记录", en="synthetic obs."),
    "synthetic_acts": Message(zh="合成行为", en="synthetic acts"),
}
_SYNTHETIC = Message(zh="其中合成（演示）数据", en="Of these, synthetic")
_OVERLAP = Message(
    zh="一条记录可出现在多行，合计只计一次；各行之和多出：",
    en="A record may stand in several rows, the total counts it once; "
    "the rows add up to more by: ",
)
_COLUMNS = (*MEASURE_NAMES, *UNSURE_COLUMNS, *SYNTHETIC_COLUMNS)
_GAP = "  "


def as_json(tally: Tally) -> str:
    """Return the tally as one JSON document, readable as it stands."""
    return json.dumps(tally.document(), ensure_ascii=False, indent=2) + "\n"


def as_csv(tally: Tally) -> str:
    """Return the tally as CSV: with a byte order mark, codes and labels both.

    The columns are fixed by the row keys; the last row is the total and the
    last column the version of the figures' definitions.
    """
    blank = Message("", "")
    keys = [name for d in tally.query.by for name in key_columns(d, "", blank)]
    out = io.StringIO()
    out.write(BYTE_ORDER_MARK)
    writer = csv.writer(out)
    writer.writerow([*keys, *FIGURE_NAMES, "tally_version"])
    for row in tally.rows:
        cells = [
            safe_cell(text)
            for d, value, words in zip(tally.query.by, row.key, row.labels, strict=True)
            for text in key_columns(d, value, words).values()
        ]
        writer.writerow([*cells, *row.figures.values(), TALLY_VERSION])
    total = ["total", *[""] * (len(keys) - 1)]
    writer.writerow([*total, *tally.total.values(), TALLY_VERSION])
    return out.getvalue()


def as_table(tally: Tally, language: str) -> str:
    """Return the tally as aligned text, wide characters counted as two cells.

    Synthetic records stand in columns of their own beside the figures that
    include them, and are named again below the table.
    """
    headings = [KEY_HEADINGS[name] for name in tally.query.by]
    headings += [measure.heading for measure in MEASURES]
    headings += (*UNSURE_COLUMNS.values(), *SYNTHETIC_COLUMNS.values())
    head = [_say(heading, language) for heading in headings]
    body = [_row_cells(row, tally.query.by, language) for row in tally.rows]
    total = [_say(TOTAL, language)] + [""] * (len(tally.query.by) - 1)
    total += _numbers(tally.total)
    lines = _aligned([head, *body, total], n_text=len(tally.query.by))
    rule = "─" * cell_len(lines[0])
    lines = [lines[0], rule, *lines[1:-1], rule, lines[-1]]
    return "\n".join([*lines, *_notes(tally, language)]) + "\n"


def cell_text(dimension: str, value: str, words: Message, language: str) -> str:
    """Return a key as people read it: the name, with its code where it has one."""
    name = _say(words, language)
    has_code = value[:1].isdigit() or (dimension == "code" and value != NO_VIOLATION)
    return f"{value} {name}" if has_code and name != value else name


def unsure_note(tally: Tally) -> Message | None:
    """Return how many observations may belong to another county, if any may."""
    unsure = tally.total[UNSURE_PREFIX + "observations"]
    if not unsure:
        return None
    every = tally.total["observations"]
    return Message(
        zh=f"检查记录 {every} 条，其中 {unsure} 条距县界过近或位置不可靠",
        en=f"{every} observations, {unsure} of them too near a county border, "
        "or their position unsure",
    )


def _row_cells(row: TallyRow, by: tuple[str, ...], language: str) -> list[str]:
    keys = [
        cell_text(dimension, value, words, language)
        for dimension, value, words in zip(by, row.key, row.labels, strict=True)
    ]
    return keys + _numbers(row.figures)


def _numbers(figures: Figures) -> list[str]:
    return [str(figures[name]) for name in _COLUMNS]


def _aligned(table: list[list[str]], n_text: int) -> list[str]:
    widths = [max(map(cell_len, column)) for column in zip(*table, strict=True)]
    lines = []
    for row in table:
        cells = []
        for n, (text, width) in enumerate(zip(row, widths, strict=True)):
            blanks = " " * (width - cell_len(text))
            cells.append(text + blanks if n < n_text else blanks + text)
        lines.append(_GAP.join(cells))
    return lines


def _notes(tally: Tally, language: str) -> list[str]:
    comma, colon = ("，", "：") if language == "zh" else (", ", ": ")
    figures = comma.join(
        f"{_say(measure.heading, language)} "
        f"{tally.total[SYNTHETIC_PREFIX + measure.name]}"
        for measure in MEASURES[:4]
    )
    notes = [_say(note, language) for note in (ACTS_NOTE, unsure_note(tally)) if note]
    notes += [f"{_say(_SYNTHETIC, language)}{colon}{figures}"]
    if tally.overlap:
        extra = comma.join(f"{name} {n:+d}" for name, n in tally.overlap.items())
        notes.append(_say(_OVERLAP, language) + extra)
    return notes


def _say(words: Message, language: str) -> str:
    return words.zh if language == "zh" else words.en
