"""``gi-server verify``: whether everything that the server says still holds."""

import json
from typing import TYPE_CHECKING, Annotated

import typer

from geo.errors import Message
from server.cli.exit_codes import ExitCode
from server.cli.language import say
from server.cli.opening import open_bureau, progress

if TYPE_CHECKING:
    from collections.abc import Iterator

    from server.verify.faults import Report

_CHECKED = {
    "records": Message(zh="条记录", en="records"),
    "receipts": Message(zh="份回执", en="receipts"),
    "devices": Message(zh="台设备", en="devices"),
    "rulings": Message(zh="项裁定", en="rulings"),
    "observations": Message(zh="项检查", en="observations"),
    "violations": Message(zh="项行为", en="violations"),
    "verdicts": Message(zh="项判定", en="verdicts"),
    "photographs": Message(zh="张照片", en="photographs"),
    "tally rows": Message(zh="行统计", en="rows of tallies"),
}


def register(app: typer.Typer) -> None:
    """Add the command to ``gi-server``."""
    app.command("verify")(verify)


def verify(
    as_json: Annotated[
        bool, typer.Option("--json", help="输出 JSON / print JSON")
    ] = False,
) -> None:
    """逐条核验存储内容；有错则退出码不为 0 / Re-read and re-derive everything."""
    from server.verify.verify import verify as verified

    bureau = open_bureau()
    with progress() as tell:
        report = verified(bureau, tell)
    if as_json:
        typer.echo(json.dumps(report.document(), ensure_ascii=False, indent=2))
    else:
        _print(report)
    if not report.is_sound:
        raise typer.Exit(ExitCode.FAULTS_FOUND)


def _print(report: "Report") -> None:
    for fault in report.faults:
        place = " ".join(
            str(part)
            for part in (fault.record_id, fault.position and f"#{fault.position}")
            if part
        )
        typer.echo(f"✗ {fault.code} {place}: {say(fault.message)}")
    counts = say(Message(zh="、", en=", ")).join(
        f"{report.checked[name]} {say(words)}" for name, words in _CHECKED.items()
    )
    typer.echo(say(Message(zh=f"已核验：{counts}", en=f"Checked: {counts}")))
    for words in _notes(report):
        typer.echo(say(words))
    n_faults = len(report.faults)
    typer.echo(
        say(
            Message(
                zh="无误：所存内容与封存的字节、回执、已签发的产地范围及吊销名单"
                "逐项一致（持有服务器密钥者作假，本命令查不出）",
                en="Sound: all agrees with the sealed bytes, the receipts, the signed "
                "areas and the list of revocations (who holds the server's key "
                "could still forge)",
            )
            if report.is_sound
            else Message(zh=f"发现 {n_faults} 处问题", en=f"{n_faults} faults found")
        )
    )


def _notes(report: "Report") -> "Iterator[Message]":
    """Yield what is no fault and worth knowing."""
    gaps, photos = report.notes["gaps"], report.notes["photographs to come"]
    yield Message(
        zh=f"尚缺（不算错误）：设备记录 {gaps} 条、照片 {photos} 张",
        en=f"Still to come (no fault): {gaps} records of devices, {photos} photographs",
    )
    if sizes := report.notes["photographs of another size"]:
        yield Message(
            zh=f"有 {sizes} 处记录所写的照片大小与照片不符（未出具回执）",
            en=f"{sizes} times a record says a size that its photograph has not "
            "(no receipt confirms it)",
        )
    if others := report.notes["other datum setting"]:
        yield Message(
            zh=f"有 {others} 项检查是在另一 GI_CONVERT_DATUM 设置下核算的（不算错误）",
            en=f"{others} observations were derived with the other "
            "GI_CONVERT_DATUM (no fault)",
        )
