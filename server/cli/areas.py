"""``gi-server area import`` and ``gi-server area list``."""

import json
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from geo.errors import AreaRefused, Message
from server.cli.language import say
from server.cli.opening import open_bureau

if TYPE_CHECKING:
    from geo.area import Area

_DAY = ["%Y-%m-%d"]


_File = Annotated[Path, typer.Argument(help="GeoJSON 文件 / the polygons")]
_Right = Annotated[str, typer.Option(help="权利 / right, e.g. gannan-navel-orange")]
_Version = Annotated[str, typer.Option(help="版本名 / name of this version")]
_Datum = Annotated[str, typer.Option(help="WGS84, CGCS2000, GCJ02 or BD09")]
_Tolerance = Annotated[
    float,
    typer.Option(help="边界容差（米） / how far the border may be off, metres"),
]
_From = Annotated[
    datetime, typer.Option(formats=_DAY, help="生效日期 / first day in force")
]
_Source = Annotated[str, typer.Option(help="来源 / where the polygons are from")]
_Members = Annotated[
    str, typer.Option(metavar="C,…", help="成员行政区划代码 / member codes")
]
_Supersedes = Annotated[
    str | None, typer.Option(help="取代的版本 / the version it takes over from")
]
_To = Annotated[
    datetime | None, typer.Option(formats=_DAY, help="失效日期 / last day in force")
]
_Act = Annotated[str, typer.Option(help="法律文件 / what defines the border")]
_Confirmed = Annotated[
    bool,
    typer.Option("--confirmed", help="已与法律文本核对 / held against the act"),
]


def register(app: typer.Typer) -> None:
    """Add the commands to ``gi-server``."""
    area = typer.Typer(help="产地范围 / Protected origins.", no_args_is_help=True)
    area.command("import")(import_)
    area.command("list")(list_)
    app.add_typer(area, name="area")


def import_(
    file: _File,
    right: _Right,
    version: _Version,
    datum: _Datum,
    tolerance_m: _Tolerance,
    in_force_from: _From,
    source: _Source,
    member_codes: _Members = "",
    supersedes: _Supersedes = None,
    in_force_to: _To = None,
    legal_act: _Act = "",
    confirmed: _Confirmed = False,
) -> None:
    """导入产地范围：要么整个生效，要么拒绝并指出位置 / Take in an area, whole."""
    from geo.area_file import import_area as read_file
    from geo.datum import require_datum
    from server.areas import import_area

    bureau = open_bureau()
    area = read_file(
        _bytes(file),
        right=right,
        version=version,
        datum=require_datum(datum),
        tolerance_m=tolerance_m,
        in_force_from=in_force_from.date(),
        in_force_to=in_force_to.date() if in_force_to else None,
        source=source,
        legal_act=legal_act,
        member_codes=tuple(c.strip() for c in member_codes.split(",") if c.strip()),
        supersedes=supersedes,
        confirmed=confirmed,
    )
    _say_imported(area, import_area(bureau, area))


def _say_imported(area: "Area", serial: int) -> None:
    typer.echo(
        say(
            Message(
                zh=f"已导入 {area.right} {area.version}（SHA-256 {area.sha256}），"
                f"参考数据序号 {serial}。\n已作出的判定不变。",
                en=f"Imported {area.right} {area.version} (SHA-256 {area.sha256}), "
                f"reference serial {serial}.\nVerdicts already given stay as they are.",
            )
        ),
        err=True,
    )


def list_(
    as_json: Annotated[
        bool, typer.Option("--json", help="输出 JSON / print JSON")
    ] = False,
) -> None:
    """列出产地范围各版本 / List every version of every area."""
    from server.areas import list_areas

    found = [_document(*each) for each in list_areas(open_bureau())]
    if as_json:
        typer.echo(json.dumps({"areas": found}, ensure_ascii=False, indent=2))
        return
    for row in found:
        last_day = row["in_force_to"] or "…"
        confirmed = say(
            Message(zh="已确认", en="confirmed")
            if row["confirmed"]
            else Message(zh="未确认", en="not confirmed")
        )
        typer.echo(
            f"{row['right']}  {row['version']}  {row['in_force_from']} – {last_day}  "
            f"± {row['tolerance_m']:g} m  {confirmed}  {row['sha256'][:12]}  "
            f"{say(Message(zh='判定', en='verdicts'))} {row['verdicts']}"
        )


def _document(area: "Area", imported_at: str, verdicts: int) -> dict[str, Any]:
    last_day = area.in_force_to
    return {
        "right": area.right,
        "version": area.version,
        "sha256": area.sha256,
        "in_force_from": area.in_force_from.isoformat(),
        "in_force_to": last_day.isoformat() if last_day else None,
        "supersedes": area.supersedes,
        "tolerance_m": area.tolerance_m,
        "datum": area.datum.value,
        "member_codes": list(area.member_codes),
        "confirmed": area.confirmed,
        "source": area.source,
        "legal_act": area.legal_act,
        "imported_at": imported_at,
        "verdicts": verdicts,
    }


def _bytes(file: Path) -> bytes:
    from geo.area_rings import AreaLimits

    try:
        with file.open("rb") as data:
            return data.read(AreaLimits().max_bytes + 1)
    except OSError as fault:
        raise AreaRefused(
            "area-file",
            Message(
                zh=f"无法读取 {file}（{fault.strerror}）：请检查路径和权限",
                en=f"cannot read {file} ({fault.strerror}): check the path and who "
                "may read it",
            ),
            str(file),
        ) from fault
