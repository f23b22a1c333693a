"""An earlier identity that cannot sign in keeps nothing of the others back."""

from collections.abc import Iterator
from contextlib import contextmanager

from fieldkit.errors import NotEnrolled
from fieldkit.link.transport import SignInRefused
from fieldkit.runner.exchange import Exchange
from fieldkit.runner.report import Stage
from geo.errors import Message
from sync.outbox_port import OutboxState


@contextmanager
def passing_over(exchange: Exchange) -> Iterator[None]:
    """Go on past an earlier identity that is refused, or whose key is gone.

    It is told as long as something of it is unsent.
    """
    try:
        yield
    except (SignInRefused, NotEnrolled) as refusal:
        if exchange.is_current:
            raise
        waiting = exchange.outbox.records(OutboxState.SEALED)
        count = sum(exchange.owns(record.compact) for record in waiting)
        if count:
            reason = _kept(count, refusal.message)
            exchange.report.note_trouble(
                Stage.RECORDS, exchange.device_id, refusal.code, reason
            )


def _kept(count: int, why: Message) -> Message:
    return Message(
        zh=f"以前登记的身份还有 {count} 条记录未送达（{why.zh}）："
        "请在“队列”点“导出到文件”（或用 fieldkit bundle），把导出文件交给市局",
        en=f"{count} records of an earlier enrolment are not delivered ({why.en}): "
        "tap “Export to a file” in the queue (or run fieldkit bundle) and hand the "
        "export file to the bureau",
    )
