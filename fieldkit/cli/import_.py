"""``fieldkit import``: drafts of photographs, GPX waypoints and CSV rows."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from fieldkit.cli.session import note, put, put_json, reference_of
from fieldkit.degrees import degree_words
from fieldkit.device import opened_device
from fieldkit.errors import InputRefused
from fieldkit.exit_codes import exit_code_of
from fieldkit.language import say
from geo.errors import Message

if TYPE_CHECKING:
    from fieldkit.importing.report import Report, Taken

MOST_FILES = 1_000
_ABOUT = Message(
    zh="由照片、GPX、CSV 文件生成草稿，在应用中补全并封存。",
    en="Begin drafts of photographs, GPX and CSV files, to finish in the app.",
)
_DATUM = Message(
    zh="CSV 行未注明坐标系时所用：WGS84、CGCS2000、GCJ02、BD09",
    en="for CSV rows that name none: WGS84, CGCS2000, GCJ02 or BD09",
)
_TOO_MANY = Message(
    zh=f"一次至多 {MOST_FILES} 个文件。请分几次导入。",
    en=f"At most {MOST_FILES} files at once; import them in parts.",
)
_TAKEN = Message(
    zh="草稿 {draft}：{place}；{what}", en="draft {draft}: {place}; {what}"
)
_KNOWN_DRAFT = Message(
    zh="此前已导入（草稿 {draft}）：{place}", en="had before, as draft {draft}: {place}"
)
_KNOWN = Message(
    zh="此前已导入或已在记录中：{place}", en="had before, in a record: {place}"
)
_REFUSED = Message(zh="未导入 {place}：{reason}", en="Not taken, {place}: {reason}")
_SUMMARY = Message(
    zh="已导入 {taken} 条草稿，{known} 条此前已有，{files} 个文件未导入。"
    "请用 fieldkit app 补全并封存。",
    en="{taken} drafts begun, {known} had before, {files} files not taken. Finish and "
    "seal them in fieldkit app.",
)


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("import", help=say(_ABOUT))(import_files)


def import_files(
    files: Annotated[list[Path], typer.Argument(metavar="FILE…")],
    datum: Annotated[
        str | None, typer.Option(metavar="DATUM", help=say(_DATUM))
    ] = None,
    as_json: Annotated[bool, typer.Option("--json")] = False,
) -> None:
    """Begin drafts; each file is taken whole or not at all, nothing twice."""
    from fieldkit.importing.importer import Importer
    from fieldkit.importing.source import file_source
    from geo.datum import require_datum

    if len(files) > MOST_FILES:
        raise InputRefused(_TOO_MANY, "FILE")
    if datum is not None:
        datum = require_datum(datum).value
    with opened_device() as opened:
        opened.outbox.require_identity()
        importer = Importer(opened, reference_of(opened).codes, datum=datum)
        report = importer.take([file_source(file) for file in files])
    if as_json:
        put_json(report.to_json())
    _tell(report, as_json)
    if report.not_taken:
        raise typer.Exit(exit_code_of(report.not_taken[0].error))


def _tell(report: "Report", as_json: bool) -> None:
    """Say it line by line; with --json only what was not taken, on stderr."""
    if not as_json:
        for one in report.taken:
            put(_line(one))
        for known in report.known:
            place = _place(known.file, known.line)
            words = _KNOWN if known.draft is None else _KNOWN_DRAFT
            put(say(words, place=place, draft=known.draft))
    for refused in report.not_taken:
        fault = refused.fault
        place = _place(refused.file, fault.line, fault.field)
        note(say(_REFUSED, place=place, reason=say(fault.message)))
    files = len({refused.file for refused in report.not_taken})
    note(say(_SUMMARY, taken=len(report.taken), known=len(report.known), files=files))


def _line(one: "Taken") -> str:
    said = [one.observed_at]
    if one.fix is not None:
        said.append(say(degree_words(one.fix["lon_deg"], one.fix["lat_deg"])))
        said.append(one.fix["basis"])
    said += [say(remark) for remark in one.remarks]
    place = _place(one.file, one.line)
    return say(_TAKEN, draft=one.draft, place=place, what="; ".join(said))


def _place(file: str, line: int | None, field: str = "") -> str:
    place = file if line is None else f"{file}:{line}"
    return f"{place} {field}" if field else place
