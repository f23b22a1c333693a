"""``gi-server quarantine list | accept ID | reject ID --reason TEXT``."""

import getpass
import json
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from geo.errors import Message
from server.cli.language import say
from server.cli.opening import open_bureau

if TYPE_CHECKING:
    from server.quarantine import SetAside

_Id = Annotated[
    str,
    typer.Argument(
        metavar="ID", help="记录编号、哈希或设备编号 / record, hash or device"
    ),
]
_By = Annotated[str | None, typer.Option("--by", help="裁定人 / who rules")]


def register(app: typer.Typer) -> None:
    """Add the commands to ``gi-server``."""
    quarantine = typer.Typer(
        help="隔离区：待裁定的记录 / What waits for a ruling.", no_args_is_help=True
    )
    quarantine.command("list")(list_)
    quarantine.command("accept")(accept)
    quarantine.command("reject")(reject)
    app.add_typer(quarantine, name="quarantine")


def list_(
    as_json: Annotated[
        bool, typer.Option("--json", help="输出 JSON / print JSON")
    ] = False,
) -> None:
    """列出已保存但不计入统计的记录 / List what is kept and does not count."""
    from server.database import reading
    from server.quarantine import list_set_aside

    with reading(open_bureau().engine) as connection:
        found = list_set_aside(connection)
    if as_json:
        document = {"quarantine": [asdict(row) for row in found]}
        typer.echo(json.dumps(document, ensure_ascii=False, indent=2))
        return
    if not found:
        typer.echo(say(Message(zh="隔离区为空", en="Nothing waits for a ruling")))
    for row in found:
        typer.echo(_line(row))


def accept(
    id_: _Id,
    reason: Annotated[
        str, typer.Option(help="理由 / why it may count")
    ] = "接受 / accepted",
    made_by: _By = None,
) -> None:
    """接受：记录自此计入统计 / Let it count."""
    from server.quarantine import accept as accepted

    accepted(open_bureau(), id_, reason, made_by or getpass.getuser())
    typer.echo(say(Message(zh=f"已接受 {id_}", en=f"Accepted {id_}")), err=True)


def reject(
    id_: _Id,
    reason: Annotated[str, typer.Option(help="理由 / why it never counts")],
    made_by: _By = None,
) -> None:
    """拒绝：记录保留，永不计入统计 / Keep it, and never count it."""
    from server.quarantine import reject as rejected

    rejected(open_bureau(), id_, reason, made_by or getpass.getuser())
    typer.echo(say(Message(zh=f"已拒绝 {id_}", en=f"Rejected {id_}")), err=True)


def _line(row: "SetAside") -> str:
    parts = [row.id, row.unit_code, row.standing, row.code, row.field]
    if row.records != 1:
        parts.append(say(Message(zh=f"{row.records} 条", en=f"{row.records} records")))
    if row.reason_zh and row.reason_en:
        parts.append(say(Message(zh=row.reason_zh, en=row.reason_en)))
    parts.append(row.received_at)
    return "  ".join(part for part in parts if part)
