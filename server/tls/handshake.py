"""How the server shakes hands: TLS 1.2 or newer, and nobody keeps it waiting."""

import ssl
from pathlib import Path

from server.tls.pair import Pair

OLDEST = ssl.TLSVersion.TLSv1_2


class PatientSocket(ssl.SSLSocket):
    """A TLS socket on which "blocking" means: for so many seconds at most.

    A plain socket ends by the kernel's limit; TLS would read again after it,
    for ever.
    """

    idle_s = 60.0

    def settimeout(self, value: float | None, /) -> None:
        """Set how long an operation may take; None: the longest there is."""
        super().settimeout(self.idle_s if value is None else value)

    def setblocking(self, flag: bool, /) -> None:
        """Wait `idle_s` seconds at most, or not at all."""
        self.settimeout(None if flag else 0.0)


class Handshakes:
    """The context of one process, made anew once the pair's files were renewed.

    One context for all connections lets devices resume their sessions, which
    spares a round trip on links that are slow enough.
    """

    def __init__(self, pair: Pair, idle_seconds: int) -> None:
        self._pair = pair
        self._socket = type("_Socket", (PatientSocket,), {"idle_s": idle_seconds})
        self._seen = self._state()
        self._context = self._fresh()

    def context(self) -> ssl.SSLContext:
        """Return the context; half-written or unusable new files change nothing."""
        state = self._state()
        if state != self._seen:
            try:
                self._context = self._fresh()
            except (OSError, ssl.SSLError):
                return self._context
            self._seen = state
        return self._context

    def _fresh(self) -> ssl.SSLContext:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.minimum_version = OLDEST
        context.options |= ssl.OP_NO_RENEGOTIATION
        context.sslsocket_class = self._socket
        context.load_cert_chain(self._pair.certificate_path, self._pair.key_path)
        return context

    def _state(self) -> tuple[tuple[int, int], ...]:
        return tuple(
            _state_of(path)
            for path in (self._pair.certificate_path, self._pair.key_path)
        )


def _state_of(path: Path) -> tuple[int, int]:
    try:
        found = path.stat()
    except OSError:
        return (0, 0)
    return (found.st_mtime_ns, found.st_ino)
