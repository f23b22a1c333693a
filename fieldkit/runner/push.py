"""Offering sealed records, and believing nothing but receipts.

The queue always empties on a good link: what is not taken is passed over for
the rest of this sync, with its reason (lesson 6).
"""

from typing import Any

from fieldkit.link.transport import ProtocolBroken, PushReply, RequestRefused
from fieldkit.runner.exchange import Exchange, ReceiptNotBelieved
from fieldkit.runner.report import Stage
from geo.errors import Message
from sync.batch import MAX_RECORDS, cut
from sync.errors import ProtocolError
from sync.outbox_port import OutboxRecord, OutboxState
from sync.outcome import ItemOutcome, Outcome
from sync.receipt import Receipt, open_receipt

TOO_LARGE = 413
NO_RECEIPT = Message(
    zh="服务器说已收到，但没有可信的回执，记录仍留在本机",
    en="the server says it has it, but gave no receipt: it stays here",
)


class Offering:
    """Offers each waiting record of one identity once in a sync.

    What becomes of one stops no other.
    """

    def __init__(self, exchange: Exchange) -> None:
        self._exchange = exchange
        self._passed: set[str] = set()
        self._others: set[str] = set()
        self._seq = 0

    def all(self) -> None:
        """Offer all that waits.

        Even with nothing to offer the server is asked once, with the newest
        receipt: that is how a restored server finds out (lesson 10).

        Raises
        ------
        TransportError
            The exchange itself failed; what was answered before is kept.
        """
        exchange = self._exchange
        self._is_head_moved()
        waiting = exchange.outbox.records(OutboxState.SEALED)
        total = sum(exchange.owns(record.compact) for record in waiting)
        exchange.progress(Stage.RECORDS, 0, total)
        self._batches(self._next() or [], total)

    def sealed_since(self) -> None:
        """Offer what was sealed since; raises as `all` does."""
        if self._is_head_moved() and (batch := self._next()):
            self._batches(batch, len(self._passed) + len(batch))

    def _is_head_moved(self) -> bool:
        before = self._seq
        self._seq = self._exchange.outbox.head(self._exchange.device_id).seq
        return self._seq != before

    def _batches(self, batch: list[OutboxRecord] | None, total: int) -> None:
        while batch is not None:
            _offer(self._exchange, batch, self._passed)
            done = len(self._passed)
            self._exchange.progress(Stage.RECORDS, done, max(total, done))
            batch = self._next()

    def _next(self) -> list[OutboxRecord] | None:
        """Return the next records; other identities' are remembered."""
        exchange, known = self._exchange, self._passed | self._others
        while True:
            waiting = exchange.outbox.pending(MAX_RECORDS + len(known))
            fresh = [record for record in waiting if record.hash not in known]
            others = {r.hash for r in fresh if not exchange.owns(r.compact)}
            if not others:
                return next(cut(fresh), None)
            self._others |= others
            known |= others


def _offer(exchange: Exchange, batch: list[OutboxRecord], passed: set[str]) -> None:
    compacts = [record.compact for record in batch]
    last_receipt = exchange.outbox.last_receipt()
    certificate = exchange.sign_in.identity.certificate
    try:
        reply = exchange.call(
            lambda token: exchange.transport.push(
                token, compacts, last_receipt, certificate
            )
        )
    except RequestRefused as refusal:
        if refusal.status != TOO_LARGE or not batch:
            raise
        _offer_less(exchange, batch, passed, refusal)
        return
    exchange.note_contact(reply.server_time)
    passed.update(record.hash for record in batch)
    _take(exchange, reply)


def _offer_less(
    exchange: Exchange,
    batch: list[OutboxRecord],
    passed: set[str],
    refusal: RequestRefused,
) -> None:
    """Halve a batch that is too large until the one that is too large stands alone."""
    if len(batch) > 1:
        middle = len(batch) // 2
        _offer(exchange, batch[:middle], passed)
        _offer(exchange, batch[middle:], passed)
        return
    (record,) = batch
    item = ItemOutcome(
        record.id,
        record.hash,
        Outcome.REFUSED,
        code=refusal.problem_code,
        reason=refusal.message,
    )
    exchange.outbox.record_outcome(item, None)
    exchange.report.note_item(item)
    passed.add(record.hash)


def _take(exchange: Exchange, reply: PushReply) -> None:
    """Keep a reply: each item on its own, all in one durable transaction."""
    items = [_item(document) for document in reply.items]
    # First, or what this very reply delivers would be offered once more.
    _note_epoch(exchange, reply.epoch)
    receipts, doubt = _believed(exchange, reply.receipts)
    answers = []
    for item in items:
        receipt = _covering(item, receipts)
        if receipt is None and (doubt is not None or item.outcome.keeps_bytes):
            _note_doubt(exchange, item)
            continue
        answers.append((item, receipt))
        exchange.report.note_item(item)
    exchange.outbox.record_outcomes(answers)
    if doubt is not None:
        raise doubt


def _note_epoch(exchange: Exchange, epoch: int) -> None:
    exchange.report.epoch = epoch
    exchange.report.offered_again += exchange.outbox.reopen(epoch)


def _believed(
    exchange: Exchange, compacts: tuple[str, ...]
) -> tuple[dict[str, Receipt], ReceiptNotBelieved | None]:
    receipts, doubt = {}, None
    for compact in compacts:
        try:
            receipt = open_receipt(compact, exchange.server_key, exchange.device_id)
        except ProtocolError as error:
            doubt = ReceiptNotBelieved(error.code)
        else:
            receipts[receipt.receipt_id] = receipt
    return receipts, doubt


def _covering(item: ItemOutcome, receipts: dict[str, Receipt]) -> Receipt | None:
    receipt = receipts.get(item.receipt_id or "")
    if receipt is None or item.id is None or item.hash is None:
        return None
    return receipt if receipt.covers(item.id, item.hash) else None


def _note_doubt(exchange: Exchange, item: ItemOutcome) -> None:
    exchange.report.note_trouble(
        Stage.RECORDS, item.id or "", "no-receipt", NO_RECEIPT, item.id
    )


def _item(document: Any) -> ItemOutcome:
    try:
        return ItemOutcome.from_json(document)
    except (KeyError, TypeError, ValueError) as error:
        raise ProtocolBroken(f"items: {error!r}") from error
