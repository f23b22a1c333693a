"""Who may call what: every endpoint declares its access class, or nobody may.

Until accounts exist, whatever is not enrolment, the device API or a file of
the field app is for this machine alone. A proxy in front would make every
caller look local, so the mere presence of a proxy's header refuses.
"""

import ipaddress
from collections.abc import Callable, Mapping
from enum import StrEnum
from typing import Any, TypeVar

from flask import Flask, Request, current_app, request

from geo.errors import Message
from server.errors import RequestRefused

View = TypeVar("View", bound=Callable[..., Any])
_ATTRIBUTE = "gi_access"
_PROXY_HEADERS = {"FORWARDED", "VIA", "X_REAL_IP", "X_CLIENT_IP", "TRUE_CLIENT_IP"}
_PROXY_PREFIX = "X_FORWARDED"
_LOCAL_NAME = "localhost"


class Access(StrEnum):
    """Who an endpoint answers to."""

    ENROLMENT = "enrolment"  # anyone: proves itself inside the request
    DEVICE = "device"  # whoever holds a token that this server signed
    LOOPBACK = "loopback"  # this machine, and no proxy in between
    PUBLIC = "public"  # anyone: a file that holds no data


def access(kind: Access) -> Callable[[View], View]:
    """Declare who a view answers to."""

    def declare(view: View) -> View:
        setattr(view, _ATTRIBUTE, kind)
        return view

    return declare


def declared_access(app: Flask, endpoint: str) -> Access | None:
    """Return what the endpoint declares; None: nothing, so it answers nobody."""
    kind = getattr(app.view_functions[endpoint], _ATTRIBUTE, None)
    return kind if isinstance(kind, Access) else None


def install(app: Flask, require_device: Callable[[Request], None]) -> None:
    """Check each request before its view runs.

    Parameters
    ----------
    require_device : callable
        Raises ``SignInRefused`` unless the request bears a good token.
    """

    @app.before_request
    def require_access() -> None:
        if request.endpoint is None:
            return  # no such address: the 404 says nothing else
        kind = declared_access(current_app, request.endpoint)
        if kind is Access.DEVICE:
            require_device(request)
        elif kind is Access.LOOPBACK:
            require_loopback(request.environ)
        elif kind not in (Access.ENROLMENT, Access.PUBLIC):
            raise RequestRefused(
                "access-undeclared",
                Message(zh="此地址未声明访问权限", en="no access was declared here"),
            )


def require_loopback(environ: Mapping[str, Any]) -> None:
    """Let pass a request of this machine that came through no proxy.

    The Host must be a loopback address or ``localhost`` too: a foreign page
    whose name was rebound to 127.0.0.1 would otherwise read our answers.

    Raises
    ------
    RequestRefused
        Another machine, a proxy's header, or a foreign Host.
    """
    proxied = any(_is_proxy_header(name) for name in environ)
    if (
        proxied
        or not _is_loopback(environ.get("REMOTE_ADDR"))
        or not is_local_host(environ.get("HTTP_HOST", ""))
    ):
        raise RequestRefused(
            "loopback-only",
            Message(
                zh="此页面只能在服务器本机上、不经代理访问",
                en="this is answered on the server's own machine, without a proxy",
            ),
        )


def _is_proxy_header(name: str) -> bool:
    header = name.removeprefix("HTTP_")
    return header != name and (
        header in _PROXY_HEADERS or header.startswith(_PROXY_PREFIX)
    )


def _is_loopback(address: str | None) -> bool:
    try:
        found = ipaddress.ip_address(address or "")
    except ValueError:
        return False
    mapped = getattr(found, "ipv4_mapped", None)
    return bool((mapped or found).is_loopback)


def is_local_host(host: str) -> bool:
    """Tell whether a host, with or without a port, is this machine by its name."""
    name = host.rsplit(":", 1)[0] if not host.endswith("]") else host
    return name == _LOCAL_NAME or _is_loopback(name.strip("[]"))
