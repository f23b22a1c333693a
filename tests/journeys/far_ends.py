"""The two kinds of server that a machine of devices may talk to, and a bad link."""

import shutil
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Protocol

import httpx2
import sqlalchemy as sa
from bureau_rig import Clock, new_code
from journeys.memory_server import MemoryServer, Store
from memory_disk import MEMORY_DISK

from fieldkit.link.http import HttpTransport
from fieldkit.link.transport import LinkDown, Transport
from server.app import create_app
from server.backup import write_backup
from server.bureau import Bureau
from server.devices import TrustedUntil, revoke_device
from server.initialising import initialise
from server.keys import REVOCATIONS_FILE
from server.restore import restore_backup
from server.tables import device, metadata, record
from server.verify.verify import verify
from sync.ingest import reconsider
from sync.ledger_port import DeviceStanding, DeviceState, Held
from sync.outcome import Outcome, Standing

Fault = str
LOSE_REQUEST, LOSE_REPLY, TWICE, NONE = "lose-request", "lose-reply", "twice", "none"


class BadLink:
    """A transport that does to each call what the plan says, then behaves."""

    def __init__(self, inner: Transport, plan: Sequence[Fault]) -> None:
        self._inner = inner
        self._plan = list(plan)

    def __getattr__(self, name: str) -> Callable[..., Any]:
        ask = getattr(self._inner, name)

        def call(*arguments: Any) -> Any:
            fault = self._plan.pop(0) if self._plan else NONE
            if fault == LOSE_REQUEST:
                raise LinkDown("the request never arrived")
            answer = ask(*arguments)
            if fault == LOSE_REPLY:
                raise LinkDown("the answer never arrived")
            return ask(*arguments) if fault == TWICE else answer

        return call


class FarEnd(Protocol):
    """A server as officials and administrators handle it."""

    def open(self, url: str) -> Any: ...
    def new_code(self) -> str: ...
    def revoke(self, device_id: str, trusted: tuple[int, str] | None) -> None: ...
    def back_up(self) -> object: ...
    def restore(self, backup: Any) -> None: ...
    def held(self) -> list[tuple[Held, str]]: ...
    def standings(self) -> list[DeviceStanding]: ...
    def require_sound(self) -> None: ...
    def close(self) -> None: ...


class MemoryFarEnd:
    """The protocol's rules in memory."""

    def __init__(self) -> None:
        self.server = MemoryServer()
        self._codes = 0

    @contextmanager
    def open(self, _url: str) -> Iterator[Transport]:
        yield self.server

    def new_code(self) -> str:
        self._codes += 1
        return self.server.issue(f"K7QF-3M{self._codes:02d}")

    def revoke(self, device_id: str, trusted: tuple[int, str] | None) -> None:
        ledger = self.server.store.ledger
        known = ledger.devices([device_id])[device_id]
        seq, digest = trusted or (None, None)
        ledger.set_device(
            known._replace(
                state=DeviceState.REVOKED, trusted_seq=seq, trusted_hash=digest
            )
        )
        reconsider(ledger, now=self.server.now, device_ids=[device_id])

    def back_up(self) -> Store:
        return self.server.backup()

    def restore(self, backup: Store) -> None:
        self.server.restore(backup)

    def held(self) -> list[tuple[Held, str]]:
        entries = self.server.store.ledger.entries.values()
        return [(entry.row, entry.compact) for entry in entries]

    def standings(self) -> list[DeviceStanding]:
        ledger = self.server.store.ledger
        ids = {row.device_id for row, _ in self.held()}
        return list(ledger.devices(ids).values())

    def require_sound(self) -> None:
        """There are no figures here."""

    def close(self) -> None:
        """Nothing is open."""


class SqlFarEnd:
    """The real application over WSGI, on a real database."""

    def __init__(self, bureau: Bureau) -> None:
        self.bureau = bureau
        # What a power cut does is tested elsewhere; here thousands of commits happen.
        self._folder = Path(tempfile.mkdtemp(prefix="gi-backups-", dir=MEMORY_DISK))
        self._backups = 0
        _empty(bureau)
        self._app = create_app(bureau.settings, bureau.engine, bureau.clock)

    @contextmanager
    def open(self, _url: str) -> Iterator[Transport]:
        wsgi = httpx2.WSGITransport(app=self._app)
        with httpx2.Client(transport=wsgi, base_url="http://bureau") as client:
            yield HttpTransport(client, lambda: 0.0)

    def new_code(self) -> str:
        return new_code(self.bureau)

    def revoke(self, device_id: str, trusted: tuple[int, str] | None) -> None:
        revoke_device(
            self.bureau, device_id, TrustedUntil(*trusted) if trusted else None
        )

    def back_up(self) -> Path:
        self._backups += 1
        path = self._folder / f"{self._backups}.zip"
        write_backup(self.bureau.engine, path, self.bureau.clock(), _unheard)
        return path

    def restore(self, backup: Path) -> None:
        restore_backup(self.bureau, backup, _unheard, replace=True)

    def held(self) -> list[tuple[Held, str]]:
        with self.bureau.engine.connect() as connection:
            rows = connection.execute(sa.select(record)).mappings().all()
        return [(_held(row), row["jws"]) for row in rows]

    def standings(self) -> list[DeviceStanding]:
        with self.bureau.engine.connect() as connection:
            rows = connection.execute(sa.select(device)).mappings().all()
        return [
            DeviceStanding(
                row["id"],
                row["unit_code"],
                DeviceState(row["state"]),
                row["trusted_seq"],
                row["trusted_hash"],
                row["fork_from_seq"],
            )
            for row in rows
        ]

    def require_sound(self) -> None:
        """Derive every record, finding and figure again from the bytes."""
        assert verify(self.bureau, lambda *_progress: None).faults == []

    def close(self) -> None:
        shutil.rmtree(self._folder)


def _empty(bureau: Bureau) -> None:
    """Start an example with empty tables; making a database takes longer."""
    clock = bureau.clock
    assert isinstance(clock, Clock)
    revocations = bureau.settings.keys_folder / REVOCATIONS_FILE
    revocations.unlink(missing_ok=True)
    tables = ", ".join(table.name for table in metadata.sorted_tables)
    with bureau.engine.begin() as connection:
        if bureau.engine.dialect.name == "postgresql":
            connection.execute(sa.text(f"TRUNCATE {tables}"))
        else:
            for table in reversed(metadata.sorted_tables):
                connection.execute(table.delete())
        connection.execute(
            metadata.tables["ledger_head"].insert().values(id=1, position=0, epoch=0)
        )
    initialise(bureau.settings, clock)


def _held(row: Any) -> Held:
    return Held(
        position=row["position"],
        id=row["id"],
        hash=row["hash"],
        device_id=row["device_id"],
        seq=row["seq"],
        prev=row["prev"],
        kind=row["kind"],
        amends=row["amends"],
        root_id=row["root_id"],
        unit_code=row["unit_code"],
        received_at=row["received_at"],
        receipt_id=row["receipt_id"],
        outcome=Outcome(row["outcome"]),
        standing=Standing(row["standing"]),
        code=row["code"],
        fault=row["fault"],
        needs_proof=row["needs_proof"],
    )


def _unheard(_name: str, _count: int) -> None:
    """Take progress reports without showing them."""
