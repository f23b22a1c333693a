"""``fieldkit enrol``: a one-time code makes this machine a device of the bureau."""

import ipaddress
from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from urllib.parse import urlsplit

import typer

from fieldkit.cli.session import note, put, put_json
from fieldkit.device import opened_device
from fieldkit.language import say
from geo.errors import Message

if TYPE_CHECKING:
    from fieldkit.enrolment import Enrolment

_ABOUT = Message(
    zh="用一次性登记码把本机登记为执法设备。", en="Make this machine a device, by code."
)
_URL = Message(
    zh="服务器网址；或二维码的全部文字（此时不写登记码）",
    en="the server's address; or the QR code's whole text (then without CODE)",
)
_CODE = Message(zh="登记码，如 K7QF-3MZP", en="the code, such as K7QF-3MZP")
_THUMBPRINT = Message(
    zh="服务器密钥指纹，不符则不登记", en="the server's key must have this thumbprint"
)
_AUTHORITY = Message(
    zh="服务器自建证书机构的证书，即 /trust 页面上的 .pem 或 .crt 文件；此后只信任它",
    en="the certificate (.pem or .crt, from the server's page /trust) of the bureau's "
    "own TLS authority; only it is trusted then",
)
_ENROLLED = Message(
    zh="已登记：{unit_name}（{unit_code}），设备 {device_id}\n执法人员：{officers}\n"
    "本机密钥指纹：{device_key}\n服务器密钥指纹：{server_key}\n"
    "请与市局逐字核对这两个指纹；不一致就不要使用，并立即报告。",
    en="Enrolled: {unit_name} ({unit_code}), device {device_id}\nOfficers: {officers}\n"
    "This device's key: {device_key}\nThe server's key: {server_key}\n"
    "Compare both thumbprints with the bureau's, character by character; if either "
    "differs, do not begin, and report it.",
)
_IN_CLEAR = Message(
    zh="注意：{url} 未加密，途中可被窥看；封存与回执仍受签名保护。",
    en="Note: {url} is not encrypted and can be read on its way; what is sealed "
    "and receipted is still protected by signatures.",
)


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("enrol", help=say(_ABOUT))(enrol)


def enrol(
    url: Annotated[str, typer.Argument(metavar="URL", help=say(_URL))],
    code: Annotated[str, typer.Argument(metavar="CODE", help=say(_CODE))] = "",
    thumbprint: Annotated[str | None, typer.Option(help=say(_THUMBPRINT))] = None,
    ca: Annotated[
        Path | None, typer.Option(metavar="FILE", help=say(_AUTHORITY))
    ] = None,
    as_json: Annotated[bool, typer.Option("--json")] = False,
) -> None:
    """Enrol, and print both keys' thumbprints; repeating it does no harm."""
    from fieldkit.cli.progress import note_pause
    from fieldkit.online import enrol_online, invitation_of

    invitation = invitation_of(url, code, thumbprint)
    if _is_in_clear(invitation.url):
        note(say(_IN_CLEAR, url=invitation.url))
    with opened_device() as opened:
        enrolment = enrol_online(opened, invitation, note_pause, ca)
    if as_json:
        put_json(_described(enrolment))
    else:
        put(_in_words(enrolment))


def _is_in_clear(url: str) -> bool:
    """Tell whether the address leads over a network without encryption."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    if parts.scheme != "http" or host == "localhost":
        return False
    try:
        return not ipaddress.ip_address(host).is_loopback
    except ValueError:
        return True


def _described(enrolment: "Enrolment") -> dict[str, object]:
    identity = enrolment.identity
    return {
        "device_id": identity.device_id,
        "unit_code": identity.unit_code,
        "unit_name": identity.unit_name,
        "officers": list(identity.officers),
        "server_url": identity.server_url,
        "server_name": enrolment.server_name,
        "device_thumbprint": enrolment.device_thumbprint,
        "server_thumbprint": enrolment.server_thumbprint,
        "epoch": identity.epoch,
        "enrolled_at": identity.enrolled_at,
    }


def _in_words(enrolment: "Enrolment") -> str:
    identity = enrolment.identity
    officers = ", ".join(
        f"{officer['name']} {officer['certificate_no']}"
        for officer in identity.officers
    )
    return say(
        _ENROLLED,
        unit_name=identity.unit_name,
        unit_code=identity.unit_code,
        device_id=identity.device_id,
        officers=officers,
        device_key=enrolment.device_thumbprint,
        server_key=enrolment.server_thumbprint,
    )
