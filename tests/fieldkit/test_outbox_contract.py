"""The SQLite outbox keeps what every outbox promises."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from contract.outbox_contract import OutboxContract, Reopen

from fieldkit.home import Home
from fieldkit.outbox import SqliteOutbox, open_outbox
from sync.outbox_port import Outbox


class TestSqliteOutbox(OutboxContract):
    """On a file; a crash is another connection on it, the first never closed."""

    @pytest.fixture
    def outbox(self, home: Home) -> Iterator[SqliteOutbox]:
        with open_outbox(home) as outbox:
            outbox.set_identity(replace(outbox.require_identity(), device_id="d1"))
            yield outbox

    @pytest.fixture
    def reopened(self, home: Home, outbox: Outbox) -> Iterator[Reopen]:
        opened: list[SqliteOutbox] = []

        def reopen() -> Outbox:
            opened.append(open_outbox(home))
            return opened[-1]

        yield reopen
        for again in opened:
            again.close()
