"""An inspector whose device seals real observations and pushes them to the intake."""

import copy
import itertools
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from bureau_rig import XUNWU, device_key, new_code, proof_of

from schemas.examples import example
from server.bureau import Bureau
from server.database import reading
from server.enrolment import enrol
from server.intake import Intake, Push, PushReply
from server.tables import (
    ledger_head,
    lot,
    lot_verdict,
    observation,
    receipt,
    record,
    record_blob,
    violation,
)
from sync.outcome import ItemOutcome
from sync.record import Sealed, payload_of, seal

_numbers = itertools.count(1)
CLOCK = {"boot_id": "8f3e1c52", "uptime_ms": 1, "offset_ms": 0, "offset_source": "gnss"}
LOOPBACK = "127.0.0.1"


def record_id(number: int) -> str:
    """A UUIDv7 that is readable in a failing test."""
    return f"018c2824-1a40-7000-8000-{number:012x}"


class Inspector:
    """One enrolled device and its chain; everything it seals is accepted by schema."""

    def __init__(self, bureau: Bureau, number: int = 1, unit: str = XUNWU) -> None:
        self.key = device_key(number)
        code = new_code(bureau, unit)
        proof = proof_of(bureau, self.key, code)
        enrolment = enrol(bureau, code, self.key.public_jwk, proof, LOOPBACK)
        self.id, self.certificate = enrolment.device_id, enrolment.certificate
        self.unit = unit
        self.seq = 0
        self.prev: str | None = None

    def clone(self) -> "Inspector":
        """The same device with a copy of the outbox."""
        return copy.copy(self)

    def body(self, **changed: Any) -> dict[str, Any]:
        number = next(_numbers)
        return {
            **example("xunwu_observation"),
            "unit_code": self.unit,
            "record_no": f"{self.unit}-2023-a1b2c3-{number:04d}",
            **changed,
        }

    def observe(self, id: str | None = None, **changed: Any) -> Sealed:
        return self.seal("observation", None, id, self.body(**changed))

    def amend(self, target: Sealed, id: str | None = None, **changed: Any) -> Sealed:
        return self.seal("amendment", target.id, id, self.body(**changed))

    def withdraw(self, target: Sealed, id: str | None = None) -> Sealed:
        return self.seal("withdrawal", target.id, id, {"reason": "重复录入"})

    def seal(
        self, kind: str, amends: str | None, id: str | None, body: dict[str, Any]
    ) -> Sealed:
        sealed = seal(
            self.key,
            payload_of(
                id=id or record_id(next(_numbers)),
                device_id=self.id,
                seq=self.seq + 1,
                prev=self.prev,
                kind=kind,
                amends=amends,
                sealed_at=datetime.fromisoformat("2023-12-02T10:22:05+08:00"),
                clock=CLOCK,
                body=body,
                blobs=[
                    {name: item[name] for name in ("sha256", "bytes", "media_type")}
                    for item in body.get("evidence", ())
                ],
            ),
        )
        self.seq, self.prev = sealed.seq, sealed.hash
        return sealed

    def push(
        self, intake: Intake, *records: Sealed | str, last_receipt: str | None = None
    ) -> PushReply:
        texts = [one if isinstance(one, str) else one.compact for one in records]
        return intake.push(Push(self.id, texts, last_receipt, self.certificate))


def outcomes(reply: PushReply) -> list[str]:
    return [str(item.outcome) for item in reply.items]


def codes(reply: PushReply) -> list[str | None]:
    return [item.code for item in reply.items]


def only(reply: PushReply) -> ItemOutcome:
    (item,) = reply.items
    return item


def counts(bureau: Bureau) -> dict[str, int]:
    """Rows of everything that a push writes, and the position it ended at."""
    tables = (record, record_blob, observation, violation, lot, lot_verdict, receipt)
    with reading(bureau.engine) as connection:
        found = {
            table.name: connection.scalar(sa.select(sa.func.count()).select_from(table))
            for table in tables
        }
        found["position"] = connection.scalar(sa.select(ledger_head.c.position))
    return {name: int(count or 0) for name, count in found.items()}
