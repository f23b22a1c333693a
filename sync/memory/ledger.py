"""A ledger in memory."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import TypeVar

from sync.ledger_port import (
    DeviceStanding,
    Entry,
    Held,
    RecordRuling,
    StandingChange,
    StatusEvent,
)
from sync.outcome import Standing

KeyT = TypeVar("KeyT")


class MemoryLedger:
    """A `LedgerTransaction` that is its own store; one thread at a time.

    `entries` hold the records by position, `events` the status feed; both are
    open to whoever wants to look.
    """

    def __init__(self, devices: Iterable[DeviceStanding] = ()) -> None:
        self.entries: dict[int, Entry] = {}
        self.events: list[StatusEvent] = []
        self.position = 0
        self._devices = {device.device_id: device for device in devices}
        self._resolutions: dict[str, str] = {}
        self._by_id: dict[str, list[int]] = defaultdict(list)
        self._by_seq: dict[tuple[str, int | None], list[int]] = defaultdict(list)
        self._by_device: dict[str, list[int]] = defaultdict(list)
        self._by_target: dict[str, list[int]] = defaultdict(list)

    # what officials and the edge do

    def set_device(self, device: DeviceStanding) -> None:
        """Enrol a device, or change how it stands."""
        self._devices[device.device_id] = device

    def rule(self, position: int, ruling: RecordRuling | None) -> None:
        """Note an official's ruling on one record."""
        entry = self.entries[position]
        self.entries[position] = entry._replace(row=entry.row._replace(ruling=ruling))

    def resolve(self, version_id: str, child_id: str) -> None:
        """Note which amendment of a disputed version holds."""
        self._resolutions[version_id] = child_id

    # LedgerTransaction

    def devices(self, device_ids: Collection[str]) -> Mapping[str, DeviceStanding]:
        """Return the devices that are known."""
        return {id_: self._devices[id_] for id_ in device_ids if id_ in self._devices}

    def held_by_ids(self, ids: Collection[str]) -> list[Held]:
        """Return the records of these ids."""
        return self._rows(self._by_id, ids)

    def held_by_seqs(self, device_id: str, seqs: Collection[int]) -> list[Held]:
        """Return a device's records at these seqs."""
        return self._rows(self._by_seq, [(device_id, seq) for seq in seqs])

    def held_of_device(self, device_id: str, from_seq: int) -> list[Held]:
        """Return a device's records from a seq on."""
        rows = self._rows(self._by_device, [device_id])
        return [row for row in rows if (row.seq or 0) >= from_seq]

    def children_of(self, ids: Collection[str]) -> list[Held]:
        """Return the records that amend any of these."""
        return self._rows(self._by_target, ids)

    def tree_of(self, root_ids: Collection[str]) -> list[Held]:
        """Return the stored records of these observations."""
        wanted = set(root_ids)
        return [
            entry.row
            for entry in self.entries.values()
            if entry.row.root_id in wanted and entry.row.standing is Standing.STORED
        ]

    def resolutions(self, version_ids: Collection[str]) -> Mapping[str, str]:
        """Return the rulings on disputed versions."""
        return {
            id_: self._resolutions[id_]
            for id_ in version_ids
            if id_ in self._resolutions
        }

    def next_positions(self, count: int) -> int:
        """Reserve positions."""
        first = self.position + 1
        self.position += count
        return first

    def append(self, entries: Sequence[Entry]) -> None:
        """Keep records."""
        for entry in entries:
            row = entry.row
            if row.position in self.entries:
                raise ValueError(f"position {row.position} is taken")
            self.entries[row.position] = entry
            self._by_id[row.id].append(row.position)
            self._by_seq[row.device_id, row.seq].append(row.position)
            self._by_device[row.device_id].append(row.position)
            if row.amends is not None:
                self._by_target[row.amends].append(row.position)

    def set_standing(self, changes: Sequence[StandingChange]) -> None:
        """Change standings."""
        for position, standing, code, root_id in changes:
            entry = self.entries[position]
            row = entry.row._replace(standing=standing, code=code, root_id=root_id)
            self.entries[position] = entry._replace(row=row)

    def add_events(self, events: Sequence[StatusEvent]) -> None:
        """Append to the status feed."""
        self.events.extend(events)

    def set_fork(self, device_id: str, from_seq: int | None) -> None:
        """Note a fork."""
        device = self._devices[device_id]
        self._devices[device_id] = device._replace(fork_from_seq=from_seq)

    def _rows(
        self, index: Mapping[KeyT, list[int]], keys: Iterable[KeyT]
    ) -> list[Held]:
        return [
            self.entries[position].row
            for key in set(keys)
            for position in index.get(key, ())
        ]
