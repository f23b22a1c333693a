"""What a test does to a ledger through its rig, in one word each."""

from collections.abc import Callable, Iterable

from contract.histories import LedgerRig
from contract.sealing import NOW, Device

from sync.ingest import Candidate, IngestResult, ingest, reconsider
from sync.ledger_port import DeviceState, Held, RecordRuling
from sync.outcome import ItemOutcome, Standing
from sync.record import OpenedRecord

NewRig = Callable[[], LedgerRig]
GANXIAN, XUNWU = "360704", "360734"


def enrolled(rig: LedgerRig, device: Device) -> Device:
    rig.set_device(device.standing)
    return device


def push(
    rig: LedgerRig, *records: OpenedRecord, receipt_id: str = "r1"
) -> IngestResult:
    return push_candidates(rig, [Candidate(r) for r in records], receipt_id)


def push_candidates(
    rig: LedgerRig, candidates: list[Candidate], receipt_id: str = "r1"
) -> IngestResult:
    with rig.transaction() as ledger:
        return ingest(candidates, ledger, now=NOW, receipt_id=receipt_id)


def push_and_be_killed(rig: LedgerRig, record: OpenedRecord) -> None:
    with rig.transaction() as ledger:
        ingest([Candidate(record)], ledger, now=NOW, receipt_id="r1")
        raise RuntimeError("killed before the commit")


def rule(rig: LedgerRig, record: OpenedRecord, ruling: RecordRuling) -> IngestResult:
    rig.rule(row_of(rig, record).position, ruling)
    with rig.transaction() as ledger:
        return reconsider(ledger, now=NOW, record_ids=[record.id])


def revoke(rig: LedgerRig, device: Device, trusted: OpenedRecord | None = None) -> None:
    standing = device.standing._replace(
        state=DeviceState.REVOKED,
        trusted_seq=trusted.seq if trusted else None,
        trusted_hash=trusted.hash if trusted else None,
    )
    rig.set_device(standing)
    with rig.transaction() as ledger:
        reconsider(ledger, now=NOW, device_ids=[device.device_id])


def outcomes(items: Iterable[ItemOutcome]) -> list[str]:
    return [str(item.outcome) for item in items]


def row_of(rig: LedgerRig, record: OpenedRecord) -> Held:
    return next(row for row in rig.rows() if row.hash == record.hash)


def standing(rig: LedgerRig, record: OpenedRecord) -> Standing:
    return row_of(rig, record).standing


def code(rig: LedgerRig, record: OpenedRecord) -> str | None:
    return row_of(rig, record).code
