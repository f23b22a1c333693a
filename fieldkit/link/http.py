"""The server over HTTP: one httpx2 client, handed in; TLS is always verified.

Whatever may pass by itself (no link, a busy server) is tried again with
growing, jittered pauses that honour Retry-After; everything else is raised at
once (lessons 5 and 7).
"""

import gzip
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

import httpx2
import stamina
from stamina.instrumentation import set_on_retry_hooks

from fieldkit.link.authority import trusting_only
from fieldkit.link.replies import (
    Reply,
    link_error,
    problem_words,
    refused,
    retry_after_s,
)
from fieldkit.link.transport import (
    AddressUnusable,
    BlobState,
    Enrolled,
    LinkDown,
    PushReply,
    ServerBusy,
    ServerInfo,
    SignInExpired,
    StatusPage,
    TransportError,
)
from sync.backoff import delay_s

# Pauses are told to whoever handed in `on_pause`, in words, and to nobody else.
set_on_retry_hooks(())

ATTEMPTS = 5
PATIENCE_S = 60.0
STATUS_PAGE = 500
TIMEOUT_S = httpx2.Timeout(60.0, connect=10.0)
BUSY = frozenset({429, 502, 503, 504})

Pause = Callable[[float, TransportError], None]


def open_client(server_url: str, authority: bytes | None = None) -> httpx2.Client:
    """Return a client for `server_url` that verifies TLS and follows no redirect.

    Parameters
    ----------
    authority : bytes, optional
        PEM of the only TLS authority to trust; by default the system's store.

    Raises
    ------
    AddressUnusable
        It is no http or https address.
    """
    parts = urlsplit(server_url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise AddressUnusable(server_url)
    return httpx2.Client(
        base_url=server_url.rstrip("/"),
        timeout=TIMEOUT_S,
        verify=True if authority is None else trusting_only(authority),
        headers={"Accept": "application/json", "User-Agent": "gi-fieldkit"},
    )


class HttpTransport:
    """A `fieldkit.link.transport.Transport` over HTTP and JSON.

    Parameters
    ----------
    client : httpx2.Client
        With its base URL and TLS settings; the caller closes it.
    random_unit : callable
        Draws from [0, 1) for the jitter of the pauses.
    on_pause : callable
        Told of each pause (seconds) and its cause before it begins.
    """

    def __init__(
        self,
        client: httpx2.Client,
        random_unit: Callable[[], float],
        on_pause: Pause = lambda _seconds, _cause: None,
    ) -> None:
        self._client = client
        self._random_unit = random_unit
        self._on_pause = on_pause

    def server(self) -> ServerInfo:
        """Ask who is there."""
        reply = Reply(self._call("GET", "/api/v1/server"))
        return ServerInfo(
            jwk=reply.mapping("jwk"),
            thumbprint=reply.text("thumbprint"),
            epoch=reply.integer("epoch"),
            server_time=reply.text("server_time"),
            name=reply.text("name"),
        )

    def enrol(self, code: str, jwk: Mapping[str, Any], proof: str) -> Enrolled:
        """Offer a public key under a one-time code."""
        asked = {"code": code, "jwk": jwk, "proof": proof}
        reply = Reply(self._call("POST", "/api/v1/devices", document=asked))
        unit = Reply.of(reply.mapping("unit"))
        return Enrolled(
            device_id=reply.text("device_id"),
            certificate=reply.text("certificate"),
            token=reply.text("token"),
            token_expires_at=reply.text("token_expires_at"),
            server_jwk=reply.mapping("server_jwk"),
            epoch=reply.integer("epoch"),
            unit_code=unit.text("code"),
            unit_name=unit.text("name"),
            officers=reply.mappings("officers"),
        )

    def challenge(self, device_id: str) -> str:
        """Ask for something to sign."""
        asked = {"device_id": device_id}
        answer = self._call("POST", "/api/v1/devices/challenge", document=asked)
        return Reply(answer).text("challenge")

    def token(self, certificate: str, proof: str) -> str:
        """Exchange a signed challenge for a token."""
        asked = {"certificate": certificate, "proof": proof}
        answer = self._call("POST", "/api/v1/devices/token", document=asked)
        return Reply(answer).text("token")

    def push(
        self,
        token: str,
        records: Sequence[str],
        last_receipt: str | None,
        certificate: str,
    ) -> PushReply:
        """Offer sealed records, gzipped."""
        asked = {
            "records": list(records),
            "last_receipt": last_receipt,
            "certificate": certificate,
        }
        answer = self._call("POST", "/api/v1/records", token=token, document=asked)
        reply = Reply(answer)
        return PushReply(
            epoch=reply.integer("epoch"),
            server_time=reply.text("server_time"),
            receipts=reply.texts("receipts"),
            items=reply.mappings("items"),
        )

    def status(self, token: str, after: int) -> StatusPage:
        """Read what became of records after a position."""
        path = f"/api/v1/records/status?after={after}&limit={STATUS_PAGE}"
        reply = Reply(self._call("GET", path, token=token))
        return StatusPage(
            reply.mappings("events"), reply.integer("next"), reply.flag("more")
        )

    def blob(self, token: str, sha256: str) -> BlobState:
        """Ask which parts of a photograph are missing."""
        return _blob_state(self._call("GET", f"/api/v1/blobs/{sha256}", token=token))

    def put_part(self, token: str, sha256: str, number: int, part: bytes) -> BlobState:
        """Send one part of a photograph."""
        path = f"/api/v1/blobs/{sha256}/parts/{number}"
        return _blob_state(self._call("PUT", path, token=token, part=part))

    def manifest(self, token: str) -> str:
        """Fetch the signed list of reference documents."""
        return Reply(self._call("GET", "/api/v1/reference", token=token)).text(
            "manifest"
        )

    def document(self, token: str, sha256: str) -> bytes:
        """Fetch one reference document, unchecked."""
        return self._call("GET", f"/api/v1/reference/{sha256}", token=token).content

    def _call(
        self,
        method: str,
        path: str,
        *,
        token: str | None = None,
        document: Mapping[str, Any] | None = None,
        part: bytes | None = None,
    ) -> httpx2.Response:
        headers, content = _encoded(document, part)
        if token is not None:
            headers["Authorization"] = f"Bearer {token}"
        request = self._client.build_request(
            method, path, content=content, headers=headers
        )
        failures = 0

        def pause_s(cause: Exception) -> bool | float:
            nonlocal failures
            failures += 1
            return self._pause_s(cause, failures)

        for attempt in stamina.retry_context(pause_s, attempts=ATTEMPTS, timeout=None):
            with attempt:
                return self._once(request)
        raise AssertionError("stamina ends by return or raise")

    def _pause_s(self, cause: Exception, failures: int) -> bool | float:
        """How long to wait before the next try; False is never again."""
        if not isinstance(cause, LinkDown | ServerBusy) or failures >= ATTEMPTS:
            return False
        asked_s = cause.retry_after_s if isinstance(cause, ServerBusy) else None
        if asked_s is not None and asked_s > PATIENCE_S:
            return False
        pause = delay_s(failures - 1, self._random_unit(), asked_s)
        self._on_pause(pause, cause)
        return pause

    def _once(self, request: httpx2.Request) -> httpx2.Response:
        try:
            response = self._client.send(request)
        except httpx2.HTTPError as error:
            raise link_error(error) from error
        if response.is_success:
            return response
        if response.status_code == 401:
            raise SignInExpired(problem_words(response)[1])
        if response.status_code in BUSY or response.status_code >= 500:
            raise ServerBusy(response.status_code, retry_after_s(response))
        raise refused(response)


def _encoded(
    document: Mapping[str, Any] | None, part: bytes | None
) -> tuple[dict[str, str], bytes | None]:
    if document is not None:
        text = json.dumps(document, ensure_ascii=False, separators=(",", ":"))
        headers = {"Content-Type": "application/json", "Content-Encoding": "gzip"}
        return headers, gzip.compress(text.encode(), 6, mtime=0)
    if part is not None:
        return {"Content-Type": "application/octet-stream"}, part
    return {}, None


def _blob_state(response: httpx2.Response) -> BlobState:
    reply = Reply(response)
    return BlobState(
        sha256=reply.text("sha256"),
        part_bytes=reply.integer("part_bytes"),
        missing=reply.integers("missing"),
        is_complete=reply.text("state") == "complete",
        receipt=reply.text_or_none("receipt"),
    )


@contextmanager
def over_http(
    server_url: str,
    random_unit: Callable[[], float],
    on_pause: Pause,
    authority: bytes | None = None,
) -> Iterator[HttpTransport]:
    """Open the way to a server, and close it; `authority` as in `open_client`."""
    with open_client(server_url, authority) as client:
        yield HttpTransport(client, random_unit, on_pause)
