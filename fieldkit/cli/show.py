"""``fieldkit show``: one record with its body, versions and photographs."""

import json
from typing import Annotated, Any

import typer

from fieldkit.cli.session import put, put_json
from fieldkit.device import one_record, opened_device
from fieldkit.language import say
from fieldkit.telling.records import described
from fieldkit.words import KINDS, state_words
from geo.errors import Message

_ABOUT = Message(zh="显示一条记录的全部内容。", en="Show all of one record.")
_ID = Message(
    zh="记录标识（可只写开头）或记录编号", en="the id, its beginning, or number"
)
_LINES = {
    "record_no": Message("记录编号", "Number"),
    "kind": Message("类别", "Kind"),
    "state": Message("状态", "State"),
    "reason": Message("原因", "Reason"),
    "sealed_at": Message("封存时间", "Sealed at"),
    "received_at": Message("送达时间", "Received at"),
    "photos": Message("照片已送达", "Photos delivered"),
    "hash": Message("哈希", "Hash"),
}
_GONE = Message(zh="本机上的文件已缺失", en="its file is gone from this device")


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("show", help=say(_ABOUT))(show)


def show(
    record_id: Annotated[str, typer.Argument(metavar="ID", help=say(_ID))],
    as_json: Annotated[bool, typer.Option("--json")] = False,
) -> None:
    """Print one record; ``--json`` adds the sealed bytes."""
    with opened_device() as opened:
        stored = one_record(opened.outbox, record_id)
        found = described(opened, stored)
    if as_json:
        put_json(found)
    else:
        _put_words(found)


def _put_words(found: dict[str, Any]) -> None:
    photos = found["photos"]
    told = found | {
        "kind": say(KINDS[found["kind"]]),
        "state": state_words(found["state"], found["status"]),
        "photos": f"{photos['delivered']}/{photos['named']}"
        if photos["named"]
        else None,
    }
    put(found["id"])
    for name, heading in _LINES.items():
        if told[name] is not None:
            put(f"  {say(heading)}: {told[name]}")
    for file in found["evidence_files"]:
        gone = "" if file["is_on_disk"] else f"  ({say(_GONE)})"
        put(f"  {file['id']} {file['file_name']} {file['sha256'][:12]}{gone}")
    for version in found["versions"]:
        kind, state = KINDS[version["kind"]], version["state"]
        words = state_words(state, version["status"])
        put(f"  {version['seq']}: {say(kind)} {version['id']} {words}")
    put(json.dumps(found["body"], ensure_ascii=False, indent=1))
