"""Who may come in: the one page that this program opened, and nobody else.

Any page that the inspector visits can send requests to 127.0.0.1, and any name
can be made to lead there. So a request must name our own host, come from our
own origin, bear the session that the one-time token was exchanged for, and, to
reach the outbox, a header that another origin's page cannot set.
"""

import secrets
import threading
from collections.abc import Mapping

from werkzeug import Request

from fieldkit.local.errors import (
    AccountForeign,
    HeaderMissing,
    HostForeign,
    OriginForeign,
    SessionMissing,
    TokenRefused,
)
from fieldkit.local.peer import is_other_account

LOOPBACK = "127.0.0.1"
HEADER = "X-Fieldkit"
_SECRET_BYTES = 32
_UNCHANGING = frozenset({"GET", "HEAD"})
_OUR_OWN = frozenset({"same-origin", "none"})
# Browsers fetch these without the session; there is nothing in them.
_OPEN = ("/field/manifest.webmanifest", "/field/icons/")


class Gate:
    """One run's secrets: a token that is good once, and the session it buys."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.host = f"{LOOPBACK}:{port}"
        self.origin = f"http://{self.host}"
        # A cookie knows no port: another program's must not be overwritten.
        self.cookie_name = f"fieldkit_{port}"
        self._lock = threading.Lock()
        self._token: str | None = secrets.token_urlsafe(_SECRET_BYTES)
        self._session: str | None = None

    @property
    def entrance(self) -> str:
        """The address to open, with its token."""
        return f"{self.origin}/enter?token={self._token or ''}"

    def enter(self, token: str) -> str:
        """Exchange the token for the session, once.

        Raises
        ------
        TokenRefused
            It is not the token, or it was used.
        """
        with self._lock:
            if self._token is None or not _is_same(token, self._token):
                raise TokenRefused
            self._token, self._session = None, secrets.token_urlsafe(_SECRET_BYTES)
            return self._session

    def require_ours(self, request: Request) -> None:
        """Pass if the request names our host and no other site's page sent it.

        Raises
        ------
        HostForeign, OriginForeign
            In this order.
        """
        headers = request.headers
        if headers.get("Host") != self.host:
            raise HostForeign
        site = headers.get("Sec-Fetch-Site")
        if site is not None and site not in _OUR_OWN:
            raise OriginForeign
        origin = headers.get("Origin")
        if origin is not None and origin != self.origin:
            raise OriginForeign
        is_told = origin is not None or site == "same-origin"
        if request.method not in _UNCHANGING and not is_told:
            raise OriginForeign

    def require_own_account(self, request: Request) -> None:
        """Pass unless another account of this machine is known to be asking.

        Raises
        ------
        AccountForeign
        """
        port = request.environ.get("REMOTE_PORT")
        if port and is_other_account(self.port, int(port)):
            raise AccountForeign

    def require_session(self, request: Request) -> None:
        """Pass if the request bears the session, and our header to reach the outbox.

        Raises
        ------
        SessionMissing, HeaderMissing
            In this order.
        """
        if request.path.startswith(_OPEN):
            return
        if not self._is_known(request.cookies):
            raise SessionMissing
        if not request.path.startswith("/field/") and HEADER not in request.headers:
            raise HeaderMissing

    def _is_known(self, cookies: Mapping[str, str]) -> bool:
        given = cookies.get(self.cookie_name, "")
        return self._session is not None and _is_same(given, self._session)


def _is_same(given: str, secret: str) -> bool:
    return secrets.compare_digest(given.encode("utf-8", "replace"), secret.encode())
