"""``fieldkit bundle``: what waits, on a USB stick, for the server's eyes only."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from fieldkit.cli.session import note, put, put_json
from fieldkit.device import Device, opened_device
from fieldkit.exit_codes import ExitCode
from fieldkit.language import say
from geo.errors import Message

if TYPE_CHECKING:
    from fieldkit.bundle import Bundled

_ABOUT = Message(
    zh="把未送达的记录和照片写成加密的导出文件，用 U 盘送交。",
    en="Write what is unsent to an encrypted export file, to go by USB stick.",
)
_FILE = Message(zh="导出文件", en="the export file")
_ALL = Message(
    zh="连同已送达的一起写入（服务器丢失数据时）",
    en="also what was delivered (for a server that lost it)",
)
_WRITTEN = Message(
    zh="{path}：记录 {records} 条，照片 {photos} 张。只有服务器能打开；"
    "在服务器上运行 gi-server import。本机记录不变，联网后照常同步。",
    en="{path}: {records} records, {photos} photographs. Only the server opens it: "
    "gi-server import. Nothing changes here; sync as ever when there is a link.",
)
_MISSING = Message(
    zh="照片 {sha256} 已不在本机，未写入", en="photograph {sha256} is gone, left out"
)
_EMPTY = Message(
    zh="没有未送达的记录和照片，未写文件（--all 写入全部）",
    en="nothing is unsent, no file was written (--all writes everything)",
)


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("bundle", help=say(_ABOUT))(bundle)


def bundle(
    file: Annotated[Path, typer.Argument(metavar="FILE", help=say(_FILE))],
    everything: Annotated[bool, typer.Option("--all", help=say(_ALL))] = False,
    as_json: Annotated[bool, typer.Option("--json")] = False,
) -> None:
    """Write a bundle for each identity of this device that has something unsent."""
    with opened_device() as opened:
        written = _write(opened, file, everything)
    for one in written:
        for sha256 in one.missing:
            note(say(_MISSING, sha256=sha256))
    if as_json:
        put_json({"bundles": [_described(one) for one in written]})
    elif not written:
        note(_EMPTY)
    else:
        for one in written:
            put(
                say(
                    _WRITTEN,
                    path=one.path,
                    records=one.record_count,
                    photos=one.photo_count,
                )
            )
    if any(one.missing for one in written):
        raise typer.Exit(ExitCode.ITEMS_NOT_TAKEN)


def _write(opened: Device, file: Path, everything: bool) -> "list[Bundled]":
    from fieldkit.bundle import contents_of, write_bundle
    from fieldkit.cli.progress import shown_progress
    from fieldkit.device_clock import read_clock
    from fieldkit.identities import every_identity
    from fieldkit.photos import PhotoStore
    from fieldkit.runner.report import Stage

    photos = PhotoStore(opened.home.photos_path)
    first, *others = every_identity(opened.outbox)
    written: list[Bundled] = []
    with shown_progress() as (progress, _pause):
        for identity in (first, *others):
            contents = contents_of(opened.outbox, identity, everything=everything)
            if not contents.records and not contents.blobs:
                continue
            name = (
                file.name if identity == first else f"{identity.device_id}-{file.name}"
            )
            written.append(
                write_bundle(
                    file.with_name(name),
                    contents,
                    photos,
                    read_clock().now,
                    lambda what, done, total: progress(Stage(what), done, total),
                )
            )
    return written


def _described(one: "Bundled") -> dict[str, object]:
    return {
        "path": str(one.path),
        "device_id": one.device_id,
        "records": one.record_count,
        "photos": one.photo_count,
        "missing": list(one.missing),
    }
