"""The app's modules and the suites that run on them, on loopback, as they lie here."""

import threading
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Self

PROJECT = Path(__file__).parents[2]
SERVED = ("/fieldkit/app/", "/tests/app/", "/tests/browser/suites/", "/sync/vectors/")
BLANK = b"<!doctype html><meta charset=utf-8><title>blank</title>"


class _Quiet(SimpleHTTPRequestHandler):
    def do_GET(self) -> None:
        """Answer a module, or an empty page at ``/``."""
        if self.path == "/":
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            self.wfile.write(BLANK)
        elif self.path.startswith(SERVED):
            super().do_GET()
        else:
            self.send_error(404)

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


class ModuleServer:
    """Serves the work tree's modules at ``http://localhost``, a secure context."""

    def __enter__(self) -> Self:
        handler = partial(_Quiet, directory=str(PROJECT))
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_exc: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    @property
    def url(self) -> str:
        return f"http://localhost:{self._server.server_port}/"
