"""A second, plain HTTP port that serves ``/trust`` and nothing else.

A device that does not trust the authority yet cannot open the TLS port
without a warning, and must not learn to click warnings away. The door is a
process of its own, without the database and the server's key; it ends with
the server that opened it, however that ends.
"""

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from flask import Flask, Response

from geo.errors import Message
from server import access, faults, hardening, logs, trust_page
from server.access import Access
from server.addresses import address
from server.errors import TlsFault
from server.serving import waitress_options
from server.settings import Settings
from server.tls.files import OwnFiles
from server.tls.own import load_authority_certificate
from server.tls.pair import read_certificates
from server.tls.places import places_of

_THREADS = 4
_MAX_BODY_BYTES = 1024
_LISTENING = "listening"


def create_door(settings: Settings) -> Flask:
    """Return the application behind the door."""
    app = Flask("server", static_folder=None)
    logs.install(app)
    hardening.install(app)
    access.install(app, _nobody)
    faults.install(app)
    trust_page.install(app, settings)
    app.add_url_rule("/", "door", access.access(Access.PUBLIC)(_to_the_page))
    return app


@contextmanager
def trust_door(settings: Settings) -> Iterator[str | None]:
    """Keep the door open inside the block; yield the page's URL, None without one.

    Raises
    ------
    TlsFault
        ``tls-none``: there is no authority to show; ``trust-port-unusable``:
        the port cannot be listened on.
    """
    if not settings.trust_port:
        yield None
        return
    files = OwnFiles.of(settings)
    load_authority_certificate(files)
    environ = os.environ | {
        "GI_HOME": str(settings.home),
        "GI_HOST": settings.host,
        "GI_TRUST_PORT": str(settings.trust_port),
    }
    command = [sys.executable, "-m", "server.trust_door"]
    with subprocess.Popen(
        command, env=environ, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        try:
            _require_listening(process, settings.trust_port)
            yield f"{_shown_address(settings, files)}/trust"
        finally:
            process.terminate()


def main() -> None:
    """Serve the door until whoever opened it is gone."""
    import waitress

    settings = Settings.read()
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the server's to hear
    logs.configure()
    options = waitress_options(settings) | {
        "threads": _THREADS,
        "max_request_body_size": _MAX_BODY_BYTES,
    }
    server = waitress.create_server(
        create_door(settings), host=settings.host, port=settings.trust_port, **options
    )
    sys.stdout.write(f"{_LISTENING}\n")
    sys.stdout.flush()
    threading.Thread(target=_end_with_opener, daemon=True).start()
    server.run()


def _end_with_opener() -> None:
    """End once the pipe from the opener breaks, which no kind of death prevents."""
    sys.stdin.read()
    os._exit(0)


def _require_listening(process: "subprocess.Popen[str]", port: int) -> None:
    assert process.stdout is not None
    if process.stdout.readline().strip() != _LISTENING:
        raise TlsFault(
            "trust-port-unusable",
            Message(
                zh=f"端口 {port}（--trust-port）无法使用，可能已被占用：请换一个端口",
                en=f"port {port} (--trust-port) cannot be used, something else may "
                "listen there: take another",
            ),
        )


def _shown_address(settings: Settings, files: OwnFiles) -> str:
    """Return an address that devices can open, where the server listens everywhere."""
    port = settings.trust_port
    if settings.host in ("0.0.0.0", "::") and files.server.exists():
        urls = places_of(read_certificates(files.server)[0]).urls(port)
        if urls:
            return urls[0].replace("https://", "http://")
    return address(settings.host, port)


def _to_the_page() -> Response:
    return Response(status=302, headers={"Location": "/trust"})


def _nobody(_request: object) -> None:
    """Let no device in: there is nothing here for it."""
    raise AssertionError("the door has no device API")


if __name__ == "__main__":
    main()
