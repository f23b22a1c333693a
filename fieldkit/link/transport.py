"""What a device may ask of a server, and every way in which that can fail.

The runner knows only this protocol; HTTP is one implementation of it.

Failures::

    TransportError
      x AddressUnusable   not a server's address          stop
      x LinkDown          no answer, or half of one       worth another try
      x ServerBusy        "come back later"               worth another try
      x SignInExpired     the token is no longer good     renew it, once
      x SignInRefused     the server does not know us     stop
      x TlsRefused        the server's certificate        stop
      x ProtocolBroken    an answer that is not ours      stop
      x RequestRefused    the server says no, in words    stop (or skip the photo)
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Protocol

from fieldkit.errors import FieldkitError
from fieldkit.exit_codes import ExitCode
from geo.errors import Message


class TransportError(FieldkitError):
    """The exchange with the server did not come about."""

    code: ClassVar[str] = "transport"
    exit_code: ClassVar[ExitCode] = ExitCode.UNREACHABLE


class AddressUnusable(TransportError):
    """The text given is not the address of a server."""

    code: ClassVar[str] = "address-unusable"
    exit_code: ClassVar[ExitCode] = ExitCode.USAGE

    def __init__(self, address: str) -> None:
        super().__init__(
            Message(
                zh=f"{address} 不是服务器网址，应以 http:// 或 https:// 开头",
                en=f"{address} is not a server's address; it begins with "
                "http:// or https://",
            )
        )


class LinkDown(TransportError):
    """No whole answer came: no link, a link that broke, or nobody listening."""

    code: ClassVar[str] = "link-down"

    def __init__(self, detail: str) -> None:
        super().__init__(
            Message(
                zh=f"连接不上服务器，或连接中断（{detail}）",
                en=f"the server cannot be reached, or the link broke ({detail})",
            )
        )


class ServerBusy(TransportError):
    """The server is there but asks for a pause of ``retry_after_s`` (or none named)."""

    code: ClassVar[str] = "server-busy"

    def __init__(self, status: int, retry_after_s: float | None) -> None:
        self.retry_after_s = retry_after_s
        wait = "" if retry_after_s is None else f", {retry_after_s:g} s"
        super().__init__(
            Message(
                zh=f"服务器暂时繁忙（{status}{wait}），稍后再同步",
                en=f"the server is busy ({status}{wait}); sync again later",
            )
        )


class SignInExpired(TransportError):
    """The token is not accepted; a new one is had by signature."""

    code: ClassVar[str] = "sign-in-expired"
    exit_code: ClassVar[ExitCode] = ExitCode.SIGN_IN_REFUSED


class SignInRefused(TransportError):
    """The server does not accept this device, and a new token does not help."""

    code: ClassVar[str] = "sign-in-refused"
    exit_code: ClassVar[ExitCode] = ExitCode.SIGN_IN_REFUSED


class TlsRefused(TransportError):
    """The server could not prove who it is; nothing was sent to it."""

    code: ClassVar[str] = "tls-refused"
    exit_code: ClassVar[ExitCode] = ExitCode.PROTOCOL

    def __init__(self, detail: str) -> None:
        super().__init__(
            Message(
                zh=f"服务器证书不可信，未发送任何内容（{detail}）。服务器若用自建证书机构，"
                "请在登记时给出其证书：fieldkit enrol --ca 文件",
                en=f"the server's certificate is not trusted; nothing sent ({detail}). "
                "If the bureau has an authority of its own, give its certificate when "
                "enrolling: fieldkit enrol --ca FILE",
            )
        )


class ProtocolBroken(TransportError):
    """An answer came that this protocol does not know: a sign-in page, a proxy."""

    code: ClassVar[str] = "protocol-broken"
    exit_code: ClassVar[ExitCode] = ExitCode.PROTOCOL

    def __init__(self, detail: str) -> None:
        super().__init__(
            Message(
                zh=f"对方的回答不符合协议，可能是上网认证页面或代理（{detail}）",
                en="the answer is not of this protocol: a sign-in page or proxy? "
                f"({detail})",
            )
        )


class RequestRefused(TransportError):
    """The server refused this request, with its own stable ``problem_code``."""

    code: ClassVar[str] = "request-refused"
    exit_code: ClassVar[ExitCode] = ExitCode.PROTOCOL

    def __init__(self, status: int, problem_code: str, message: Message) -> None:
        self.status = status
        self.problem_code = problem_code
        super().__init__(message)


@dataclass(frozen=True, slots=True)
class ServerInfo:
    """Who the server says it is; ``thumbprint`` is of its ``jwk`` (RFC 7638)."""

    jwk: Mapping[str, Any]
    thumbprint: str
    epoch: int
    server_time: str
    name: str


@dataclass(frozen=True, slots=True)
class Enrolled:
    """What the server gives to a device that it has taken in."""

    device_id: str
    certificate: str
    token: str
    token_expires_at: str
    server_jwk: Mapping[str, Any]
    epoch: int
    unit_code: str
    unit_name: str
    officers: Sequence[Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class PushReply:
    """The server's answer to a batch: signed receipts, and its words per item."""

    epoch: int
    server_time: str
    receipts: tuple[str, ...]
    items: tuple[Mapping[str, Any], ...]


@dataclass(frozen=True, slots=True)
class StatusPage:
    """What became of records after a position; ``next`` is the cursor to keep."""

    events: tuple[Mapping[str, Any], ...]
    next: int
    more: bool


@dataclass(frozen=True, slots=True)
class BlobState:
    """How far a photograph has come; ``missing`` are part numbers."""

    sha256: str
    part_bytes: int
    missing: tuple[int, ...]
    is_complete: bool
    receipt: str | None


class Transport(Protocol):
    """The server as a device sees it. Every call may raise a TransportError."""

    def server(self) -> ServerInfo:
        """Ask who is there."""

    def enrol(self, code: str, jwk: Mapping[str, Any], proof: str) -> Enrolled:
        """Offer a public key under a one-time code; a repeat gives the same answer."""

    def challenge(self, device_id: str) -> str:
        """Ask for something to sign."""

    def token(self, certificate: str, proof: str) -> str:
        """Exchange a signed challenge for a token."""

    def push(
        self,
        token: str,
        records: Sequence[str],
        last_receipt: str | None,
        certificate: str,
    ) -> PushReply:
        """Offer sealed records; safe to repeat."""

    def status(self, token: str, after: int) -> StatusPage:
        """Read what became of records after a position."""

    def blob(self, token: str, sha256: str) -> BlobState:
        """Ask which parts of a photograph are missing."""

    def put_part(self, token: str, sha256: str, number: int, part: bytes) -> BlobState:
        """Send one part of a photograph; safe to repeat."""

    def manifest(self, token: str) -> str:
        """Fetch the signed list of reference documents."""

    def document(self, token: str, sha256: str) -> bytes:
        """Fetch one reference document, unchecked."""
