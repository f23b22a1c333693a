"""One device's conversation with its server during one sync."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar, NamedTuple, Protocol, TypeVar

from fieldkit.exit_codes import ExitCode
from fieldkit.link.sign_in import SignIn
from fieldkit.link.transport import Transport, TransportError
from fieldkit.runner.report import Stage, SyncReport
from geo.errors import Message
from sync.errors import MalformedJws
from sync.jws import parse
from sync.keys import VerifyingKey
from sync.outbox_port import Outbox

T = TypeVar("T")


class Volume(NamedTuple):
    """Photographs in bytes: what is at the server, of all that are meant."""

    bytes: int
    bytes_total: int


class Progress(Protocol):
    """Told how far a sync has come."""

    def __call__(
        self, stage: Stage, done: int, total: int | None, volume: Volume | None = None
    ) -> None:
        """Take how much of a stage is done, and of how much, where that is known."""


class ReceiptNotBelieved(TransportError):
    """A receipt came that our server did not sign; nothing was taken from it."""

    code: ClassVar[str] = "receipt-not-believed"
    exit_code: ClassVar[ExitCode] = ExitCode.PROTOCOL

    def __init__(self, detail: str) -> None:
        super().__init__(
            Message(
                zh=f"收到的回执不是本服务器签发的，未采信，记录仍留在本机（{detail}）",
                en=f"a receipt came that our server did not sign: not believed, "
                f"the records stay here ({detail})",
            )
        )


@dataclass(frozen=True)
class Exchange:
    """What every step of a sync works with; it speaks for one device identity.

    A device that enrolled anew may still hold records of its earlier
    identity: each identity has an exchange of its own, over one outbox.
    """

    transport: Transport
    sign_in: SignIn
    server_key: VerifyingKey
    outbox: Outbox
    report: SyncReport
    progress: Progress
    note_contact: Callable[[str], None] = lambda _server_time: None
    is_current: bool = True

    @property
    def device_id(self) -> str:
        """The identity that this exchange speaks for."""
        return self.sign_in.identity.device_id

    def call(self, ask: Callable[[str], T]) -> T:
        """Return ``ask(token)``, signing in anew where the token has run out."""
        return self.sign_in.call(ask)

    def owns(self, compact: str) -> bool:
        """Tell whether a sealed record was sealed by this identity."""
        try:
            return parse(compact).kid == self.device_id
        except MalformedJws:
            return False
