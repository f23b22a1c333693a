"""Sending photographs in parts, so that a link that keeps breaking suffices.

Parts that arrived stay arrived: the server names the missing ones (lesson 19).
"""

from collections.abc import Callable
from typing import Protocol

from fieldkit.link.transport import BlobState, ProtocolBroken, RequestRefused
from fieldkit.runner.exchange import Exchange, ReceiptNotBelieved, Volume
from fieldkit.runner.report import Stage
from geo.errors import Message
from sync.errors import ProtocolError
from sync.outbox_port import PendingBlob
from sync.receipt import BlobReceipt, open_blob_receipt

AT_ONCE = 100
ROUNDS = 2
"""A server that finds the hash wrong drops the parts and asks for them once more."""
MAX_PART_BYTES = 1024 * 1024

GONE = Message(
    zh="照片文件已不在本机，或内容已改变，无法上传",
    en="the photograph is no longer on this device, or no longer the same",
)
NOT_COMPLETE = Message(
    zh="服务器核对照片后仍不完整，下次同步再传",
    en="the server does not find the photograph whole; the next sync sends it again",
)


class PhotoSource(Protocol):
    """Where the device keeps its photographs."""

    def read(self, sha256: str) -> bytes | None:
        """Return the original bytes; None if they are gone or altered."""


def send_photos(
    exchange: Exchange,
    photos: PhotoSource,
    note_missing: Callable[[str], None] = lambda _sha256: None,
    before_part: Callable[[], None] = lambda: None,
) -> None:
    """Send every photograph whose record the server holds.

    A photograph that is gone, or that the server does not want, is reported
    and passed over (lesson 16).

    Raises
    ------
    TransportError
        The exchange itself failed; parts that arrived need not go again.
    """
    passed: set[str] = set()
    course = _Course(exchange)
    while blobs := _to_send(exchange, passed):
        for number, blob in enumerate(blobs):
            course.turn_to(blobs[number:])
            passed.add(blob.sha256)
            content = photos.read(blob.sha256)
            if content is None:
                note_missing(blob.sha256)
                _skip(exchange, blob, "photo-missing", GONE)
            else:
                _send(exchange, blob, content, before_part, course)
    course.turn_to([])


class _Course:
    """How far the photographs of an identity have come, in pieces and in bytes."""

    def __init__(self, exchange: Exchange) -> None:
        self._exchange = exchange
        self._arrived_bytes = 0
        self._left: list[PendingBlob] = []

    def turn_to(self, left: list[PendingBlob]) -> None:
        """Have these left, the first in hand; a skipped one is not among them."""
        self._left = left
        self.tell(0)

    def tell(self, in_hand_bytes: int) -> None:
        """Tell it, so much of the one in hand being at the server."""
        sent = self._exchange.report.photos_sent
        whole = self._arrived_bytes + sum(blob.bytes for blob in self._left)
        volume = Volume(self._arrived_bytes + in_hand_bytes, whole)
        total = sent + len(self._left)
        self._exchange.progress(Stage.PHOTOS, sent, total, volume)

    def arrived(self, blob: PendingBlob) -> None:
        """Count one as arrived whole."""
        self._arrived_bytes += blob.bytes


def _to_send(exchange: Exchange, passed: set[str]) -> list[PendingBlob]:
    """Return the next photographs; other identities' are added to `passed`."""
    while True:
        pending = exchange.outbox.blobs_pending(AT_ONCE + len(passed))
        fresh = [blob for blob in pending if blob.sha256 not in passed]
        others = {b.sha256 for b in fresh if b.device_id != exchange.device_id}
        if not others:
            return fresh
        passed |= others


def _send(
    exchange: Exchange,
    blob: PendingBlob,
    content: bytes,
    before_part: Callable[[], None],
    course: _Course,
) -> None:
    try:
        state = _upload(exchange, blob, content, before_part, course)
    except RequestRefused as refusal:
        _skip(exchange, blob, refusal.problem_code, refusal.message)
        return
    if not state.is_complete or state.receipt is None:
        _skip(exchange, blob, "photo-incomplete", NOT_COMPLETE)
        return
    exchange.outbox.record_blob_receipt(_believed(exchange, blob, state.receipt))
    exchange.report.photos_sent += 1
    course.arrived(blob)


def _upload(
    exchange: Exchange,
    blob: PendingBlob,
    content: bytes,
    before_part: Callable[[], None],
    course: _Course,
) -> BlobState:
    sha256, transport = blob.sha256, exchange.transport
    state = exchange.call(lambda token: transport.blob(token, sha256))
    if not 0 < state.part_bytes <= MAX_PART_BYTES:
        raise ProtocolBroken(f"part_bytes: {state.part_bytes}")
    course.tell(blob.bytes - _missing_bytes(state, blob))
    for _round in range(ROUNDS):
        for number in state.missing:
            before_part()
            part = content[number * state.part_bytes :][: state.part_bytes]
            state = exchange.call(
                lambda token: transport.put_part(token, sha256, number, part)  # noqa: B023
            )
            exchange.report.photo_bytes += len(part)
            course.tell(blob.bytes - _missing_bytes(state, blob))
        if state.is_complete:
            break
    return state


def _missing_bytes(state: BlobState, blob: PendingBlob) -> int:
    size = state.part_bytes
    return sum(min(size, blob.bytes - number * size) for number in state.missing)


def _believed(exchange: Exchange, blob: PendingBlob, compact: str) -> BlobReceipt:
    try:
        receipt = open_blob_receipt(compact, exchange.server_key, exchange.device_id)
    except ProtocolError as error:
        raise ReceiptNotBelieved(error.code) from error
    if (receipt.sha256, receipt.bytes) != (blob.sha256, blob.bytes):
        raise ReceiptNotBelieved("another photograph's")
    return receipt


def _skip(exchange: Exchange, blob: PendingBlob, code: str, reason: Message) -> None:
    exchange.report.note_trouble(
        Stage.PHOTOS, blob.sha256, code, reason, blob.record_id
    )
