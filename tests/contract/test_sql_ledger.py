"""The ledger's contract, kept in SQLite and in PostgreSQL."""

from collections.abc import Iterator

import pytest
import sqlalchemy as sa
from contract.ledger_contract import LedgerContract
from contract.pushing import NewRig
from contract.sql_rigs import SqlLedgerRig

from server import migrations
from server.database import open_engine


class TestSqlLedger(LedgerContract):
    @pytest.fixture
    def engine(self, database_url: str) -> Iterator[sa.Engine]:
        engine = open_engine(database_url)
        migrations.upgrade(engine)
        yield engine
        engine.dispose()

    @pytest.fixture
    def new_rig(self, engine: sa.Engine) -> NewRig:
        return lambda: SqlLedgerRig(engine)
