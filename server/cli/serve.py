"""``gi-server init`` and ``gi-server run``."""

from typing import Annotated

import typer

from geo.errors import Message
from server.cli.language import say


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
) -> None:
    """启动服务，Ctrl-C 停止 / Serve until Ctrl-C."""
    from server.readiness import require_initialised
    from server.serving import serve, with_place
    from server.settings import Settings

    settings = with_place(Settings.read(), host, port, workers)
    require_initialised(settings)
    serve(settings, _announce)


def _announce(address: str) -> None:
    typer.echo(
        say(
            Message(
                zh=f"服务已启动：{address}（Ctrl-C 停止）",
                en=f"Serving at {address} (Ctrl-C stops)",
            )
        )
    )
