"""``gi-server import BUNDLE``: what a device without a link sent on a USB stick."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from geo.errors import Message
from server.cli.exit_codes import ExitCode
from server.cli.language import say
from server.cli.opening import open_bureau, progress

if TYPE_CHECKING:
    from server.bundle_import import Imported


def register(app: typer.Typer) -> None:
    """Add the command to ``gi-server``."""
    app.command("import")(import_)


def import_(
    file: Annotated[
        Path, typer.Argument(metavar="BUNDLE", help="导出文件 / the export file")
    ],
    as_json: Annotated[
        bool, typer.Option("--json", help="输出 JSON / print JSON")
    ] = False,
) -> None:
    """导入设备的导出文件，可重复执行 / Take in an export file; safe to repeat."""
    from server.bundle_import import import_bundle

    bureau = open_bureau()
    with progress() as tell:
        found = import_bundle(bureau, file, tell)
    if as_json:
        typer.echo(json.dumps(document(found), ensure_ascii=False, indent=2))
    else:
        show(found)
    if found.faults:
        raise typer.Exit(ExitCode.FAULTS_FOUND)


def document(found: "Imported") -> dict[str, Any]:
    """Return what became of one device's records and photographs, for ``--json``."""
    return {
        "device_id": found.device_id,
        "outcomes": dict(found.outcomes),
        "items": [item.to_json() for item in found.items],
        "photographs": found.photographs,
        "photographs_complete": found.photographs_complete,
        "faults": found.faults,
    }


def show(found: "Imported") -> None:
    """Print the same in words, the faults to stderr."""
    words = ", ".join(f"{name} {n}" for name, n in sorted(found.outcomes.items()))
    photos = f"{found.photographs_complete}/{found.photographs}"
    typer.echo(
        say(
            Message(
                zh=f"设备 {found.device_id}：记录 {len(found.items)} 条"
                f"（{words}），照片 {photos} 张完整",
                en=f"device {found.device_id}: {len(found.items)} records "
                f"({words}), photographs {photos} complete",
            )
        )
    )
    for fault in found.faults:
        typer.echo(f"✗ {fault}", err=True)
