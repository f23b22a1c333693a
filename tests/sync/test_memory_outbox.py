"""The outbox's contract, kept in memory."""

import pytest
from contract.outbox_contract import OutboxContract, Reopen

from sync.memory import MemoryOutbox
from sync.outbox_port import Outbox


class TestMemoryOutbox(OutboxContract):
    @pytest.fixture
    def outbox(self) -> Outbox:
        return MemoryOutbox()

    @pytest.fixture
    def reopened(self, outbox: Outbox) -> Reopen:
        return lambda: outbox
