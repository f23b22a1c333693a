"""The ledger as ``sync.ingest`` sees it: sets in, sets out, inside one transaction.

The implementer owns the transaction and its single-writer lock, so that what
is read here is still true when it is written, and positions have no gaps.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from enum import StrEnum
from typing import NamedTuple, Protocol

from geo.errors import Message
from sync.outcome import Outcome, Standing


class DeviceState(StrEnum):
    """How a device stands with the server."""

    ACTIVE = "active"
    REVOKED = "revoked"
    RECOVERED = "recovered"
    """Known by our own certificate only, since a restore; not confirmed yet."""


class RecordRuling(StrEnum):
    """An official's ruling on one record's bytes; the newest one holds."""

    ACCEPT = "accept"
    REJECT = "reject"


class DeviceStanding(NamedTuple):
    """What decides over a device's records.

    `fork_from_seq` is the lowest forked seq, None while the chain is whole;
    `trusted_seq` and `trusted_hash` name the last trusted record of a revoked
    device, None if it was revoked without one.
    """

    device_id: str
    unit_code: str
    state: DeviceState = DeviceState.ACTIVE
    trusted_seq: int | None = None
    trusted_hash: str | None = None
    fork_from_seq: int | None = None


class Held(NamedTuple):
    """One kept record, without its bytes.

    `outcome` is the one first given; `standing` and `code` are today's.
    `root_id` is the observation's id while the record is stored (and always
    for an observation), else None. `fault` is the record's own fault
    (``schema-fault`` or ``foreign-unit``) whatever else it suffers from, with
    its `field` and `reason`; `needs_proof` says that it came after its
    device's revocation. `unit_code` is its device's.
    """

    position: int
    id: str
    hash: str
    device_id: str
    seq: int | None
    prev: str | None
    kind: str | None
    amends: str | None
    root_id: str | None
    unit_code: str
    received_at: str
    receipt_id: str
    outcome: Outcome
    standing: Standing
    code: str | None = None
    fault: str | None = None
    field: str | None = None
    reason: Message | None = None
    needs_proof: bool = False
    ruling: RecordRuling | None = None


class Entry(NamedTuple):
    """A record to append: its row, and its bytes as received."""

    row: Held
    compact: str


class StandingChange(NamedTuple):
    """A new standing of the kept record at `position`."""

    position: int
    standing: Standing
    code: str | None
    root_id: str | None


class StatusEvent(NamedTuple):
    """One line of the status feed; `position` comes from the ledger's counter.

    `status` is a `Standing`, or ``released`` for a record that was waiting or
    set aside and counts now.
    """

    position: int
    record_position: int
    id: str
    hash: str
    device_id: str
    status: str
    code: str | None
    reason: Message | None
    at: str
    detail: str | None = None


class LedgerTransaction(Protocol):
    """What an ingest needs of a ledger. Every method takes a set: no row by row."""

    def devices(self, device_ids: Collection[str]) -> Mapping[str, DeviceStanding]:
        """Return the devices that are known, by id."""

    def held_by_ids(self, ids: Collection[str]) -> Iterable[Held]:
        """Return every kept record whose id is among `ids`."""

    def held_by_seqs(self, device_id: str, seqs: Collection[int]) -> Iterable[Held]:
        """Return every kept record of a device at any of `seqs`."""

    def held_of_device(self, device_id: str, from_seq: int) -> Iterable[Held]:
        """Return every kept record of a device with seq ≥ `from_seq`.

        From 0 on, also those whose seq could not be read.
        """

    def children_of(self, ids: Collection[str]) -> Iterable[Held]:
        """Return every kept record, in whatever standing, that amends any of `ids`."""

    def tree_of(self, root_ids: Collection[str]) -> Iterable[Held]:
        """Return every record with standing stored whose root is among `root_ids`."""

    def resolutions(self, version_ids: Collection[str]) -> Mapping[str, str]:
        """Return the rulings ``resolve``: disputed version → the child that holds."""

    def next_positions(self, count: int) -> int:
        """Reserve `count` consecutive positions and return the first."""

    def append(self, entries: Sequence[Entry]) -> None:
        """Keep new records for ever."""

    def set_standing(self, changes: Sequence[StandingChange]) -> None:
        """Change how kept records stand."""

    def add_events(self, events: Sequence[StatusEvent]) -> None:
        """Append to the status feed."""

    def set_fork(self, device_id: str, from_seq: int | None) -> None:
        """Note from which seq on a device's chain is forked; None lifts it."""
