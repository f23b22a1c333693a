"""Fetching newer reference documents, as a step of a sync.

Records go on whatever becomes of it: a document that does not come through
waits for the next sync, and so does a manifest that cannot be believed.
"""

from datetime import datetime

from fieldkit.link.transport import LinkDown, RequestRefused, ServerBusy
from fieldkit.reference_store import ReferenceStore
from fieldkit.runner.exchange import Exchange
from fieldkit.runner.report import Stage
from geo.errors import Message
from sync.errors import ProtocolError
from sync.reference import Manifest, is_document, open_manifest

ALTERED = Message(
    zh="参考数据在传输中改变，未采用",
    en="the reference data changed on the way and was not taken",
)


def update_reference(exchange: Exchange, store: ReferenceStore, now: datetime) -> None:
    """Put the server's newest reference in force, if all of it came and is genuine.

    Raises
    ------
    TransportError
        The server could not be asked for its manifest at all.
    """
    exchange.progress(Stage.REFERENCE, 0, None)
    try:
        compact = exchange.call(exchange.transport.manifest)
        manifest = open_manifest(compact, exchange.server_key, store.serial())
    except (ProtocolError, RequestRefused) as error:
        _note(exchange, error.code, error.message)
        return
    if _fetch_all(exchange, store, manifest):
        store.adopt(manifest, now)


def _fetch_all(exchange: Exchange, store: ReferenceStore, manifest: Manifest) -> bool:
    lacking = store.lacking(manifest.documents)
    for number, ref in enumerate(lacking):
        exchange.progress(Stage.REFERENCE, number, len(lacking))
        try:
            body = exchange.call(
                lambda token: exchange.transport.document(token, ref.sha256)  # noqa: B023
            )
        except (LinkDown, ServerBusy, RequestRefused) as error:
            _note(exchange, error.code, error.message)
            return False
        if not is_document(ref, body):
            _note(exchange, "reference-altered", ALTERED)
            return False
        store.keep(ref, body)
    exchange.progress(Stage.REFERENCE, len(lacking), len(lacking))
    return True


def _note(exchange: Exchange, code: str, reason: Message) -> None:
    exchange.report.note_trouble(Stage.REFERENCE, "manifest", code, reason)
