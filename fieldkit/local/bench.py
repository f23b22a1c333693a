"""What one run of the local server holds between requests."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from flask import current_app

from fieldkit.device import Device, opened_device
from fieldkit.device_reference import believed_reference, reference_key
from fieldkit.draft_photos import DraftPhotos
from fieldkit.home import Home
from fieldkit.local.changes import Changes
from fieldkit.local.sync_job import SyncJob, SyncOnce
from fieldkit.local.written_bundles import WrittenBundles
from fieldkit.online import sync_online
from fieldkit.receivers.watch import Receivers
from fieldkit.telling.rows import Summaries
from fieldkit.telling.standing import Openings

if TYPE_CHECKING:
    from fieldkit.importing.track import Segments
    from schemas.assessment import Reference


@dataclass
class Bench:
    """The device's folder and what goes on beside the requests.

    ``sync_once`` is how a sync is run (over HTTP).
    """

    home: Home
    sync_once: SyncOnce = sync_online
    receivers: Receivers = field(default_factory=Receivers)
    openings: Openings = field(default_factory=Openings)
    summaries: Summaries = field(default_factory=Summaries)
    # One record at a time: a button pressed twice must not seal a draft twice.
    recording: threading.Lock = field(default_factory=threading.Lock)
    # Imported since the program began: where photographs without a place were taken.
    tracks: "Segments" = ()

    _reference: "tuple[tuple[str, int], Reference] | None" = None

    def __post_init__(self) -> None:
        self.sync_job = SyncJob(self.home, self.sync_once)
        self.changes = Changes(self.home.outbox_path, self.sync_job.cursor)
        self.bundles = WrittenBundles(self.home)
        with opened_device(self.home) as opened:
            DraftPhotos(self.home, opened.outbox).tidy()

    def reference(self, device: Device) -> "Reference":
        """Return what records are sealed by, read anew only when it changed."""
        key = reference_key(device)
        if self._reference is None or self._reference[0] != key:
            self._reference = key, believed_reference(device)
        return self._reference[1]

    def close(self) -> None:
        """End what goes on: a sync under way finishes its step by itself."""
        self.changes.close()
        self.receivers.end()
        self.bundles.clear()


def bench() -> Bench:
    """Return the bench of the application that answers this request."""
    found = current_app.extensions["fieldkit"]
    assert isinstance(found, Bench)
    return found


@contextmanager
def opened() -> Iterator[Device]:
    """Open the device for this request."""
    with opened_device(bench().home) as found:
        yield found
