"""What the local server refuses beyond what the device itself refuses.

FieldkitError
├── NotLetIn               the request does not come from the page we opened
│   ├── HostForeign        another host is named: a name was rebound to us
│   ├── OriginForeign      another site's page sent it
│   ├── AccountForeign     another account of this machine asks for the session
│   ├── HeaderMissing      no page of ours leaves out this header
│   ├── TokenRefused       the one-time token is wrong or was used
│   └── SessionMissing     there is no session, or one of an earlier run
├── RequestUnreadable      the request's content or a parameter is not as it must be
└── PortTaken              another program listens at the port
"""

from typing import ClassVar

from fieldkit.errors import FieldkitError, InputRefused
from fieldkit.exit_codes import ExitCode
from geo.errors import Message


class NotLetIn(FieldkitError):
    """The request is not one of the page that this program opened."""

    code: ClassVar[str] = "not-let-in"
    words: ClassVar[Message] = Message(
        zh="此地址只供本机的巡检页面使用。请在终端运行 fieldkit app，用它打开的页面。",
        en="This address serves this machine's own field app. Run fieldkit app in a "
        "terminal and use the page that it opens.",
    )

    def __init__(self) -> None:
        super().__init__(self.words)


class HostForeign(NotLetIn):
    """The Host is not the address we listen at (DNS rebinding)."""

    code: ClassVar[str] = "host-foreign"


class OriginForeign(NotLetIn):
    """A page of another origin sent the request (CSRF)."""

    code: ClassVar[str] = "origin-foreign"


class AccountForeign(NotLetIn):
    """Another account of this machine follows the one-time link."""

    code: ClassVar[str] = "account-foreign"


class HeaderMissing(NotLetIn):
    """The header that only our own script can set is not there."""

    code: ClassVar[str] = "header-missing"


class TokenRefused(NotLetIn):
    """The one-time token is wrong, or was used before."""

    code: ClassVar[str] = "token-refused"
    words: ClassVar[Message] = Message(
        zh="此链接无效或已用过。请在终端按 Ctrl-C 结束，再运行 fieldkit app。",
        en="This link is wrong or was used before. End the program with Ctrl-C in its "
        "terminal and run fieldkit app again.",
    )


class SessionMissing(NotLetIn):
    """No session, or one of a program that has ended."""

    code: ClassVar[str] = "session-missing"


class RequestUnreadable(InputRefused):
    """The request's content or a parameter of it cannot be read."""

    code: ClassVar[str] = "request-unreadable"


class PortTaken(FieldkitError):
    """Another program listens at the port asked for."""

    code: ClassVar[str] = "port-taken"
    exit_code: ClassVar[ExitCode] = ExitCode.BUSY
