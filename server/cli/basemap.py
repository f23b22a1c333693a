"""``gi-server basemap``."""

from pathlib import Path
from typing import Annotated

import typer

from geo.errors import Message
from server.cli.language import say

_Source = Annotated[Path, typer.Argument(help="MBTiles 文件 / raster tiles, MBTiles")]
_Target = Annotated[Path, typer.Argument(help="要写的文件 / what to write: .pmtiles")]


def register(app: typer.Typer) -> None:
    """Add the command to ``gi-server``."""
    app.command("basemap")(basemap)


def basemap(source: _Source, target: _Target) -> None:
    """把 MBTiles 栅格底图转成应用能读的文件 / Make a basemap for the field app."""
    from server.basemap import convert

    made = convert(source, target)
    least, most = made.zooms
    size_mb = target.stat().st_size / 1e6
    told = Message(
        zh=f"{target}：{made.tiles} 片，{least}–{most} 级，{size_mb:.1f} MB",
        en=f"{target}: {made.tiles} tiles, zoom {least} to {most}, {size_mb:.1f} MB",
    )
    typer.echo(say(told))
