"""The one way in for records: check, keep, assess, and only then confirm.

A batch is one transaction. Signatures, schema and origin are looked at before
it begins; inside it the ledger decides, the read model follows, and the
receipt is signed; it leaves this module after the commit.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any, NamedTuple

import orjson
import sqlalchemy as sa
import uuid6

from geo.errors import Message
from schemas.assessment import Reference
from server.blob_names import keep_named_blobs
from server.checking import Checks, Signer
from server.database import reading, writing
from server.devices import revoke_again
from server.epochs import (
    current_epoch,
    open_epoch_if_restored,
    timestamp,
)
from server.errors import BatchRefused
from server.ledger import SqlLedger
from server.projection import Assessed, assess_records, project
from server.recovery import recover_device
from server.reference_data import ReferenceData
from server.rows import rows_of
from server.settings import Settings
from server.tables import device, receipt
from server.tuning import prefer_batches
from sync.batch import MAX_RECORDS
from sync.enrol import Certificate, open_certificate
from sync.errors import ProtocolError
from sync.ingest import Candidate, IngestResult, ingest
from sync.jws import SigningKey
from sync.keys import VerifyingKey
from sync.outcome import ItemOutcome, Outcome
from sync.reasons import REASONS
from sync.receipt import make_receipt

_REJECTED_DEVICE = REASONS["unknown-device"]


@dataclass(frozen=True, slots=True)
class Push:
    """One request of a device: at most `MAX_RECORDS` sealed records.

    Attributes
    ----------
    device_id : str
        Whom the token names (for a bundle: who sealed it).
    records : sequence
        Compact JWS; whatever else stands there is refused item by item.
    last_receipt, certificate : str or None
        The newest receipt that the device holds, and its certificate; by them
        a server learns that it was restored from an older backup.
    """

    device_id: str
    records: Sequence[object]
    last_receipt: str | None = None
    certificate: str | None = None


@dataclass(frozen=True, slots=True)
class PushReply:
    """What became of each record, in the order of the request, committed.

    ``receipts`` attest everything kept: one for what is new, and the first
    ones of what was here before.
    """

    epoch: int
    server_time: str
    receipts: Sequence[str]
    items: Sequence[ItemOutcome]

    def to_json(self) -> bytes:
        """Return the body of the HTTP answer, UTF-8."""
        return orjson.dumps(
            {
                "epoch": self.epoch,
                "server_time": self.server_time,
                "receipts": list(self.receipts),
                "items": [item.to_json() for item in self.items],
            }
        )


class _Sender(NamedTuple):
    """The device of a push; `certificate` is set if only that vouches for it."""

    signer: Signer
    certificate: Certificate | None


class Intake:
    """Takes pushes; one for a process, used by any number of threads at once.

    Making one tunes the whole process for batches (`server.tuning`).
    """

    def __init__(
        self,
        settings: Settings,
        engine: sa.Engine,
        key: SigningKey,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        prefer_batches()
        self._engine = engine
        self._key = key
        self._clock = clock
        self._keys_folder = settings.keys_folder
        self._checks = Checks(settings.check_processes)
        self._references = ReferenceData(convert_datum=settings.convert_datum)

    def push(self, push: Push) -> PushReply:
        """Keep a batch durably, each record once, and return what became of it.

        Raises
        ------
        BatchRefused
            ``too-many-records``.
        StorageFull
            Nothing of the batch was kept; the device may try again later.
        """
        if len(push.records) > MAX_RECORDS:
            raise _too_many(len(push.records))
        with reading(self._engine) as connection:
            sender = self._sender(connection, push)
            reference = self._references.current(connection)
        if sender is None:
            return self._nothing_kept(push)
        candidates = self._checks.check(push.records, sender.signer)
        assessed = assess_records(_sound(candidates), reference)
        with writing(self._engine) as connection:
            reply = self._keep(
                connection, push, sender, candidates, (reference, assessed)
            )
        return reply

    def _keep(
        self,
        connection: sa.Connection,
        push: Push,
        sender: _Sender,
        candidates: Sequence[Candidate],
        assessment: tuple[Reference, Mapping[str, Assessed]],
    ) -> PushReply:
        now = self._clock()
        if sender.certificate is not None:
            recover_device(connection, sender.certificate, self._keys_folder, now)
        revoke_again(connection, self._keys_folder, self._references, now)
        open_epoch_if_restored(
            connection, push.last_receipt, push.device_id, self._key.verifying_key, now
        )
        receipt_id = str(uuid6.uuid7())
        result = ingest(
            candidates, SqlLedger(connection), now=now, receipt_id=receipt_id
        )
        self._project(connection, candidates, result, assessment)
        epoch = current_epoch(connection)
        receipts = self._receipts(connection, push, result, (receipt_id, epoch, now))
        _note_contact(connection, push.device_id, now)
        return PushReply(epoch, timestamp(now), receipts, result.items)

    def _project(
        self,
        connection: sa.Connection,
        candidates: Sequence[Candidate],
        result: IngestResult,
        assessment: tuple[Reference, Mapping[str, Assessed]],
    ) -> None:
        reference = self._references.current(connection)
        # An area may have been imported since the assessment was made.
        assessed = assessment[1] if assessment[0] is reference else {}
        keep_named_blobs(
            rows_of(connection),
            result.kept,
            (candidates[nth].opened for nth, _ in result.kept),
        )
        project(connection, result.currents, assessed, reference)

    def _receipts(
        self,
        connection: sa.Connection,
        push: Push,
        result: IngestResult,
        issue: tuple[str, int, datetime],
    ) -> list[str]:
        """Sign the receipt for what is new; find those of what was here before."""
        receipt_id, epoch, now = issue
        earlier = {
            item.receipt_id
            for item in result.items
            if item.outcome is Outcome.REPLAYED and item.receipt_id != receipt_id
        }
        found = rows_of(connection).pick(
            "SELECT jws FROM receipt WHERE id IN {any}", earlier
        )
        receipts = [jws for (jws,) in found]
        if result.kept:
            jws = make_receipt(
                self._key,
                receipt_id=receipt_id,
                device_id=push.device_id,
                epoch=epoch,
                items=result.items,
                issued_at=now,
            )
            row = (receipt_id, push.device_id, epoch, timestamp(now), jws)
            rows_of(connection).insert(receipt, [row])
            receipts.insert(0, jws)
        return receipts

    def _sender(self, connection: sa.Connection, push: Push) -> _Sender | None:
        """Return who pushes; None if neither database nor certificate knows."""
        jwk = connection.scalar(
            sa.select(device.c.jwk).where(device.c.id == push.device_id)
        )
        if jwk is not None:
            return _Sender(Signer(push.device_id, _key(jwk)), None)
        try:
            named = open_certificate(push.certificate or "", self._key.verifying_key)
        except ProtocolError:
            return None
        if named.device_id != push.device_id:
            return None
        key = VerifyingKey.from_jwk(named.jwk)
        return _Sender(Signer(push.device_id, key), named)

    def _nothing_kept(self, push: Push) -> PushReply:
        item = ItemOutcome(
            None, None, Outcome.REFUSED, "unknown-device", reason=_REJECTED_DEVICE
        )
        with reading(self._engine) as connection:
            epoch = current_epoch(connection)
        items = [item] * len(push.records)
        return PushReply(epoch, timestamp(self._clock()), [], items)


@lru_cache(maxsize=4096)
def _key(jwk: str) -> VerifyingKey:
    return VerifyingKey.from_jwk(json.loads(jwk))


def _sound(candidates: Sequence[Candidate]) -> list[Any]:
    return [
        opened
        for opened, refusal, fault in candidates
        if opened is not None
        and refusal is None
        and fault is None
        and opened.envelope_fault is None
    ]


def _note_contact(connection: sa.Connection, device_id: str, now: datetime) -> None:
    rows_of(connection).update(
        "UPDATE device SET last_contact_at = ? WHERE id = ?",
        [(timestamp(now), device_id)],
    )


def _too_many(count: int) -> BatchRefused:
    return BatchRefused(
        "too-many-records",
        Message(
            zh=f"一批最多 {MAX_RECORDS} 条记录，收到 {count} 条",
            en=f"a batch holds at most {MAX_RECORDS} records, not {count}",
        ),
    )
