"""``gi-server backup`` and ``gi-server restore``."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from geo.errors import Message
from server.cli.language import say
from server.cli.opening import open_bureau, progress

if TYPE_CHECKING:
    from server.forgotten import Decision


def register(app: typer.Typer) -> None:
    """Add the commands to ``gi-server``."""
    app.command("backup")(backup)
    app.command("restore")(restore)


def backup(
    file: Annotated[Path, typer.Argument(help="备份文件（.zip） / the ZIP to write")],
) -> None:
    """备份数据库（照片与密钥另行保存） / Write every table into one ZIP."""
    from server.backup import write_backup

    bureau = open_bureau()
    with progress() as tell:
        manifest = write_backup(bureau.engine, file, bureau.clock(), tell)
    rows = sum(entry.rows for entry in manifest.tables)
    typer.echo(
        say(
            Message(
                zh=f"已备份 {rows} 行到 {file}（纪元 {manifest.epoch}，"
                f"位置 {manifest.position}）。\n照片与密钥不在其中，请另行保存："
                f"{bureau.settings.blobs_folder}、{bureau.settings.keys_folder}",
                en=f"{rows} rows are in {file} (epoch {manifest.epoch}, position "
                f"{manifest.position}).\nPhotographs and keys are not: keep "
                f"{bureau.settings.blobs_folder} and {bureau.settings.keys_folder} too",
            )
        ),
        err=True,
    )


def restore(
    file: Annotated[Path, typer.Argument(metavar="BACKUP", help="备份文件 / the ZIP")],
    replace: Annotated[
        bool,
        typer.Option("--replace", help="放弃数据库中现有的内容 / give up what is held"),
    ] = False,
) -> None:
    """从备份恢复并开启新纪元 / Put a backup back; opens a new epoch."""
    from server.bureau import Bureau
    from server.database import open_engine
    from server.keys import load_server_key
    from server.restore import restore_backup
    from server.settings import Settings

    settings = Settings.read()
    bureau = Bureau(
        settings,
        open_engine(settings.database_url),
        load_server_key(settings.keys_folder),
    )
    with progress() as tell:
        manifest, forgotten = restore_backup(bureau, file, tell, replace=replace)
    typer.echo(
        say(
            Message(
                zh=f"已恢复到 {manifest.made_at}（位置 {manifest.position}），"
                "已开启新纪元：各设备下次同步时会重新提交其保存的记录。",
                en=f"Restored to {manifest.made_at} (position {manifest.position}) in "
                "a new epoch: devices will offer what they hold again.",
            )
        ),
        err=True,
    )
    _tell_forgotten(manifest.made_at, forgotten)


def _tell_forgotten(made_at: str, forgotten: "list[Decision]") -> None:
    n = len(forgotten)
    typer.echo(
        say(
            Message(
                zh=f"！{made_at} 之后的裁定和产地范围导入已不再生效，须重做"
                "（gi-server quarantine、gi-server area import）；"
                f"被替换的数据库中有 {n} 项",
                en=f"! Rulings and area imports after {made_at} no longer hold: make "
                "them again (gi-server quarantine, gi-server area import); "
                f"the database that was replaced had {n}",
            )
        ),
        err=True,
    )
    for each in forgotten:
        typer.echo(f"  {each.at} {each.kind} {each.what} {each.reason}", err=True)
