"""``fieldkit list``: every record on this device and what became of it."""

from typing import Annotated, Any

import typer

from fieldkit.cli.session import put_json, put_table
from fieldkit.device import opened_device
from fieldkit.language import say
from fieldkit.telling.records import NO_PHOTOS, draft_entry, entry
from fieldkit.words import KINDS, STATES, state_words
from geo.errors import Message

_ABOUT = Message(
    zh="列出本机的记录及其去向。", en="List this device's records and their fate."
)
_STATE = Message(
    zh="只列出该状态：draft、sealed、delivered、refused，或服务器给出的状态",
    en="only this state: draft, sealed, delivered, refused, or one given by the server",
)
_HEADINGS = [
    Message("序号", "Seq"),
    Message("记录编号", "Number"),
    Message("类别", "Kind"),
    Message("状态", "State"),
    Message("照片", "Photos"),
    Message("标识", "Id"),
    Message("原因", "Reason"),
]


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("list", help=say(_ABOUT))(list_records)


def list_records(
    state: Annotated[str | None, typer.Option(help=say(_STATE))] = None,
    as_json: Annotated[bool, typer.Option("--json")] = False,
) -> None:
    """Print the records, oldest first, drafts at the end."""
    with opened_device() as opened:
        photos = opened.outbox.photo_counts()
        entries = [
            entry(stored, photos.get(stored.position, NO_PHOTOS))
            for stored in opened.outbox.listing()
        ]
        entries += [draft_entry(draft) for draft in opened.outbox.drafts()]
    if state is not None:
        entries = [e for e in entries if state in (e["state"], e["status"])]
    if as_json:
        put_json({"records": entries})
    else:
        put_table(_HEADINGS, [_row(e) for e in entries])


def _row(found: dict[str, Any]) -> list[str]:
    photos = found["photos"]
    return [
        str(found["seq"] or "-"),
        found.get("record_no") or "-",
        say(KINDS[found["kind"]]),
        state_words(found["state"], found["status"])
        if found["state"] != "draft"
        else say(STATES["draft"]),
        f"{photos['delivered']}/{photos['named']}" if photos["named"] else "-",
        (found["id"] or "-"),
        found["reason"] or "",
    ]
