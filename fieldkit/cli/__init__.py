"""The ``fieldkit`` command: one module for each subcommand.

Each module offers ``register(app)`` and imports what is heavy inside its
command, so that a list appears at once.
"""

import gc
import sys
from importlib import import_module
from importlib.metadata import version
from keyword import iskeyword
from typing import Annotated

import typer

from fieldkit.errors import FieldkitError
from fieldkit.exit_codes import ExitCode, exit_code_of
from fieldkit.language import say
from geo.errors import GeoError, Message
from schemas.errors import SchemaError
from sync.errors import ProtocolError

COMMANDS = (
    "enrol",
    "record",
    "list",
    "show",
    "check",
    "import",
    "position",
    "amend",
    "withdraw",
    "sync",
    "status",
    "bundle",
    "protect",
    "app",
)
_ABOUT = Message(
    zh="地标巡检：离线记录，联网后同步。",
    en="Record inspections offline; sync them when there is a link.",
)

_VERSION = say(Message(zh="显示版本", en="Tell the version."))


def _tell_version(is_asked: bool) -> None:
    if is_asked:
        typer.echo(f"fieldkit {version('gi-fieldkit')}")
        raise typer.Exit


def build(names: tuple[str, ...] = COMMANDS) -> typer.Typer:
    """Return the command with the subcommands named."""
    app = typer.Typer(
        help=say(_ABOUT),
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_enable=False,
    )
    # A callback keeps one subcommand alone from becoming the command itself.
    app.callback()(_before)
    for name in names:
        import_module(f"fieldkit.cli.{_module_of(name)}").register(app)
    return app


def _module_of(name: str) -> str:
    return f"{name}_" if iskeyword(name) else name


def main() -> None:
    """Run the command line; refusals end in words on stderr and their exit code."""
    # What a start makes all stays: sweeping costs a fifth of it.
    gc.set_threshold(20_000)
    wanted = sys.argv[1] if len(sys.argv) > 1 else ""
    app = build((wanted,) if wanted in COMMANDS else COMMANDS)
    try:
        app()
    except KeyboardInterrupt:
        sys.exit(ExitCode.INTERRUPTED)
    except (FieldkitError, GeoError, SchemaError, ProtocolError) as error:
        sys.stderr.write(f"{say(error.message)}\n")
        sys.exit(exit_code_of(error))


def _before(
    is_version_asked: Annotated[
        bool,
        typer.Option("--version", is_eager=True, callback=_tell_version, help=_VERSION),
    ] = False,
) -> None:
    """Take no other option before the subcommand."""
