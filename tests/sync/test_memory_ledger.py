"""The ledger's contract, kept in memory."""

import pytest
from contract.ledger_contract import LedgerContract
from contract.memory_rigs import MemoryLedgerRig
from contract.pushing import NewRig


class TestMemoryLedger(LedgerContract):
    @pytest.fixture
    def new_rig(self) -> NewRig:
        return MemoryLedgerRig
