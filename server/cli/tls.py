"""``gi-server tls init | renew | show``."""

import json
import sys
from typing import TYPE_CHECKING, Annotated, Any

import typer

from geo.errors import Message
from server.cli.language import say

if TYPE_CHECKING:
    from server.settings import Settings
    from server.tls.own import Standing
    from server.tls.places import Places

_MAX_DAYS = 397
Names = Annotated[
    list[str] | None,
    typer.Option("--name", help="服务器主机名，可多次 / a host name of the server"),
]
Addresses = Annotated[
    list[str] | None,
    typer.Option("--address", help="服务器 IP 地址，可多次 / an IP address of it"),
]
Days = Annotated[
    int, typer.Option(min=1, max=_MAX_DAYS, help="证书有效天数 / days it is good for")
]


def register(app: typer.Typer) -> None:
    """Add the commands to ``gi-server``."""
    tls = typer.Typer(
        help="TLS：自建证书机构与服务器证书 / TLS: an own authority.",
        no_args_is_help=True,
    )
    tls.command("init")(init)
    tls.command("renew")(renew)
    tls.command("show")(show)
    app.add_typer(tls, name="tls")


def init(name: Names = None, address: Addresses = None, days: Days = _MAX_DAYS) -> None:
    """自建证书机构并签发证书，可重复执行 / Make an authority and a certificate."""
    from server.bureau import utc_now
    from server.keys import load_server_key
    from server.settings import Settings
    from server.tls.files import OwnFiles
    from server.tls.own import initialise_tls

    settings = Settings.read()
    load_server_key(settings.keys_folder)
    places = _named(name, address) or _current(settings) or _proposed()
    files = OwnFiles.of(settings)
    made = initialise_tls(files, settings.name, places, days, utc_now())
    typer.echo(say(_made_in_words(made, settings)))


def renew(
    name: Names = None, address: Addresses = None, days: Days = _MAX_DAYS
) -> None:
    """换发服务器证书，设备无需重新信任 / Renew; devices need do nothing."""
    from server.bureau import utc_now
    from server.settings import Settings
    from server.tls.files import OwnFiles
    from server.tls.own import renew_certificate

    settings = Settings.read()
    places = _named(name, address) or _current(settings) or _proposed()
    made = renew_certificate(OwnFiles.of(settings), places, days, utc_now())
    typer.echo(say(_made_in_words(made, settings)))


def show(
    as_json: Annotated[bool, typer.Option("--json", help="输出 JSON / JSON")] = False,
) -> None:
    """显示证书的有效期与指纹 / Show how long the certificates last, fingerprints."""
    from server.settings import Settings
    from server.tls.files import OwnFiles
    from server.tls.own import standing

    settings = Settings.read()
    found = standing(OwnFiles.of(settings))
    if as_json:
        typer.echo(json.dumps(_described(found), ensure_ascii=False, indent=2))
    else:
        typer.echo(say(_in_words(found)))


def _named(names: list[str] | None, addresses: list[str] | None) -> "Places | None":
    from server.tls.places import read_places

    if not names and not addresses:
        return None
    return read_places(names or (), addresses or ())


def _current(settings: "Settings") -> "Places | None":
    """Return what the present certificate is for; None: there is none to read."""
    from server.errors import TlsFault
    from server.tls.files import OwnFiles
    from server.tls.pair import read_certificates
    from server.tls.places import places_of

    try:
        return places_of(read_certificates(OwnFiles.of(settings).server)[0])
    except TlsFault:
        return None


def _proposed() -> "Places":
    """Return this machine's own names and addresses, agreed to where somebody sits."""
    from server.tls.places import places_here

    places = places_here()
    told = "、".join([*places.names, *map(str, places.addresses)]) or "localhost"
    proposal = Message(
        zh=f"本机名称与地址：{told}（可用 --name、--address 另行指定）",
        en=f"This machine's names and addresses: {told} (--name and --address say "
        "others)",
    )
    typer.echo(say(proposal), err=True)
    if sys.stdin.isatty():
        typer.confirm(say(Message(zh="据此签发？", en="For these?")), abort=True)
    return places


def _made_in_words(made: "Standing", settings: "Settings") -> Message:
    from server.tls.places import places_of

    told = _in_words(made)
    urls = places_of(made.certificate).urls(settings.port)
    url = urls[0] if urls else f"https://localhost:{settings.port}"
    done = Message(zh="已签发新证书。", en="A new certificate was made.")
    if not made.is_new_certificate:
        done = Message(zh="现有证书仍有效，未更改。", en="What is there is still good.")
    return Message(
        zh=f"{done.zh}\n{told.zh}\ngi-server run 现在使用 TLS。请设置 "
        f"GI_PUBLIC_URL={url}（设备所用的地址），并让设备信任证书机构："
        "gi-server run --trust-port 8471 提供说明页面",
        en=f"{done.en}\n{told.en}\ngi-server run now speaks TLS. Set "
        f"GI_PUBLIC_URL={url} (the address that devices use), and let devices "
        "trust the authority: gi-server run --trust-port 8471 serves a page that "
        "tells how",
    )


def _in_words(found: "Standing") -> Message:
    from server.tls.fingerprints import sha1_fingerprint, sha256_fingerprint
    from server.tls.places import places_of

    authority, certificate = found.authority, found.certificate
    places = places_of(certificate)
    told = ", ".join([*places.all_names, *map(str, places.all_addresses)])
    return Message(
        zh=f"服务器证书：{told}\n  有效至 {certificate.not_valid_after_utc:%Y-%m-%d}，"
        f"SHA-256 {sha256_fingerprint(certificate)}\n"
        f"证书机构（设备须信任）：有效至 {authority.not_valid_after_utc:%Y-%m-%d}\n"
        f"  SHA-256 {sha256_fingerprint(authority)}\n"
        f"  SHA-1   {sha1_fingerprint(authority)}",
        en=f"Server certificate: {told}\n  good until "
        f"{certificate.not_valid_after_utc:%Y-%m-%d}, "
        f"SHA-256 {sha256_fingerprint(certificate)}\n"
        f"Authority, which devices are to trust: good until "
        f"{authority.not_valid_after_utc:%Y-%m-%d}\n"
        f"  SHA-256 {sha256_fingerprint(authority)}\n"
        f"  SHA-1   {sha1_fingerprint(authority)}",
    )


def _described(found: "Standing") -> dict[str, Any]:
    from server.tls.fingerprints import sha1_fingerprint, sha256_fingerprint
    from server.tls.places import places_of

    places = places_of(found.certificate)
    described: dict[str, Any] = {
        key: {
            "expires_at": f"{one.not_valid_after_utc:%Y-%m-%dT%H:%M:%SZ}",
            "sha256": sha256_fingerprint(one),
            "sha1": sha1_fingerprint(one),
        }
        for key, one in (
            ("authority", found.authority),
            ("certificate", found.certificate),
        )
    }
    described["certificate"]["names"] = list(places.all_names)
    described["certificate"]["addresses"] = [str(a) for a in places.all_addresses]
    return described
