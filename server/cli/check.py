"""``gi-server check``: the origin check of any file of points."""

import sys
import tempfile
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from geo.errors import Message
from server.cli.language import say
from server.cli.opening import progress

if TYPE_CHECKING:
    from geo.area import Area
    from server.bulk_check.checking import CheckTerms

_PART_BYTES = 1 << 20


_File = Annotated[
    Path, typer.Argument(help="CSV 或 GeoJSON,- 为标准输入 / - reads stdin")
]
_Right = Annotated[str | None, typer.Option(help="权利 / right, if there are several")]
_On = Annotated[
    datetime | None,
    typer.Option(formats=["%Y-%m-%d"], help="适用日期，默认今天 / day of the act"),
]
_Format = Annotated[
    str | None,
    typer.Option("--format", help="输出格式 / geojson or csv; default: the input's"),
]
_Datum = Annotated[
    str | None,
    typer.Option(help="坐标基准 / WGS84, CGCS2000, GCJ02 or BD09"),
]
_Radius = Annotated[
    float | None,
    typer.Option(
        "--radius",
        min=0,
        help="未注明精度的点按此 95% 半径（米）计，不写则无法判定 / 95 % radius of "
        "points that name none; without it they are undetermined",
    ),
]
_Exact = Annotated[
    bool,
    typer.Option(
        "--exact",
        help="未注明精度的点视为准确（如测绘成果） / points that name no radius are "
        "exact, as surveyed ones",
    ),
]


def register(app: typer.Typer) -> None:
    """Add the command to ``gi-server``."""
    app.command("check")(check)


def check(
    file: _File,
    right: _Right = None,
    on: _On = None,
    form: _Format = None,
    datum: _Datum = None,
    radius_m: _Radius = None,
    is_exact: _Exact = False,
) -> None:
    """批量产地核查，结果写到标准输出 / Check any points; the result goes to stdout."""
    from geo.datum import require_datum
    from server.bulk_check.bulk import FORMATS, check_file
    from server.bulk_check.checking import EXACT_M

    if form not in (None, *FORMATS):
        raise typer.BadParameter("geojson, csv", param_hint="--format")
    if is_exact and radius_m:
        raise typer.BadParameter("--radius", param_hint="--exact")
    terms = _terms(right, on.date() if on else None, EXACT_M if is_exact else radius_m)
    _say_area(terms.area)
    stated = require_datum(datum) if datum else None
    sys.stdout.reconfigure(encoding="utf-8", newline="")  # type: ignore[union-attr]
    with tempfile.TemporaryDirectory() as folder, progress() as tell:
        path = _from_stdin(Path(folder)) if str(file) == "-" else file
        found = check_file(path, terms, sys.stdout, tell, datum=stated, form=form)
    words = ", ".join(f"{verdict} {count}" for verdict, count in sorted(found.items()))
    typer.echo(
        say(
            Message(
                zh=f"共 {found.total()} 点：{words}",
                en=f"{found.total()} points: {words}",
            )
        ),
        err=True,
    )


def _terms(right: str | None, on: date | None, radius_m: float | None) -> "CheckTerms":
    from geo.package_data import load_counties
    from server.areas import area_for, read_catalogue
    from server.bulk_check.checking import UNKNOWN_M, CheckTerms
    from server.cli.opening import open_bureau
    from server.database import reading
    from sync.clock import SHANGHAI

    bureau = open_bureau()
    with reading(bureau.engine) as connection:
        catalogue = read_catalogue(connection)
    day = on or bureau.clock().astimezone(SHANGHAI).date()
    return CheckTerms(
        area_for(catalogue, right, day),
        load_counties(),
        radius_m or UNKNOWN_M,
        bureau.settings.convert_datum,
    )


def _say_area(area: "Area") -> None:
    zh = "" if area.confirmed else "（未经确认）"
    en = "" if area.confirmed else " (not confirmed)"
    typer.echo(
        say(
            Message(
                zh=f"产地范围 {area.right} {area.version}{zh}，"
                f"容差 {area.tolerance_m:g} 米",
                en=f"area {area.right} {area.version}{en}, "
                f"tolerance {area.tolerance_m:g} m",
            )
        ),
        err=True,
    )


def _from_stdin(folder: Path) -> Path:
    """Keep stdin in a file: it has to be read twice."""
    path = folder / "stdin"
    with path.open("wb") as kept:
        while part := sys.stdin.buffer.read(_PART_BYTES):
            kept.write(part)
    return path
