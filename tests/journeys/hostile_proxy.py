"""A loopback HTTP proxy that misbehaves exactly where a test tells it to.

It stands between a device and the server, on real sockets. Every connection
carries one request. Nothing sleeps: a held reply waits for an event.
"""

import contextlib
import itertools
import re
import socket
import threading
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Self

from journeys.wire import (
    CHUNK_BYTES,
    LinkCut,
    one_shot,
    parse_head,
    read_body,
    read_head,
    reset,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

HOLD_LIMIT_S = 60.0


@dataclass(frozen=True)
class LoseReply:
    """The server commits and answers; the device never hears of it."""


@dataclass(frozen=True)
class CutUpload:
    """The link breaks when this much of the request's body has gone out."""

    after_bytes: int


@dataclass(frozen=True)
class TruncateReply:
    """Only the first bytes of the reply's body come through."""

    after_bytes: int


@dataclass(frozen=True)
class Answer:
    """Something on the way answers instead of the server."""

    status: int
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""


@dataclass
class Hold:
    """The reply waits until the test lets it go (or is dropped with it)."""

    arrived: threading.Event = field(default_factory=threading.Event)
    released: threading.Event = field(default_factory=threading.Event)
    before_server: bool = False

    def wait(self) -> None:
        """Tell the test that the request is here, and wait for its word."""
        self.arrived.set()
        self.released.wait(HOLD_LIMIT_S)


Fault = LoseReply | CutUpload | TruncateReply | Answer | Hold


def busy(retry_after_s: int) -> Answer:
    """A server that is there, but asks for a pause."""
    return Answer(503, (("Retry-After", str(retry_after_s)),))


def captive_portal() -> Answer:
    """The hotel's sign-in page: 200, and nothing of ours."""
    page = b"<html><title>Free WiFi</title></html>"
    return Answer(200, (("Content-Type", "text/html"),), page)


@dataclass(frozen=True)
class Seen:
    """One request as it came over the wire."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes


@dataclass
class _Rule:
    method: str
    path: re.Pattern[str]
    fault: Fault
    times: float

    def take(self, seen: Seen) -> bool:
        fits = self.method == seen.method and self.path.search(seen.path) is not None
        if not fits or self.times <= 0:
            return False
        self.times -= 1
        return True


class HostileProxy:
    """Forward to ``(host, port)`` and misbehave by rule.

    Attributes
    ----------
    seen : list of Seen
        Every request whose headers arrived, in order.
    choose : callable
        Asked for a fault when no rule takes the request; None means none.
    """

    def __init__(self, host: str, port: int) -> None:
        self._upstream = self._first = (host, port)
        self._rules: list[_Rule] = []
        self._guard = threading.Lock()
        self._budgets: Iterator[int] | None = None
        self._budget = 0
        self.link_cuts = 0
        self.bytes_through = 0
        self.seen: list[Seen] = []
        self.choose: Callable[[Seen], Fault | None] = lambda _seen: None
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=64)
        self.port: int = self._listener.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"

    def __enter__(self) -> Self:
        self._listen()
        return self

    def __exit__(self, *_exc: object) -> None:
        self.stop()

    def stop(self) -> None:
        """Nobody answers at this address any more."""
        # A blocked accept() does not notice close() on Linux; shutdown() wakes it.
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()

    def start(self) -> None:
        """Answer again, at the address used before."""
        if self._listener.fileno() == -1:
            self._listener = socket.create_server(("127.0.0.1", self.port), backlog=64)
            self._listen()

    def lead_to(self, port: int) -> None:
        """Lead to another server, until all is as in the beginning."""
        self._upstream = (self._first[0], port)

    def as_in_the_beginning(self) -> None:
        """Behave, lead where it led, and have seen nothing."""
        self.start()
        self.heal()
        with self._guard:
            self._upstream = self._first
            self.link_cuts = self.bytes_through = 0
            self.seen.clear()

    def rule(self, method: str, path: str, fault: Fault, *, times: float = 1) -> Fault:
        """Apply `fault` to the next `times` requests that fit."""
        with self._guard:
            self._rules.append(_Rule(method, re.compile(path), fault, times))
        return fault

    def cut_link_every(self, *sizes_bytes: int) -> None:
        """Break the link after each of these many bytes, over and over."""
        with self._guard:
            self._budgets = itertools.cycle(sizes_bytes)
            self._budget = next(self._budgets)

    def heal(self) -> None:
        """Behave from now on."""
        with self._guard:
            self._rules.clear()
            self._budgets = None
            self.choose = lambda _seen: None

    def count(self, method: str, path: str) -> int:
        """How many requests of this kind came."""
        return sum(
            s.method == method and re.search(path, s.path) is not None
            for s in self.seen
        )

    def _listen(self) -> None:
        told = (self._listener,)
        threading.Thread(target=self._accept, args=told, daemon=True).start()

    def _accept(self, listener: socket.socket) -> None:
        while True:
            try:
                client, _address = listener.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(client,), daemon=True).start()

    def _serve(self, client: socket.socket) -> None:
        with client:
            client.settimeout(HOLD_LIMIT_S)
            try:
                self._exchange(client)
            except OSError:
                reset(client)

    def _exchange(self, client: socket.socket) -> None:
        head, rest = read_head(client, self._spend)
        method, path, headers = parse_head(head)
        length = int(headers.get("content-length", "0"))
        fault = self._fault_for(Seen(method, path, headers, b""))
        if isinstance(fault, CutUpload):
            body = read_body(client, rest, min(length, fault.after_bytes), self._spend)
            self._note(method, path, headers, body)
            self._forward_torn(head, body)
            raise LinkCut
        body = read_body(client, rest, length, self._spend)
        self._note(method, path, headers, body)
        reply = self._reply_to(head, body, fault)
        self._deliver(client, reply, fault)

    def _note(
        self, method: str, path: str, headers: dict[str, str], body: bytes
    ) -> None:
        with self._guard:
            self.seen.append(Seen(method, path, headers, body))

    def _fault_for(self, seen: Seen) -> Fault | None:
        with self._guard:
            for rule in self._rules:
                if rule.take(seen):
                    return rule.fault
            return self.choose(seen)

    def _reply_to(self, head: bytes, body: bytes, fault: Fault | None) -> bytes:
        if isinstance(fault, Answer):
            return _answer_bytes(fault)
        if isinstance(fault, Hold) and fault.before_server:
            fault.wait()
        return self._ask_server(head, body)

    def _deliver(
        self, client: socket.socket, reply: bytes, fault: Fault | None
    ) -> None:
        if isinstance(fault, LoseReply):
            raise LinkCut
        if isinstance(fault, Hold) and not fault.before_server:
            fault.wait()
        if isinstance(fault, TruncateReply):
            reply = reply[: reply.index(b"\r\n\r\n") + 4 + fault.after_bytes]
        for start in range(0, len(reply), CHUNK_BYTES):
            piece = reply[start : start + CHUNK_BYTES]
            self._spend(len(piece))
            client.sendall(piece)

    def _ask_server(self, head: bytes, body: bytes) -> bytes:
        with socket.create_connection(self._upstream, HOLD_LIMIT_S) as server:
            server.sendall(one_shot(head) + body)
            return b"".join(iter(lambda: server.recv(65536), b""))

    def _forward_torn(self, head: bytes, body: bytes) -> None:
        """Give the server what the broken link let through, and no more."""
        with (
            contextlib.suppress(OSError),
            socket.create_connection(self._upstream, HOLD_LIMIT_S) as server,
        ):
            server.sendall(one_shot(head) + body)
            server.shutdown(socket.SHUT_WR)
            while server.recv(65536):
                pass

    def _spend(self, amount: int) -> None:
        with self._guard:
            self.bytes_through += amount
            if self._budgets is None:
                return
            self._budget -= amount
            if self._budget <= 0:
                self._budget = next(self._budgets)
                self.link_cuts += 1
                raise LinkCut


def _answer_bytes(answer: Answer) -> bytes:
    lines = [f"HTTP/1.1 {answer.status} Because"]
    lines += [f"{name}: {value}" for name, value in answer.headers]
    lines += [f"Content-Length: {len(answer.body)}", "Connection: close", "", ""]
    return "\r\n".join(lines).encode("latin-1") + answer.body
