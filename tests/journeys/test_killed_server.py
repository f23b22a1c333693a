"""``gi-server run`` killed with all its workers while it works on a batch."""

import socket
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from journeys.commanded import CommandedBureau
from journeys.conftest import enrol_over, new_device
from journeys.hostile_proxy import HostileProxy
from journeys.wire import LinkCut
from sqlalchemy import select

from fieldkit.link.transport import LinkDown
from server.database import open_engine, reading
from server.tables import record


class KillingProxy(HostileProxy):
    """Hands a push over whole, and then lets something happen to the server."""

    def __init__(self, port: int) -> None:
        super().__init__("127.0.0.1", port)
        self.after_the_push: Callable[[], None] | None = None
        self.waits_for_the_answer = False

    def _ask_server(self, head: bytes, body: bytes) -> bytes:
        act, is_push = self.after_the_push, head.startswith(b"POST /api/v1/records ")
        if act is None or not is_push:
            return super()._ask_server(head, body)
        self.after_the_push = None
        with socket.create_connection(self._upstream, 60) as server:
            server.sendall(head + body)
            if self.waits_for_the_answer:
                assert server.recv(1)
            act()
        raise LinkCut


@pytest.fixture
def bureau(commanded_bureau: CommandedBureau) -> CommandedBureau:
    return commanded_bureau


@pytest.fixture
def proxy(bureau: CommandedBureau) -> Iterator[KillingProxy]:
    with KillingProxy(bureau.port) as proxy:
        yield proxy


def held(bureau: CommandedBureau) -> list[str]:
    """The ids of what is in the database, in the order of their positions."""
    engine = open_engine(f"sqlite:///{bureau.home / 'gi.sqlite3'}")
    with reading(engine) as connection:
        ids = connection.scalars(select(record.c.id).order_by(record.c.position)).all()
    engine.dispose()
    return list(ids)


def test_a_server_killed_in_a_batch_loses_and_doubles_nothing(
    bureau: CommandedBureau, proxy: KillingProxy, tmp_path: Path, unpaused: None
) -> None:
    """Lesson 8: all of the batch or nothing, and the device need not know which."""
    tablet = new_device(tmp_path / "tablet")
    enrol_over(tablet, proxy.url, bureau.new_code())
    records: list[str] = []
    for size, is_committed in ((1, True), (100, False), (500, False)):
        batch = tablet.record_many(size)
        proxy.after_the_push, proxy.waits_for_the_answer = bureau.kill, is_committed
        assert isinstance(tablet.sync().stopped, LinkDown)
        assert held(bureau) in (records, records + batch)[is_committed:]
        bureau.start()
        records += batch
        assert sum(tablet.sync().outcomes.values()) == size
        assert held(bureau) == records
    assert set(tablet.states.values()) == {"delivered"}
    require_sound(bureau, len(records))


def require_sound(bureau: CommandedBureau, count: int) -> None:
    verified = bureau.ask("verify", "--json")
    assert verified["faults"] == []
    assert verified["checked"]["records"] == count
