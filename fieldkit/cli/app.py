"""``fieldkit app``: the field app in this machine's browser."""

import sys
from typing import Annotated

import typer

from fieldkit.cli.session import note, put, put_json
from fieldkit.language import say
from geo.errors import Message

_ABOUT = Message(
    zh="在本机浏览器中打开巡检页面；仅本机可用。",
    en="Open the field app in this machine's browser; nobody else can reach it.",
)
_PORT = Message(zh="端口；不写则自动选择", en="the port; a free one by default")
_NO_BROWSER = Message(
    zh="只打印网址，不打开浏览器", en="print the address, open nothing"
)
_OPEN = Message(
    zh="巡检页面已就绪，链接只能用一次：\n{url}\n"
    "按 Ctrl-C 结束；已保存的内容都在本机。",
    en="The field app is ready; the link is good once:\n{url}\n"
    "Ctrl-C ends it; what was saved stays on this machine.",
)
_NO_WINDOW = Message(
    zh="打不开浏览器；请自行打开上面的链接", en="No browser opened; open the link above"
)


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("app", help=say(_ABOUT))(open_app)


def open_app(
    port: Annotated[int, typer.Option(min=0, max=65535, help=say(_PORT))] = 0,
    no_browser: Annotated[
        bool, typer.Option("--no-browser", help=say(_NO_BROWSER))
    ] = False,
    as_json: Annotated[bool, typer.Option("--json")] = False,
) -> None:
    """Serve until Ctrl-C; with ``--json`` the address is one document on stdout."""
    from fieldkit.device import opened_device
    from fieldkit.local.serving import listen, serve

    listener = listen(port)

    def announce(url: str) -> None:
        if as_json:
            put_json({"url": url, "port": listener.getsockname()[1]})
        else:
            put(say(_OPEN, url=url))
        sys.stdout.flush()
        if not no_browser:
            _open(url)

    # What is wrong with the outbox is said here, not in a page.
    with opened_device() as opened:
        home = opened.home
        # A passphrase is asked for at the terminal, never in a page.
        opened.outbox.vault.unlock()
    serve(home, listener, announce)


def _open(url: str) -> None:
    import webbrowser

    if not webbrowser.open(url):
        note(_NO_WINDOW)
