"""The memory implementations, as the contract suites want them."""

import copy
from collections.abc import Iterator
from contextlib import contextmanager

from sync.ledger_port import DeviceStanding, Held, RecordRuling, StatusEvent
from sync.memory import MemoryLedger


class MemoryLedgerRig:
    """A `LedgerRig` over one `MemoryLedger`."""

    def __init__(self) -> None:
        self.ledger = MemoryLedger()

    @contextmanager
    def transaction(self) -> Iterator[MemoryLedger]:
        before = {name: _copy(held) for name, held in vars(self.ledger).items()}
        try:
            yield self.ledger
        except BaseException:
            self.ledger.__dict__ = before
            raise

    def set_device(self, device: DeviceStanding) -> None:
        self.ledger.set_device(device)

    def rule(self, position: int, ruling: RecordRuling) -> None:
        self.ledger.rule(position, ruling)

    def resolve(self, version_id: str, child_id: str) -> None:
        self.ledger.resolve(version_id, child_id)

    def rows(self) -> list[Held]:
        return [entry.row for entry in self.ledger.entries.values()]

    def events(self) -> list[StatusEvent]:
        return self.ledger.events


def _copy(held: object) -> object:
    """Copy a container and the lists in it; what they hold never changes."""
    copied = copy.copy(held)
    if isinstance(copied, dict):
        for key, value in copied.items():
            copied[key] = list(value) if isinstance(value, list) else value
    return copied
