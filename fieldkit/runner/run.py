"""Running a sync from a device's folder: the lock, the identities, the steps."""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass

from fieldkit.device_clock import ClockReading, note_server_time
from fieldkit.home import Home
from fieldkit.identities import earlier_identities
from fieldkit.keys import KeyStore
from fieldkit.link.sign_in import SignIn
from fieldkit.link.transport import Transport, TransportError
from fieldkit.outbox import DeviceIdentity, SqliteOutbox, open_outbox
from fieldkit.photos import PhotoStore
from fieldkit.reference_store import ReferenceStore
from fieldkit.runner.contact import LAST_CONTACT
from fieldkit.runner.earlier import passing_over
from fieldkit.runner.exchange import Exchange, Progress
from fieldkit.runner.lock import only_sync
from fieldkit.runner.photos import send_photos
from fieldkit.runner.push import Offering
from fieldkit.runner.reference import update_reference
from fieldkit.runner.report import Stage, SyncReport
from fieldkit.runner.status_feed import read_status_feed
from fieldkit.vault.errors import refusal_of
from sync.clock import instant_text
from sync.keys import VerifyingKey
from sync.outbox_port import OutboxState

OpenTransport = Callable[[str], AbstractContextManager[Transport]]


@dataclass(frozen=True)
class Surroundings:
    """What a sync takes from the world around it.

    ``open_transport`` opens the way to a server's address; ``clock`` reads
    the device's clocks, right or wrong.
    """

    open_transport: OpenTransport
    clock: Callable[[], ClockReading]
    progress: Progress = lambda stage, done, total, volume=None: None


def run_sync(home: Home, keys: KeyStore, around: Surroundings) -> SyncReport:
    """Exchange with the server what can be exchanged, and say what happened.

    Everything that was acknowledged is kept, however this ends; running it
    again goes on where it stopped.

    Raises
    ------
    SyncRunning
        Another sync of this device is under way; nothing was done.
    NotEnrolled
        There is no server to sync with yet.
    FieldkitError
        The device itself cannot go on (a full disk, a damaged outbox).
    """
    report = SyncReport()
    with only_sync(home.sync_lock_path), open_outbox(home) as outbox:
        current = outbox.require_identity()
        _tell_unreadable(outbox, report)
        with around.open_transport(current.server_url) as transport:
            offerings: list[Offering] = []
            try:
                for identity in (current, *earlier_identities(outbox)):
                    exchange = _exchange(
                        transport, outbox, keys, identity, report, around
                    )
                    offerings.append(Offering(exchange))
                    with passing_over(exchange):
                        _converse(exchange, home, outbox, around, offerings)
            except TransportError as error:
                report.stopped = error
    return report


def _tell_unreadable(outbox: SqliteOutbox, report: SyncReport) -> None:
    """Say which waiting records cannot be opened here, so cannot be sent."""
    for stored in outbox.unreadable():
        if stored.fault and stored.record.state is not OutboxState.DELIVERED:
            reason = refusal_of(stored.fault).message
            id_ = stored.record.id
            report.note_trouble(Stage.RECORDS, id_, stored.fault, reason, id_)


def _exchange(
    transport: Transport,
    outbox: SqliteOutbox,
    keys: KeyStore,
    identity: DeviceIdentity,
    report: SyncReport,
    around: Surroundings,
) -> Exchange:
    device_id = identity.device_id
    sign_in = SignIn(
        transport,
        identity,
        load_key=lambda: keys.load(device_id),
        keep_token=lambda token: outbox.keep_token(device_id, token),
    )

    def note_contact(server_time: str) -> None:
        reading = around.clock()
        note_server_time(outbox, server_time, reading)
        outbox.set_meta(LAST_CONTACT, instant_text(reading.now))

    return Exchange(
        transport,
        sign_in,
        VerifyingKey.from_jwk(identity.server_jwk),
        outbox,
        report,
        around.progress,
        note_contact,
        is_current=identity == outbox.identity(),
    )


def _converse(
    exchange: Exchange,
    home: Home,
    outbox: SqliteOutbox,
    around: Surroundings,
    offerings: Sequence[Offering],
) -> None:
    """Take the steps of a sync in their order, each safe to repeat.

    What is sealed meanwhile goes before any more of a photograph.
    """
    if exchange.is_current:
        with ReferenceStore(home.outbox_path) as reference:
            update_reference(exchange, reference, around.clock().now)
    offerings[-1].all()
    read_status_feed(exchange)
    # A photograph that was gone is looked for anew, and told again if it still is.
    for blob in outbox.blobs("missing"):
        outbox.blob_found(blob.sha256)

    def before_part() -> None:
        for offering in offerings:
            offering.sealed_since()

    photos = PhotoStore(home.photos_path)
    send_photos(exchange, photos, outbox.blob_missing, before_part)
