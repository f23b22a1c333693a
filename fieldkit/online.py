"""What the device does over a link: enrol, sync. The commands and the app share it."""

import os
import random
from collections.abc import Callable
from pathlib import Path

from fieldkit.device import Device, opened_device
from fieldkit.device_clock import read_clock
from fieldkit.enrolment import Enrolment, enrol
from fieldkit.home import Home
from fieldkit.keys import PemKeyStore
from fieldkit.link.authority import keep_authority, kept_authority, read_authority
from fieldkit.link.http import over_http
from fieldkit.link.transport import TransportError
from fieldkit.runner.exchange import Progress
from fieldkit.runner.report import SyncReport
from fieldkit.runner.run import Surroundings, run_sync
from sync.enrol import Invitation, read_qr_text
from sync.outbox_port import OutboxState

Pause = Callable[[float, TransportError], None]
"""Told of each pause before another try, in seconds, and of its cause."""


def invitation_of(url: str, code: str, thumbprint: str | None) -> Invitation:
    """Return the invitation; without a code, ``url`` is the QR code's whole text.

    Raises
    ------
    ProtocolError
        It is no such text.
    """
    return Invitation(url, code, thumbprint or "") if code else read_qr_text(url)


def enrol_online(
    opened: Device,
    invitation: Invitation,
    on_pause: Pause,
    authority_path: Path | None = None,
) -> Enrolment:
    """Make this device one of the bureau's; raises what `fieldkit.enrolment` does.

    ``authority_path`` names the file of the bureau's own TLS authority, which
    is the only one trusted from then on.
    """
    given = None if authority_path is None else read_authority(authority_path)
    authority = given or kept_authority(opened.home)
    with over_http(invitation.url, random.random, on_pause, authority) as transport:
        enrolment = enrol(
            transport,
            opened.outbox,
            PemKeyStore(opened.home),
            url=invitation.url,
            code=invitation.code,
            thumbprint=invitation.thumbprint or None,
            random_bytes=os.urandom,
            now=read_clock().now,
        )
    if given is not None:
        keep_authority(opened.home, given)
    return enrolment


def sync_online(
    home: Home, progress: Progress, on_pause: Pause, *, again: bool = False
) -> SyncReport:
    """Sync once over HTTP; ``again`` offers refused records once more too."""
    if again:
        _offer_refused(home)
    authority = kept_authority(home)
    around = Surroundings(
        lambda url: over_http(url, random.random, on_pause, authority),
        read_clock,
        progress,
    )
    return run_sync(home, PemKeyStore(home), around)


def _offer_refused(home: Home) -> None:
    with opened_device(home) as opened:
        for record in opened.outbox.records(OutboxState.REFUSED):
            opened.outbox.requeue(record.id)
