"""``gi-server demo``: a city's campaign from an empty folder to the proved tally."""

from typing import Annotated

import typer


def register(app: typer.Typer) -> None:
    """Add the command to ``gi-server``."""
    app.command("demo")(demo)


def demo(
    exit_at_end: Annotated[
        bool,
        typer.Option("--exit", help="结束后退出，不继续提供服务 / end by itself"),
    ] = False,
) -> None:
    """演示：录入、同步、统计、核验 / Play a campaign through and serve it."""
    from server.demo.play import play

    raise typer.Exit(play(exit_at_end=exit_at_end))
