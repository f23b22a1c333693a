"""``fieldkit sync``: what waits goes out, what is new comes in."""

from typing import TYPE_CHECKING, Annotated

import typer

from fieldkit.cli.session import note, put, put_json
from fieldkit.language import say
from fieldkit.words import STATUSES
from geo.errors import Message

if TYPE_CHECKING:
    from fieldkit.runner.report import SyncReport, Trouble

_ABOUT = Message(
    zh="与服务器同步：记录、照片、参考数据。",
    en="Sync with the server: records, photographs, reference data.",
)
_DONE = Message(
    zh="同步完成：{items}；照片送达 {photos} 张。",
    en="Synced: {items}; {photos} photographs arrived.",
)
_STOPPED = Message(
    zh="同步中断：{why}。已送达的都已记下，其余仍在本机，再次同步即可继续。",
    en="The sync stopped: {why}. What arrived is noted, the rest is still here; "
    "the next sync goes on from there.",
)
_NOTHING = Message(zh="没有待发记录", en="nothing to send")
_REFUSED = Message(
    zh="被拒收的记录也再提交一次", en="offer refused records once more too"
)
_AGAIN = Message(
    zh="服务器曾从备份恢复，{count} 条已送达的记录已重新提交。",
    en="The server was restored from a backup; {count} delivered records were "
    "offered again.",
)


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("sync", help=say(_ABOUT))(sync)


def sync(
    again: Annotated[bool, typer.Option("--again", help=say(_REFUSED))] = False,
    as_json: Annotated[bool, typer.Option("--json")] = False,
) -> None:
    """Sync once; run it again whenever there is a link."""
    report = _run(again)
    for trouble in report.troubles:
        note(trouble_words(trouble))
    if report.offered_again:
        note(say(_AGAIN, count=report.offered_again))
    if report.stopped is not None:
        note(say(_STOPPED, why=say(report.stopped.message)))
    if as_json:
        put_json(report.to_json())
    elif report.stopped is None:
        put(say(_DONE, items=_items(report), photos=report.photos_sent))
    raise typer.Exit(report.exit_code)


def _run(again: bool) -> "SyncReport":
    from fieldkit.cli.progress import shown_progress
    from fieldkit.home import open_home
    from fieldkit.online import sync_online

    with shown_progress() as (progress, on_pause):
        return sync_online(open_home(), progress, on_pause, again=again)


def trouble_words(trouble: "Trouble") -> str:
    """Return one line for a person: what, how it stands, and why."""
    from fieldkit.cli.progress import STAGES

    stage, outcome = say(STAGES[trouble.stage]), trouble.outcome
    standing = say(STATUSES[outcome]) if outcome in STATUSES else outcome
    why = f": {say(trouble.reason)}" if trouble.reason else ""
    return f"{stage} {trouble.name} {standing}{why}"


def _items(report: "SyncReport") -> str:
    counted = [
        f"{say(STATUSES[outcome])} {count}"
        for outcome, count in sorted(report.outcomes.items())
    ]
    return ", ".join(counted) or say(_NOTHING)
