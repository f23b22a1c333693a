"""Serving the application: gunicorn where there is fork, waitress on Windows."""

import signal
import socket
import struct
import sys
from collections.abc import Callable
from types import FrameType
from typing import Any

from flask import Flask

from geo.errors import Message
from server import logs
from server.addresses import address
from server.api.bodies import MAX_BODY_BYTES
from server.app import create_app
from server.errors import TlsFault
from server.settings import Settings
from server.tls.handshake import Handshakes
from server.tls.pair import Pair

GRACEFUL_S = 30
WORKER_TIMEOUT_S = 300
MAX_HEADER_BYTES = 16 * 1024


def serve(
    settings: Settings, announce: Callable[[str], None], pair: Pair | None = None
) -> None:
    """Serve until told to stop; requests under way are answered first.

    Parameters
    ----------
    settings : Settings
        With port 0 a free one is taken.
    announce : callable
        Gets the address, once connections are taken.
    pair : Pair, optional
        The certificate to speak TLS with; without one the server speaks HTTP.

    Raises
    ------
    TlsFault
        ``tls-not-on-windows``: waitress, which serves there, has no TLS.
    """
    if sys.platform == "win32":
        require_plain(pair)
        serve_with_waitress(settings, announce)
    else:
        serve_with_gunicorn(settings, announce, pair)


def require_plain(pair: Pair | None) -> None:
    """Require that no TLS is asked of a server that has none: never silently in clear.

    Raises
    ------
    TlsFault
        ``tls-not-on-windows``.
    """
    if pair is not None:
        raise TlsFault(
            "tls-not-on-windows",
            Message(
                zh="本程序在 Windows 上不能直接提供 TLS：请在前面放置 TLS 代理"
                f"（如 nginx 或 IIS，使用证书 {pair.certificate_path}），并以 --no-tls "
                "运行本程序",
                en="on Windows this program has no TLS of its own: put a TLS proxy in "
                f"front (nginx or IIS, with {pair.certificate_path}) and run this "
                "with --no-tls",
            ),
        )


def waitress_options(settings: Settings) -> dict[str, Any]:
    """Return how waitress is to run.

    It must not strip the headers of proxies: their presence is what tells
    `server.access` that a caller is not of this machine.
    """
    return {
        "threads": settings.threads,
        "clear_untrusted_proxy_headers": False,
        "channel_timeout": settings.idle_seconds,
        "max_request_header_size": MAX_HEADER_BYTES,
        "max_request_body_size": MAX_BODY_BYTES + 1,
        "ident": None,
    }


def gunicorn_options(
    settings: Settings, announce: Callable[[str], None], pair: Pair | None = None
) -> dict[str, Any]:
    """Return how gunicorn is to run."""
    scheme = "http" if pair is None else "https"

    def when_ready(arbiter: Any) -> None:
        listener = arbiter.LISTENERS[0]
        _end_idle_connections(listener.sock, settings.idle_seconds)
        host, port = listener.sock.getsockname()[:2]
        announce(address(host, port, scheme))

    return {
        **({} if pair is None else _tls_options(pair, settings.idle_seconds)),
        "bind": _bind(settings),
        "workers": settings.workers,
        "worker_class": "gthread",
        "threads": settings.threads,
        "timeout": WORKER_TIMEOUT_S,
        "graceful_timeout": GRACEFUL_S,
        "keepalive": 15,
        "proc_name": "gi-server",
        "control_socket_disable": True,
        "loglevel": "warning",
        "logger_class": _quiet_logger(),
        "when_ready": when_ready,
        "post_worker_init": lambda _worker: logs.configure(),
    }


def _tls_options(pair: Pair, idle_seconds: int) -> dict[str, Any]:
    handshakes = Handshakes(pair, idle_seconds)
    return {
        "certfile": str(pair.certificate_path),
        "keyfile": str(pair.key_path),
        "ssl_context": lambda _config, _default: handshakes.context(),
    }


def serve_with_gunicorn(
    settings: Settings, announce: Callable[[str], None], pair: Pair | None = None
) -> None:
    """Serve from ``settings.workers`` processes, replaced if one dies."""
    from gunicorn.app.base import BaseApplication

    class Application(BaseApplication):  # type: ignore[misc]
        def load_config(self) -> None:
            for name, value in gunicorn_options(settings, announce, pair).items():
                self.cfg.set(name, value)

        def load(self) -> Flask:
            return create_app(settings)

    Application().run()


def serve_with_waitress(settings: Settings, announce: Callable[[str], None]) -> None:
    """Serve from one process; its threads finish what is under way at the end."""
    import waitress

    logs.configure()
    server = waitress.create_server(
        create_app(settings),
        host=settings.host,
        port=settings.port,
        **waitress_options(settings),
    )
    announce(address(server.effective_host, int(server.effective_port)))
    signal.signal(signal.SIGTERM, _leave)
    server.run()
    server.close()


def _leave(_number: int, _frame: FrameType | None) -> None:
    """End like Ctrl-C: waitress waits for its threads, then returns."""
    raise SystemExit(0)


def _bind(settings: Settings) -> str:
    host = f"[{settings.host}]" if ":" in settings.host else settings.host
    return f"{host}:{settings.port}"


def _end_idle_connections(listener: socket.socket, idle_s: int) -> None:
    """Give up connections that stay silent: their sockets inherit this limit.

    A link that dies without a word would otherwise hold one of our threads
    for ever, and such links are what devices in the hills have.
    """
    limit = struct.pack("ll", idle_s, 0)  # struct timeval
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_RCVTIMEO, limit)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_SNDTIMEO, limit)


def _quiet_logger() -> type[Any]:
    """Return gunicorn's logger without its handlers: ours writes its lines too."""
    from gunicorn.glogging import Logger

    class JsonLogger(Logger):  # type: ignore[misc]
        def setup(self, cfg: Any) -> None:
            super().setup(cfg)
            self.error_log.handlers[:] = []
            self.error_log.propagate = True

    return JsonLogger
