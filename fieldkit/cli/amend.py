"""``fieldkit amend``: seal a new version of an observation."""

from typing import Annotated

import typer

from fieldkit.cli.record import read_source, saved_entry, tell_saved
from fieldkit.cli.session import put_json, reference_of
from fieldkit.device import one_record, opened_device, recorder_of
from fieldkit.language import say
from geo.errors import Message

_ABOUT = Message(
    zh="更正一条记录：封存一个新版本，旧版本保留。",
    en="Amend a record: a new version is sealed, the old one stays.",
)
_ID = Message(
    zh="记录标识（可只写开头）或记录编号", en="the id, its beginning, or number"
)
_FROM = Message(
    zh="JSON 文件，- 为标准输入；未写出的部分保持不变，null 表示删除",
    en="a JSON file, - is stdin; parts left out stay as they are, null removes one",
)
_KIND = Message(
    zh="correction 更正、complete 补全、finalise 定稿、addendum 补正",
    en="correction, complete, finalise or addendum",
)
_REASON = Message(zh="更正的理由", en="why it is amended")


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("amend", help=say(_ABOUT))(amend)


def amend(
    record_id: Annotated[str, typer.Argument(metavar="ID", help=say(_ID))],
    source: Annotated[str, typer.Option("--from", help=say(_FROM))],
    kind: Annotated[str, typer.Option(help=say(_KIND))] = "correction",
    reason: Annotated[str | None, typer.Option(help=say(_REASON))] = None,
    as_json: Annotated[bool, typer.Option("--json")] = False,
) -> None:
    """Seal an amendment on the newest version that this device holds."""
    from fieldkit.advice import advise
    from fieldkit.completion import amended
    from fieldkit.input_file import one_object
    from fieldkit.revision import require_open, target_of

    with opened_device() as opened:
        opened.outbox.require_identity()
        target = target_of(opened.outbox, one_record(opened.outbox, record_id))
        content, folders = read_source(source)
        body = amended(target.current, one_object(content), kind, reason)
        require_open(target, str(body.get("amendment", {}).get("kind")))
        reference = reference_of(opened)
        captured = recorder_of(opened, reference).amend(
            body,
            amends=target.amends,
            root_id=target.root_id,
            record_no=target.record_no,
            earlier=target.earlier,
            folders=folders,
        )
    advice = None
    if captured.acted_on is not None:
        advice = advise(captured.body, captured.acted_on, reference)
    if as_json:
        put_json(saved_entry(captured, advice))
    else:
        tell_saved(captured, advice)
