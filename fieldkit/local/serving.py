"""Serving the field app to this machine's browser, and to nothing else."""

import logging
import signal
import socket
from collections.abc import Callable
from types import FrameType
from typing import TYPE_CHECKING

from flask import Flask

from fieldkit.home import Home
from fieldkit.local.app import MAX_BODY_BYTES, create_app
from fieldkit.local.bench import Bench
from fieldkit.local.errors import PortTaken
from fieldkit.local.gate import LOOPBACK, Gate
from geo.errors import Message

if TYPE_CHECKING:
    from waitress.server import BaseWSGIServer

_NEVER_BYTES = 2 * MAX_BODY_BYTES
THREADS = 16
"""Each open page holds one while it waits for news."""


def listen(port: int = 0) -> socket.socket:
    """Return a socket that listens on the loopback address only, 0: at a free port.

    Raises
    ------
    PortTaken
        Another program has that port, or it may not be used.
    """
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    try:
        listener.bind((LOOPBACK, port))
        listener.listen()
    except OSError as error:
        listener.close()
        raise PortTaken(
            Message(
                zh=f"端口 {port} 不能使用（{error.strerror}）。"
                "请换一个，或不写 --port。",
                en=f"Port {port} cannot be used ({error.strerror}). Name another one, "
                "or leave out --port.",
            )
        ) from error
    return listener


def serve(home: Home, listener: socket.socket, announce: Callable[[str], None]) -> None:
    """Serve until Ctrl-C or SIGTERM; requests under way are answered first.

    Parameters
    ----------
    announce : callable
        Gets the address to open, token and all, once connections are taken.
    """
    logging.basicConfig(level=logging.WARNING)
    gate = Gate(listener.getsockname()[1])
    bench = Bench(home)
    server = server_of(create_app(gate, bench), listener)
    announce(gate.entrance)
    signal.signal(signal.SIGTERM, _leave)
    try:
        server.run()
    finally:
        bench.close()
        server.close()


def server_of(app: Flask, listener: socket.socket) -> "BaseWSGIServer":
    """Return what serves the application at the socket.

    Requests and answers stay in memory: the library's own way, a temporary file
    for what is large, would leave photographs on the disk in clear.
    """
    import waitress

    return waitress.create_server(
        app,
        sockets=[listener],
        threads=THREADS,
        ident=None,
        max_request_body_size=MAX_BODY_BYTES + 1,
        inbuf_overflow=_NEVER_BYTES,
        outbuf_overflow=_NEVER_BYTES,
    )


def _leave(_number: int, _frame: FrameType | None) -> None:
    """End like Ctrl-C: waitress waits for its threads, then returns."""
    raise SystemExit(0)
