"""The ledger's contract, kept in SQLite and in PostgreSQL."""

from collections.abc import Iterator
from contextlib import ExitStack

import pytest
import sqlalchemy as sa
from contract.ledger_contract import LedgerContract
from contract.pushing import NewRig
from contract.sql_rigs import SqlLedgerRig

from server import migrations
from server.database import open_engine


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def engine(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[sa.Engine]:
    """One database of each kind: every rig begins by emptying it."""
    with ExitStack() as stack:
        url = f"sqlite:///{tmp_path_factory.mktemp('ledger') / 'gi.sqlite3'}"
        if request.param == "postgresql":
            copy = request.getfixturevalue("postgres_copy")
            url = stack.enter_context(copy("template0"))
        engine = open_engine(url)
        migrations.upgrade(engine)
        yield engine
        engine.dispose()


class TestSqlLedger(LedgerContract):
    @pytest.fixture
    def new_rig(self, engine: sa.Engine) -> NewRig:
        return lambda: SqlLedgerRig(engine)
