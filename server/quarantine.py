"""What is kept but does not count, and an official's word that settles it."""

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from schemas.assessment import Reference
from server.bureau import Bureau
from server.database import reading, writing
from server.epochs import timestamp
from server.keys import Revocation, keep_revocation
from server.ledger import SqlLedger
from server.projection import project
from server.reference_data import ReferenceData
from server.rulings import Ruling, RulingKind, keep_ruling, require_reason, rule
from server.tables import device, record
from sync.ingest import reconsider
from sync.ledger_port import DeviceState

#: The ``code`` of a whole device in the list.
DEVICE_UNKNOWN = "device-unknown"


@dataclass(frozen=True, slots=True)
class SetAside:
    """One line of the list: a record, or a device that a restore forgot.

    ``records`` says how many kept records the line is about.
    """

    id: str
    hash: str | None
    device_id: str
    unit_code: str | None
    standing: str
    code: str | None
    field: str | None
    reason_zh: str | None
    reason_en: str | None
    received_at: str | None
    records: int


def list_set_aside(connection: sa.Connection) -> list[SetAside]:
    """Return what waits for an official: devices first, then records as they came.

    Parked records are not among them: they wait for their target, not for a
    person.
    """
    return [*_recovered_devices(connection), *_records(connection)]


def accept(bureau: Bureau, id_: str, reason: str, made_by: str) -> None:
    """Let a record, or all records of a recovered device, count.

    Parameters
    ----------
    id_ : str
        A record's id, its hash (where several share the id), or a device's id.

    Raises
    ------
    NotHeld, RulingRefused
        As ``rulings.rule``.
    """
    if _is_recovered(bureau, id_):
        made = Ruling(RulingKind.ACCEPT, id_, reason, made_by)
        _settle_device(bureau, made, {"state": str(DeviceState.ACTIVE)})
    else:
        _rule(bureau, RulingKind.ACCEPT, id_, reason, made_by)


def reject(bureau: Bureau, id_: str, reason: str, made_by: str) -> None:
    """Let a record, or all records of a recovered device, never count.

    A rejected device is revoked with no record trusted, and stays so through
    any restore.

    Raises
    ------
    NotHeld, RulingRefused
        As ``rulings.rule``.
    """
    if not _is_recovered(bureau, id_):
        _rule(bureau, RulingKind.REJECT, id_, reason, made_by)
        return
    made = Ruling(RulingKind.REJECT, id_, reason, made_by)
    require_reason(made)
    at = timestamp(bureau.clock())
    keep_revocation(bureau.settings.keys_folder, Revocation(id_, at, trusted_seq=0))
    revoked = {"state": str(DeviceState.REVOKED), "revoked_at": at, "trusted_seq": 0}
    _settle_device(bureau, made, revoked)


def _rule(
    bureau: Bureau, kind: RulingKind, id_: str, reason: str, made_by: str
) -> None:
    with writing(bureau.engine) as connection:
        named = connection.execute(
            sa.select(record.c.id, record.c.hash).where(record.c.hash == id_)
        ).first()
        record_id, digest = (named.id, named.hash) if named else (id_, None)
        made = Ruling(kind, record_id, reason, made_by, hash=digest)
        rule(connection, made, _reference(bureau, connection), bureau.clock())


def _is_recovered(bureau: Bureau, id_: str) -> bool:
    with reading(bureau.engine) as connection:
        state = connection.scalar(sa.select(device.c.state).where(device.c.id == id_))
    return state == DeviceState.RECOVERED


def _settle_device(bureau: Bureau, made: Ruling, values: dict[str, Any]) -> None:
    require_reason(made)
    device_id, now = made.record_id, bureau.clock()
    with writing(bureau.engine) as connection:
        ledger = SqlLedger(connection)
        keep_ruling(connection, made, None, ledger.next_positions(1), now)
        connection.execute(
            device.update()
            .where(device.c.id == device_id, device.c.state == DeviceState.RECOVERED)
            .values(values)
        )
        result = reconsider(ledger, now=now, device_ids=[device_id])
        project(connection, result.currents, {}, _reference(bureau, connection))


def _reference(bureau: Bureau, connection: sa.Connection) -> Reference:
    convert = bureau.settings.convert_datum
    return ReferenceData(convert_datum=convert).current(connection)


def _recovered_devices(connection: sa.Connection) -> list[SetAside]:
    count = sa.func.count(record.c.position)
    rows = connection.execute(
        sa.select(device.c.id, device.c.unit_code, count)
        .outerjoin(record, record.c.device_id == device.c.id)
        .where(device.c.state == DeviceState.RECOVERED)
        .group_by(device.c.id, device.c.unit_code)
        .order_by(device.c.id)
    )
    return [
        SetAside(
            id=id_,
            hash=None,
            device_id=id_,
            unit_code=unit_code,
            standing="quarantined",
            code=DEVICE_UNKNOWN,
            field=None,
            reason_zh=None,
            reason_en=None,
            received_at=None,
            records=records,
        )
        for id_, unit_code, records in rows
    ]


def _records(connection: sa.Connection) -> list[SetAside]:
    rows = connection.execute(
        sa.select(
            record.c.id,
            record.c.hash,
            record.c.device_id,
            record.c.unit_code,
            record.c.standing,
            record.c.code,
            record.c.reason_field.label("field"),
            record.c.reason_zh,
            record.c.reason_en,
            record.c.received_at,
        )
        .where(record.c.standing != "stored", record.c.standing != "parked")
        .where(sa.func.coalesce(record.c.code, "") != DEVICE_UNKNOWN)
        .order_by(record.c.position)
    )
    return [SetAside(**row, records=1) for row in rows.mappings()]
