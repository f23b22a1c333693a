"""The command ``gi-server``: each module here registers its own commands."""

import gc
import sys
from importlib.metadata import version
from typing import Annotated

import typer

from geo.errors import GeoError, Message
from schemas.errors import SchemaError
from server.cli import (
    areas,
    backup,
    basemap,
    bundle,
    check,
    demo,
    devices,
    quarantine,
    serve,
    tally,
    tls,
    verify,
)
from server.cli.exit_codes import ExitCode, exit_code_of
from server.cli.language import say
from server.errors import ServerError
from sync.errors import ProtocolError

EXTRA = {"alembic", "flask_smorest", "gunicorn", "orjson", "psycopg", "sqlalchemy"}
INSTALL_LINE = "pip install 'gi-fieldkit[server]'"

app = typer.Typer(
    name="gi-server",
    help="The bureau's server: takes records in, checks, counts, verifies.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _tell_version(is_asked: bool) -> None:
    if is_asked:
        typer.echo(f"gi-server {version('gi-fieldkit')}")
        raise typer.Exit


@app.callback()
def _before(
    is_version_asked: Annotated[
        bool,
        typer.Option(
            "--version",
            is_eager=True,
            callback=_tell_version,
            help="显示版本 / tell the version",
        ),
    ] = False,
) -> None:
    """Take no other option before the command."""


for module in (
    serve,
    demo,
    devices,
    tls,
    areas,
    basemap,
    check,
    tally,
    verify,
    quarantine,
    bundle,
    backup,
):
    module.register(app)


def main() -> None:
    """Run the command of ``sys.argv``; a refusal is one line and an exit code."""
    # What a start makes all stays: sweeping costs a fifth of it.
    gc.set_threshold(20_000)
    try:
        app()
    except ModuleNotFoundError as fault:
        if (fault.name or "").partition(".")[0] not in EXTRA:
            raise
        _end(
            Message(
                zh=f"缺少服务器组件（{fault.name}）。请安装：{INSTALL_LINE}",
                en=f"the server's parts are missing ({fault.name}). "
                f"Install them with: {INSTALL_LINE}",
            ),
            ExitCode.EXTRA_MISSING,
        )
    except (GeoError, ProtocolError, SchemaError, ServerError) as fault:
        _end(_with_place(fault), exit_code_of(fault))


def _with_place(fault: GeoError | ProtocolError | SchemaError | ServerError) -> Message:
    """Return what a fault says, and where it is if it knows."""
    place = getattr(fault, "place", "")
    words: Message = fault.message
    if not place:
        return words
    return Message(zh=f"{words.zh} [{place}]", en=f"{words.en} [{place}]")


def _end(message: Message, code: ExitCode) -> None:
    typer.echo(f"gi-server: {say(message)}", err=True)
    sys.exit(code)
