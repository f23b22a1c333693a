"""``fieldkit withdraw``: take an observation back; nothing is deleted."""

from typing import Annotated

import typer

from fieldkit.cli.record import saved_entry, tell_saved
from fieldkit.cli.session import put_json
from fieldkit.device import one_record, opened_device
from fieldkit.language import say
from geo.errors import Message

_ABOUT = Message(
    zh="撤回一条记录：它不再计数，但仍保留。",
    en="Withdraw a record: it counts no more, but stays.",
)
_ID = Message(
    zh="记录标识（可只写开头）或记录编号", en="the id, its beginning, or number"
)
_REASON = Message(zh="撤回的理由", en="why it is withdrawn")


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("withdraw", help=say(_ABOUT))(withdraw)


def withdraw(
    record_id: Annotated[str, typer.Argument(metavar="ID", help=say(_ID))],
    reason: Annotated[str, typer.Option(help=say(_REASON))],
    as_json: Annotated[bool, typer.Option("--json")] = False,
) -> None:
    """Seal the withdrawal of the newest version that this device holds."""
    from fieldkit.capture import Recorder
    from fieldkit.revision import target_of

    with opened_device() as opened:
        opened.outbox.require_identity()
        target = target_of(opened.outbox, one_record(opened.outbox, record_id))
        captured = Recorder(opened.home, opened.outbox).withdraw(
            reason,
            amends=target.amends,
            root_id=target.root_id,
            record_no=target.record_no,
        )
    if as_json:
        put_json(saved_entry(captured, None))
    else:
        tell_saved(captured, None)
