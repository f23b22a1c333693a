"""A small campaign in a real bureau: enrolled devices, sealed records, real pushes."""

from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa
import uuid6
from bureau_rig import OFFICERS, device_key, new_code, proof_of

from schemas.examples import example
from server.bureau import Bureau
from server.database import reading
from server.enrolment import enrol
from server.intake import Intake, Push
from server.tables import record
from server.verify.faults import Report
from server.verify.verify import verify
from sync.keys import SigningKey
from sync.outcome import ItemOutcome
from sync.record import Sealed, payload_of, seal


def xunwu_body(**changes: Any) -> dict[str, Any]:
    """The published Xunwu case as a sealed body, with members replaced."""
    return deepcopy(example("xunwu_record")["body"]) | {"evidence": []} | changes


def body_at(lon_deg: float, lat_deg: float, **changes: Any) -> dict[str, Any]:
    """The Xunwu case moved to another position."""
    body = xunwu_body(**changes)
    body["site"] = deepcopy(body["site"])
    body["site"]["fix"] |= {"lon_deg": lon_deg, "lat_deg": lat_deg}
    return body


@dataclass
class Sender:
    """An enrolled device that seals and pushes, without the device's software."""

    bureau: Bureau
    key: SigningKey
    device_id: str
    unit_code: str
    certificate: str
    intake: Intake
    seq: int = 0
    prev: str | None = None
    sealed: list[Sealed] = field(default_factory=list)

    @classmethod
    def enrol(cls, bureau: Bureau, number: int, unit: str) -> "Sender":
        key = device_key(number)
        code = new_code(bureau, unit)
        made = enrol(
            bureau, code, key.public_jwk, proof_of(bureau, key, code), "127.0.0.1"
        )
        intake = Intake(bureau.settings, bureau.engine, bureau.key, bureau.clock)
        return cls(bureau, key, made.device_id, unit, made.certificate, intake)

    def seal(
        self,
        kind: str,
        body: dict[str, Any],
        amends: str | None = None,
        blobs: list[dict[str, Any]] | None = None,
    ) -> Sealed:
        """Seal the next record of the chain."""
        self.seq += 1
        sealed = seal(
            self.key,
            payload_of(
                id=str(uuid6.uuid7()),
                device_id=self.device_id,
                seq=self.seq,
                prev=self.prev,
                kind=kind,
                amends=amends,
                sealed_at=self.bureau.clock(),
                clock={
                    "boot_id": "b1",
                    "uptime_ms": self.seq,
                    "offset_ms": None,
                    "offset_source": None,
                },
                body=body,
                blobs=blobs or [],
            ),
        )
        self.prev = sealed.hash
        self.sealed.append(sealed)
        return sealed

    def observe(self, **changes: Any) -> Sealed:
        """Seal an observation of this device's unit."""
        number = f"{self.unit_code}-2023-{self.device_id[-6:]}-{self.seq + 1:04d}"
        terms = {"unit_code": self.unit_code, "record_no": number}
        terms["officers"] = [dict(officer) for officer in OFFICERS]  # type: ignore[assignment]
        return self.seal("observation", xunwu_body(**(terms | changes)))

    def push(self, *sealed: Sealed) -> list[ItemOutcome]:
        """Push these records, or all that were sealed."""
        records = [each.compact for each in sealed or self.sealed]
        reply = self.intake.push(
            Push(self.device_id, records, certificate=self.certificate)
        )
        return list(reply.items)


def edit(engine: sa.Engine, statement: str, **values: Any) -> None:
    """Change the database behind the server's back."""
    with engine.begin() as connection:
        found = connection.execute(sa.text(statement), values)
        assert found.rowcount > 0, f"nothing was changed by {statement}"


def position_of(bureau: Bureau, digest: str) -> int | None:
    """The ledger position of the record with this hash."""
    with reading(bureau.engine) as connection:
        return connection.scalar(
            sa.select(record.c.position).where(record.c.hash == digest)
        )


def campaign_in(bureau: Bureau) -> Sender:
    """A device of 寻乌 with five records: one amended, one withdrawn, one early."""
    sender = Sender.enrol(bureau, 1, "360734")
    first = sender.observe()
    second = sender.observe(synthetic=True)
    third = sender.observe()
    amended = sender.seal("amendment", body_at(114.9, 25.8), first.id)
    sender.seal("withdrawal", {"reason": "重复录入"}, third.id)
    sender.push(second, amended)
    sender.push()
    return sender


def quiet(_step: str, _done: int, _total: int | None) -> None:
    pass


def verified(bureau: Bureau) -> Report:
    return verify(bureau, quiet)


def fault_codes(report: Report) -> set[str]:
    return {fault.code for fault in report.faults}
