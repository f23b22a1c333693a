"""``gi-server tally``: the figures, as a table, as CSV or as JSON."""

import sys
from datetime import date, datetime
from typing import Annotated

import typer

from geo.errors import Message
from server.cli.language import say

_DAY = ["%Y-%m-%d"]


def register(app: typer.Typer) -> None:
    """Add the command to ``gi-server``."""
    app.command("tally")(tally)


def tally(
    date_from: Annotated[
        datetime | None,
        typer.Option("--from", formats=_DAY, help="起始日期（含） / first day"),
    ] = None,
    date_to: Annotated[
        datetime | None,
        typer.Option("--to", formats=_DAY, help="截止日期（含） / last day"),
    ] = None,
    by: Annotated[
        str,
        typer.Option(help="行维度 / row keys: county,unit,code,month,verdict"),
    ] = "county",
    form: Annotated[
        str, typer.Option("--format", help="输出格式 / table, csv or json")
    ] = "table",
    unit: Annotated[str | None, typer.Option(help="执法单位 / unit code")] = None,
    county: Annotated[
        str | None,
        typer.Option(help="县 / county code, other, none or no_position"),
    ] = None,
    product: Annotated[str | None, typer.Option(help="产品 / product")] = None,
    code: Annotated[
        str | None, typer.Option(help="行为代码 / violation code, or none")
    ] = None,
    verdict: Annotated[
        str | None, typer.Option(help="产地判定 / verdict of the observation")
    ] = None,
    status: Annotated[
        str,
        typer.Option(help="状态 / counted, current, disputed, withdrawn or excluded"),
    ] = "counted",
) -> None:
    """统计检查、场所与违法行为 / Count visits, premises, acts and lots."""
    from server.database import open_engine, reading
    from server.settings import Settings
    from server.tally.formats import as_csv, as_json, as_table
    from server.tally.query import TallyQuery, split_by
    from server.tally.tally import take_tally

    formats = {
        "table": lambda found: as_table(found, say(Message(zh="zh", en="en"))),
        "csv": as_csv,
        "json": as_json,
    }
    if form not in formats:
        raise typer.BadParameter("table, csv, json", param_hint="--format")
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
    with reading(open_engine(Settings.read().database_url)) as connection:
        found = take_tally(connection, query)
    sys.stdout.reconfigure(encoding="utf-8", newline="")  # type: ignore[union-attr]
    sys.stdout.write(formats[form](found))


def _day(value: datetime | None) -> date | None:
    return value.date() if value else None
