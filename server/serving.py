"""Serving the application: gunicorn where there is fork, waitress on Windows."""

import signal
import socket
import struct
import sys
from collections.abc import Callable
from dataclasses import replace
from types import FrameType
from typing import Any

from flask import Flask

from server import logs
from server.app import create_app
from server.settings import Settings

GRACEFUL_S = 30
WORKER_TIMEOUT_S = 300
MAX_HEADER_BYTES = 16 * 1024


def serve(settings: Settings, announce: Callable[[str], None]) -> None:
    """Serve until told to stop; requests under way are answered first.

    Parameters
    ----------
    settings : Settings
        With port 0 a free one is taken.
    announce : callable
        Gets the address, once connections are taken.
    """
    if sys.platform == "win32":
        serve_with_waitress(settings, announce)
    else:
        serve_with_gunicorn(settings, announce)


def address(host: str, port: int) -> str:
    """Return the URL of a listening socket; one on every interface is named locally."""
    name = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)
    return f"http://[{name}]:{port}" if ":" in name else f"http://{name}:{port}"


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
        "ident": None,
    }


def gunicorn_options(
    settings: Settings, announce: Callable[[str], None]
) -> dict[str, Any]:
    """Return how gunicorn is to run."""

    def when_ready(arbiter: Any) -> None:
        listener = arbiter.LISTENERS[0]
        _end_idle_connections(listener.sock, settings.idle_seconds)
        host, port = listener.sock.getsockname()[:2]
        announce(address(host, port))

    return {
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


def serve_with_gunicorn(settings: Settings, announce: Callable[[str], None]) -> None:
    """Serve from ``settings.workers`` processes, replaced if one dies."""
    from gunicorn.app.base import BaseApplication

    class Application(BaseApplication):  # type: ignore[misc]
        def load_config(self) -> None:
            for name, value in gunicorn_options(settings, announce).items():
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


def with_place(
    settings: Settings, host: str | None, port: int | None, workers: int | None
) -> Settings:
    """Return the settings with what the command line says instead, if anything."""
    return replace(
        settings,
        host=settings.host if host is None else host,
        port=settings.port if port is None else port,
        workers=settings.workers if workers is None else workers,
    )
