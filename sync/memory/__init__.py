"""The ports in memory: what the contract suites are first run on."""

from sync.memory.ledger import MemoryLedger
from sync.memory.outbox import MemoryOutbox

__all__ = ["MemoryLedger", "MemoryOutbox"]
