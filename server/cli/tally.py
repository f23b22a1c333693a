"""``gi-server tally``: the figures, as a table, as CSV or as JSON."""

import sys
from datetime import date, datetime
from typing import TYPE_CHECKING, Annotated

import typer

from geo.errors import Message
from server.cli.language import say
from server.cli.opening import open_bureau

if TYPE_CHECKING:
    from server.tally.tally import Tally

_DAY = ["%Y-%m-%d"]
_FORMATS = ("table", "csv", "json")


_From = Annotated[
    datetime | None,
    typer.Option("--from", formats=_DAY, help="起始日期（含） / first day"),
]
_To = Annotated[
    datetime | None,
    typer.Option("--to", formats=_DAY, help="截止日期（含） / last day"),
]
_By = Annotated[
    str,
    typer.Option(help="行维度 / row keys: county,unit,code,month,verdict"),
]
_Format = Annotated[str, typer.Option("--format", help="输出格式 / table, csv or json")]
_Unit = Annotated[str | None, typer.Option(help="执法单位 / unit code")]
_County = Annotated[
    str | None,
    typer.Option(help="县 / county code, other, none or no_position"),
]
_Product = Annotated[str | None, typer.Option(help="产品 / product")]
_Code = Annotated[str | None, typer.Option(help="行为代码 / violation code, or none")]
_Verdict = Annotated[
    str | None, typer.Option(help="产地判定 / verdict of the observation")
]
_Status = Annotated[
    str,
    typer.Option(help="状态 / counted, current, disputed, withdrawn or excluded"),
]


def register(app: typer.Typer) -> None:
    """Add the command to ``gi-server``."""
    app.command("tally")(tally)


def tally(
    date_from: _From = None,
    date_to: _To = None,
    by: _By = "county",
    form: _Format = "table",
    unit: _Unit = None,
    county: _County = None,
    product: _Product = None,
    code: _Code = None,
    verdict: _Verdict = None,
    status: _Status = "counted",
) -> None:
    """统计检查、场所与违法行为 / Count visits, premises, acts and lots."""
    from server.database import reading
    from server.tally.known_values import require_known
    from server.tally.query import TallyQuery, split_by
    from server.tally.tally import take_tally

    if form not in _FORMATS:
        raise typer.BadParameter(", ".join(_FORMATS), param_hint="--format")
    query = TallyQuery(
        date_from=_day(date_from),
        date_to=_day(date_to),
        unit=unit,
        county=county,
        product=product,
        code=code,
        verdict=verdict,
        status=status,
        by=split_by(by),
    )
    with reading(open_bureau().engine) as connection:
        require_known(connection, query)
        found = take_tally(connection, query)
    sys.stdout.reconfigure(encoding="utf-8", newline="")  # type: ignore[union-attr]
    sys.stdout.write(_text(found, form))


def _text(found: "Tally", form: str) -> str:
    from server.tally.formats import as_csv, as_json, as_table

    if form == "table":
        return as_table(found, say(Message(zh="zh", en="en")))
    return as_csv(found) if form == "csv" else as_json(found)


def _day(value: datetime | None) -> date | None:
    return value.date() if value else None
