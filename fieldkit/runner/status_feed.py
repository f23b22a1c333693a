"""Reading what became of records after they were delivered (lesson 15)."""

from collections.abc import Mapping
from typing import Any

from fieldkit.link.transport import ProtocolBroken
from fieldkit.runner.exchange import Exchange
from fieldkit.runner.report import Stage
from geo.errors import Message
from sync.outbox_port import FeedEvent

PHOTOS_COMPLETE = "photos-complete"
"""Known here by the photographs' own receipts; it is not how a record stands."""


def read_status_feed(exchange: Exchange) -> None:
    """Keep every status event since the last sync; each page is durable by itself.

    An earlier identity's feed is read from its beginning each time (the
    outbox keeps one cursor, the current identity's): it is short, and what it
    says is the same at every reading.
    """
    outbox, report = exchange.outbox, exchange.report
    cursor = outbox.status_cursor() if exchange.is_current else 0
    more = True
    while more:
        after = cursor
        page = exchange.call(lambda token: exchange.transport.status(token, after))  # noqa: B023
        events = [_event(document) for document in page.events]
        cursor = max(page.next, after)
        standings = [event for event in events if event.status != PHOTOS_COMPLETE]
        outbox.record_statuses(standings, cursor if exchange.is_current else 0)
        report.events += len(events)
        exchange.progress(Stage.STATUS, report.events, None)
        more = page.more and cursor > after


def _event(document: Mapping[str, Any]) -> FeedEvent:
    try:
        reason = document.get("reason")
        return FeedEvent(
            position=document["position"],
            id=document["id"],
            hash=document["hash"],
            status=document["status"],
            code=document.get("code"),
            reason=None if reason is None else Message(reason["zh"], reason["en"]),
            at=document["at"],
        )
    except (KeyError, TypeError) as error:
        raise ProtocolBroken(f"events: {error!r}") from error
