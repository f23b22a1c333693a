"""``gi-server init`` and ``gi-server run``."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from geo.errors import Message
from server.cli.language import say

if TYPE_CHECKING:
    from datetime import datetime

    from server.settings import Settings
    from server.tls.pair import Pair


_DRAFT_IS_OLD_S = 24 * 3600


def register(app: typer.Typer) -> None:
    """Add the commands to ``gi-server``."""
    app.command("init")(init)
    app.command("run")(run)


def init() -> None:
    """建立数据库、密钥和参考数据，可重复执行 / Set up the home; safe to repeat."""
    from server.initialising import initialise
    from server.settings import Settings

    settings = Settings.read()
    thumbprint = initialise(settings)
    typer.echo(
        say(
            Message(
                zh=f"已就绪：{settings.home}\n服务器密钥指纹：{thumbprint}",
                en=f"Ready: {settings.home}\nThumbprint of the server's key: "
                f"{thumbprint}",
            )
        )
    )


def run(
    host: Annotated[
        str | None, typer.Option(help="监听地址 / address to listen on [GI_HOST]")
    ] = None,
    port: Annotated[
        int | None,
        typer.Option(min=0, max=65535, help="端口，0 为任选 / port, 0: a free one"),
    ] = None,
    workers: Annotated[
        int | None, typer.Option(min=1, help="进程数 / processes [GI_WORKERS]")
    ] = None,
    tls_cert: Annotated[
        Path | None, typer.Option(help="TLS 证书 / certificate, PEM [GI_TLS_CERT]")
    ] = None,
    tls_key: Annotated[
        Path | None, typer.Option(help="TLS 私钥 / its key, PEM [GI_TLS_KEY]")
    ] = None,
    tls: Annotated[
        bool | None, typer.Option(help="是否使用 TLS / speak TLS or not [GI_TLS]")
    ] = None,
    trust_port: Annotated[
        int | None,
        typer.Option(
            min=0,
            max=65535,
            help="证书信任说明页的 HTTP 端口 / plain HTTP port of /trust "
            "[GI_TRUST_PORT]",
        ),
    ] = None,
) -> None:
    """启动服务，Ctrl-C 停止 / Serve until Ctrl-C."""
    from server.settings import Settings, with_place

    said = {
        "tls": tls,
        "trust_port": trust_port,
        "tls_cert": None if tls_cert is None else str(tls_cert),
        "tls_key": None if tls_key is None else str(tls_key),
    }
    _serve(with_place(Settings.read(), host, port, workers, **said))


def _serve(settings: "Settings") -> None:
    from server.bureau import utc_now
    from server.durable_files import sweep_drafts
    from server.readiness import require_initialised
    from server.tls.files import serving_pair

    require_initialised(settings)
    now = utc_now()
    for folder in (settings.blobs_folder, settings.thumbnails_folder):
        sweep_drafts(folder, now.timestamp() - _DRAFT_IS_OLD_S)
    pair = serving_pair(settings, now)
    if pair is not None and pair.is_ending(now):
        _warn(_ending(pair.expires_at))
    _serve_with(settings, pair)


def _serve_with(settings: "Settings", pair: "Pair | None") -> None:
    """Load the application, which takes longest, once nothing else is refused."""
    from server.access import is_local_host
    from server.serving import serve
    from server.trust_door import trust_door

    if pair is None and not is_local_host(
        f"[{settings.host}]" if ":" in settings.host else settings.host
    ):
        _warn(_IN_CLEAR)
    with trust_door(settings) as page_url:
        if page_url is not None:
            _warn(_trust_page(page_url))
        serve(settings, _announce, pair)


_IN_CLEAR = Message(
    zh="注意：未使用 TLS，数据以明文传输，平板也无法安装应用。请运行 gi-server tls init"
    "（或已有 TLS 代理在前，可忽略）",
    en="Note: without TLS all is sent in clear, and no tablet can install the app. Run "
    "gi-server tls init (unless a TLS proxy stands in front)",
)


def _ending(expires_at: "datetime") -> Message:
    return Message(
        zh=f"注意：TLS 证书将于 {expires_at:%Y-%m-%d} 到期：自建证书请运行 "
        "gi-server tls renew（无需重启）",
        en=f"Note: the TLS certificate ends on {expires_at:%Y-%m-%d}: run gi-server "
        "tls renew if it is of your own authority (no restart needed)",
    )


def _trust_page(url: str) -> Message:
    return Message(
        zh=f"设备如何信任本服务器：{url}",
        en=f"How devices come to trust this server: {url}",
    )


def _warn(message: Message) -> None:
    typer.echo(say(message), err=True)


def _announce(address: str) -> None:
    typer.echo(
        say(
            Message(
                zh=f"服务已启动：{address}（Ctrl-C 停止）",
                en=f"Serving at {address} (Ctrl-C stops)",
            )
        )
    )
