"""``gi-server device code | list | revoke``."""

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from geo.errors import Message
from server.cli.language import say
from server.cli.opening import open_bureau
from server.cli.qr import draw, keep_png, require_place

if TYPE_CHECKING:
    from server.bureau import Bureau
    from server.devices import TrustedUntil
    from server.enrolment import IssuedCode
    from server.settings import Settings

_TRUSTED_UNTIL = re.compile(r"([1-9][0-9]{0,15}):([0-9a-f]{64})")
Json = Annotated[bool, typer.Option("--json", help="输出 JSON / print JSON")]


def register(app: typer.Typer) -> None:
    """Add the commands to ``gi-server``."""
    device = typer.Typer(
        help="设备：登记码、列表、吊销 / Devices.", no_args_is_help=True
    )
    device.command("code")(code)
    device.command("list")(list_)
    device.command("revoke")(revoke)
    device.command("recover")(recover)
    app.add_typer(device, name="device")


def code(
    unit: Annotated[str, typer.Option(help="执法单位代码 / unit, e.g. 360734")],
    officer: Annotated[list[str], typer.Option(help="执法人员 / officer's name")],
    certificate: Annotated[
        list[str], typer.Option(help="执法证号 / the officer's certificate number")
    ],
    png: Annotated[
        Path | None,
        typer.Option(help="另存二维码为 PNG 文件 / the QR code as a PNG file too"),
    ] = None,
    as_json: Json = False,
) -> None:
    """发放一次性登记码，15 分钟内有效 / Issue a one-time enrolment code."""
    from server.enrolment import issue_code
    from sync.enrol import qr_text

    officers = _officers(officer, certificate)
    if png is not None:
        require_place(png)
    bureau = open_bureau()
    issued = issue_code(bureau, unit, officers)
    url = bureau.settings.public_url or _own_address(bureau)
    thumbprint = bureau.key.thumbprint
    qr = qr_text(url, issued.code, thumbprint)
    if png is not None:
        keep_png(qr, png)
    if as_json:
        _print_json(
            {
                "code": issued.code,
                "expires_at": issued.expires_at,
                "unit_code": issued.unit_code,
                "url": url,
                "thumbprint": thumbprint,
                "qr": qr,
            }
        )
        return
    draw(qr)
    command = _enrol_command(bureau.settings, url, issued.code)
    typer.echo(say(_code_in_words(issued, thumbprint, command)))


def _officers(names: list[str], numbers: list[str]) -> list[dict[str, str]]:
    if len(names) != len(numbers):
        raise typer.BadParameter(
            say(
                Message(
                    zh="每个 --officer 须有一个 --certificate",
                    en="each --officer needs a --certificate",
                )
            )
        )
    return [
        {"name": name, "certificate_no": number}
        for name, number in zip(names, numbers, strict=True)
    ]


def _enrol_command(settings: "Settings", url: str, code: str) -> str:
    """Return what a laptop is to run, word for word."""
    from server.tls.files import is_served_by_own_authority
    from server.trust_words import FILE_NAME

    is_own = url.startswith("https://") and is_served_by_own_authority(settings)
    return f"fieldkit enrol {f'--ca {FILE_NAME}.pem ' * is_own}{url} {code}"


def _code_in_words(issued: "IssuedCode", thumbprint: str, command: str) -> Message:
    return Message(
        zh=f"登记码：{issued.code}（{issued.unit_name}）\n"
        f"有效至：{issued.expires_at}\n"
        f"服务器密钥指纹：{thumbprint}\n"
        f"在笔记本上运行：{command}",
        en=f"Code: {issued.code} ({issued.unit_name})\n"
        f"Good until: {issued.expires_at}\n"
        f"Thumbprint of the server's key: {thumbprint}\n"
        f"On a laptop: {command}",
    )


def list_(as_json: Json = False) -> None:
    """列出设备 / List the devices."""
    from server.devices import list_devices

    devices = list_devices(open_bureau())
    if as_json:
        _print_json({"devices": devices})
        return
    for row in devices:
        typer.echo("  ".join(_told(row)))


def _told(row: dict[str, Any]) -> list[str]:
    named = ("id", "unit_code", "unit_name", "state", "enrolled_at", "thumbprint")
    told = [row[name] for name in named]
    if row["newest_seq"] is not None:
        told.append(f"{row['newest_seq']}:{row['newest_hash']}")
    if lacking := row["missing_records"]:
        told.append(
            say(Message(zh=f"尚缺 {lacking} 条", en=f"{lacking} records to come"))
        )
    return told


def revoke(
    device_id: Annotated[str, typer.Argument(metavar="ID")],
    trusted_until: Annotated[
        str | None,
        typer.Option(
            metavar="SEQ:HASH",
            help="最后一条可信记录 / the last record that is trusted",
        ),
    ] = None,
) -> None:
    """吊销设备，其后的记录进入隔离 / Revoke; later records are quarantined."""
    from server.devices import revoke_device

    changed = revoke_device(open_bureau(), device_id, _trusted(trusted_until))
    typer.echo(
        say(
            Message(
                zh=f"已吊销 {device_id}；{changed} 条已收记录的状态随之改变",
                en=f"Revoked {device_id}; {changed} kept records stand differently now",
            )
        )
    )


def _trusted(text: str | None) -> "TrustedUntil | None":
    from server.devices import TrustedUntil

    if text is None:
        return None
    found = _TRUSTED_UNTIL.fullmatch(text)
    if found is None:
        raise typer.BadParameter(
            say(
                Message(
                    zh="--trusted-until 须为 序号:SHA-256",
                    en="--trusted-until takes SEQ:HASH, the hash in 64 hex digits",
                )
            )
        )
    return TrustedUntil(int(found[1]), found[2])


def _own_address(bureau: "Bureau") -> str:
    from server.addresses import address

    typer.echo(
        say(
            Message(
                zh="未设置 GI_PUBLIC_URL：登记码中的地址只适用于本机",
                en="GI_PUBLIC_URL is not set: the address is for this machine only",
            )
        ),
        err=True,
    )
    return address(bureau.settings.host, bureau.settings.port)


def _print_json(document: dict[str, Any]) -> None:
    typer.echo(json.dumps(document, ensure_ascii=False, indent=2))


def recover(
    folder: Annotated[
        Path,
        typer.Argument(
            exists=True,
            file_okay=False,
            help="设备 FIELDKIT_HOME 的副本 / a copy of the device's FIELDKIT_HOME",
        ),
    ],
    as_json: Json = False,
) -> None:
    """取出损坏设备中的记录和照片 / Take in what a broken laptop still holds."""
    from server.broken_device import take_in_folder
    from server.cli.bundle import document, show
    from server.cli.exit_codes import ExitCode
    from server.cli.opening import progress

    bureau = open_bureau()
    with progress() as tell:
        found = take_in_folder(bureau, folder, tell)
    if as_json:
        devices = [document(one) for one in found]
        typer.echo(json.dumps({"devices": devices}, ensure_ascii=False, indent=2))
    else:
        for one in found:
            show(one)
    if any(one.faults for one in found):
        raise typer.Exit(ExitCode.FAULTS_FOUND)
