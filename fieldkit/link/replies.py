"""Reading the server's answers strictly: what does not fit is not of this protocol."""

import json
import ssl
from collections.abc import Mapping
from typing import Any, Self, TypeVar

import httpx2

from fieldkit.link.transport import (
    LinkDown,
    ProtocolBroken,
    RequestRefused,
    TlsRefused,
    TransportError,
)
from geo.errors import Message

T = TypeVar("T")

CUT_SHORT = "body-truncated"
"""The server's word for an upload that something on the way cut off."""


class Reply:
    """A JSON object from the server, each member read with its type.

    Raises
    ------
    ProtocolBroken
        The answer is no JSON object, or a member is missing or of another type.
    """

    def __init__(self, response: httpx2.Response) -> None:
        kind = response.headers.get("Content-Type", "").partition(";")[0]
        if kind != "application/json":
            raise ProtocolBroken(kind or "no content type")
        try:
            document = response.json()
        except ValueError as error:
            raise ProtocolBroken("not JSON") from error
        if not isinstance(document, dict):
            raise ProtocolBroken("not a JSON object")
        self._document: Mapping[str, Any] = document

    @classmethod
    def of(cls, document: Mapping[str, Any]) -> Self:
        """Read a part of an answer in the same way."""
        reply = cls.__new__(cls)
        reply._document = document
        return reply

    def text(self, name: str) -> str:
        """Return a text."""
        return self._read(name, str)

    def text_or_none(self, name: str) -> str | None:
        """Return a text, or None where it is null or absent."""
        return None if self._document.get(name) is None else self.text(name)

    def integer(self, name: str) -> int:
        """Return a whole number (a boolean is none)."""
        return self._read(name, int)

    def flag(self, name: str) -> bool:
        """Return a boolean."""
        return self._read(name, bool)

    def mapping(self, name: str) -> Mapping[str, Any]:
        """Return an object."""
        return self._read(name, dict)

    def texts(self, name: str) -> tuple[str, ...]:
        """Return a list of texts."""
        return self._list(name, str)

    def integers(self, name: str) -> tuple[int, ...]:
        """Return a list of whole numbers."""
        return self._list(name, int)

    def mappings(self, name: str) -> tuple[Mapping[str, Any], ...]:
        """Return a list of objects."""
        return self._list(name, dict)

    def _read(self, name: str, kind: type[T]) -> T:
        value = self._document.get(name)
        if type(value) is not kind:
            raise ProtocolBroken(f"{name}: not {kind.__name__}")
        return value

    def _list(self, name: str, kind: type[T]) -> tuple[T, ...]:
        values = self._read(name, list)
        if any(type(value) is not kind for value in values):
            raise ProtocolBroken(f"{name}: not all {kind.__name__}")
        return tuple(values)


def refused(response: httpx2.Response) -> TransportError:
    """Turn a 3xx or 4xx answer into its error: the server's words, or "not ours"."""
    if response.headers.get("Content-Type", "").startswith("application/problem+json"):
        code, message = problem_words(response)
        if code == CUT_SHORT:
            return LinkDown(code)
        return RequestRefused(response.status_code, code, message)
    return ProtocolBroken(f"HTTP {response.status_code}")


def problem_words(response: httpx2.Response) -> tuple[str, Message]:
    """Return the stable code and the words of a problem (RFC 9457), as far as given."""
    try:
        document = json.loads(response.content)
    except ValueError:
        document = None
    if not isinstance(document, dict):
        document = {}
    plain = f"HTTP {response.status_code}"
    zh = document.get("zh")
    chinese = zh if isinstance(zh, dict) else {}
    en_words = _first_text(document, "detail", "title") or plain
    zh_words = _first_text(chinese, "detail", "title") or en_words
    code = _first_text(document, "code") or f"http-{response.status_code}"
    return code, Message(zh=zh_words, en=en_words)


def link_error(error: httpx2.HTTPError) -> TransportError:
    """Tell a link that broke from a server that could not prove who it is."""
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, ssl.SSLEOFError | ssl.SSLZeroReturnError):
            return LinkDown("TLS, closed")
        if isinstance(cause, ssl.SSLError):
            return TlsRefused(cause.reason or type(cause).__name__)
        cause = cause.__cause__ or cause.__context__
    if isinstance(error, httpx2.LocalProtocolError | httpx2.DecodingError):
        return ProtocolBroken(type(error).__name__)
    return LinkDown(type(error).__name__)


def retry_after_s(response: httpx2.Response) -> float | None:
    """Return the seconds of Retry-After; None where absent or a date.

    A date would need a right clock on the device, which nobody promises.
    """
    text = response.headers.get("Retry-After", "").strip()
    return float(text) if text.isascii() and text.isdigit() else None


def _first_text(document: Mapping[str, Any], *names: str) -> str | None:
    for name in names:
        value = document.get(name)
        if isinstance(value, str) and value:
            return value
    return None
