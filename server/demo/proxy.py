"""A bad link on loopback: forwards HTTP, and loses what it is told to lose."""

import contextlib
import http.client
import socket
import threading
from collections import deque
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Self

_HOP_BY_HOP = {"connection", "keep-alive", "transfer-encoding", "host"}
_UPSTREAM_TIMEOUT_S = 60


@dataclass(frozen=True, slots=True)
class Fault:
    """What goes wrong with the next request whose line starts so.

    ``lose_reply`` lets the server do its work and drops the answer;
    otherwise the upload is cut after ``cut_after_bytes`` of the body.
    """

    request_starts: str
    lose_reply: bool = False
    cut_after_bytes: int = 0


@dataclass
class BadLink:
    """A proxy on 127.0.0.1 in front of a server on 127.0.0.1.

    Faults are used up one by one, in the order given; without any it forwards
    faithfully. ``struck`` tells which have happened.
    """

    upstream_port: int
    faults: deque[Fault] = field(default_factory=deque)
    struck: list[Fault] = field(default_factory=list)

    def __enter__(self) -> Self:
        handler = type("Handler", (_Forwarder,), {"bad_link": self})
        self._lock = threading.Lock()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    @property
    def url(self) -> str:
        """The address that devices are given."""
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def next_fault(self, request_line: str) -> Fault | None:
        """Take the fault that is due for a request, if one is."""
        with self._lock:
            for fault in self.faults:
                if request_line.startswith(fault.request_starts):
                    self.faults.remove(fault)
                    self.struck.append(fault)
                    return fault
        return None


class _Forwarder(BaseHTTPRequestHandler):
    bad_link: BadLink
    protocol_version = "HTTP/1.1"

    def _forward(self) -> None:
        fault = self.bad_link.next_fault(f"{self.command} {self.path}")
        length = int(self.headers.get("Content-Length") or 0)
        if fault and not fault.lose_reply:
            self._cut(self.rfile.read(min(length, fault.cut_after_bytes)))
            return
        status, headers, answer = self._ask_upstream(self.rfile.read(length))
        if fault:
            self._hang_up()
            return
        self.send_response_only(status)
        for name, value in headers:
            if name.lower() not in _HOP_BY_HOP | {"content-length"}:
                self.send_header(name, value)
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(answer)

    do_GET = do_POST = do_PUT = do_HEAD = _forward

    def _ask_upstream(self, body: bytes) -> tuple[int, list[tuple[str, str]], bytes]:
        upstream = http.client.HTTPConnection(
            "127.0.0.1", self.bad_link.upstream_port, timeout=_UPSTREAM_TIMEOUT_S
        )
        try:
            headers = {
                name: value
                for name, value in self.headers.items()
                if name.lower() not in _HOP_BY_HOP
            }
            upstream.request(self.command, self.path, body or None, headers)
            answer = upstream.getresponse()
            return answer.status, answer.getheaders(), answer.read()
        finally:
            upstream.close()

    def _cut(self, first_bytes: bytes) -> None:
        """Let the server see the beginning of an upload, and then nothing."""
        head = f"{self.requestline}\r\n{self.headers}".encode("latin-1")
        address = ("127.0.0.1", self.bad_link.upstream_port)
        with socket.create_connection(address) as upstream:
            upstream.sendall(head + first_bytes)
        self._hang_up()

    def _hang_up(self) -> None:
        self.close_connection = True
        with contextlib.suppress(OSError):
            self.connection.shutdown(socket.SHUT_RDWR)

    def log_message(self, format: str, *args: object) -> None:
        """Stay silent: the story tells what happens."""
