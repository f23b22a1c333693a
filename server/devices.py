"""The devices of the bureau: who they are, and taking trust away from one."""

from dataclasses import astuple, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from geo.errors import Message
from schemas.units import unit as enforcement_unit
from server.bureau import Bureau
from server.database import reading, writing
from server.epochs import timestamp
from server.errors import NotHeld
from server.keys import Revocation, keep_revocation, kept_revocations
from server.ledger import SqlLedger
from server.projection import project
from server.reference_data import ReferenceData
from server.rows import rows_of
from server.tables import device, record
from sync.ingest import reconsider
from sync.ledger_port import DeviceState


@dataclass(frozen=True, slots=True)
class TrustedUntil:
    """The last record that a revoked device is trusted for."""

    seq: int
    hash: str


def list_devices(bureau: Bureau) -> list[dict[str, Any]]:
    """Return every device, the newest last, without its officers' names.

    ``newest_seq`` and ``newest_hash`` name its last record that is held, as a
    revocation's trusted one is named; ``missing_records`` says how many are
    still to come below it, as its chain tells.
    """
    columns = [
        device.c.id,
        device.c.unit_code,
        device.c.thumbprint,
        device.c.state,
        device.c.enrolled_at,
        device.c.revoked_at,
        device.c.trusted_seq,
        device.c.trusted_hash,
        device.c.fork_from_seq,
        device.c.last_contact_at,
        device.c.app_version,
    ]
    with reading(bureau.engine) as connection:
        rows = connection.execute(
            sa.select(*columns).order_by(device.c.enrolled_at, device.c.id)
        ).mappings()
        chains = _chains(connection)
        return [
            {
                **row,
                "unit_name": enforcement_unit(row["unit_code"]).name,
                **chains.get(row["id"], _NO_CHAIN),
            }
            for row in rows
        ]


_Limit = tuple[int | None, str | None]
_NO_CHAIN = {"newest_seq": None, "newest_hash": None, "missing_records": 0}


def _chains(connection: sa.Connection) -> dict[str, dict[str, Any]]:
    held = (
        sa.select(
            record.c.device_id,
            sa.func.max(record.c.seq).label("newest"),
            sa.func.count(record.c.seq.distinct()).label("seqs"),
        )
        .where(record.c.seq.is_not(None))
        .group_by(record.c.device_id)
        .subquery()
    )
    newest = sa.select(
        held.c.device_id, held.c.newest, held.c.seqs, sa.func.min(record.c.hash)
    ).join_from(
        held,
        record,
        (record.c.device_id == held.c.device_id) & (record.c.seq == held.c.newest),
    )
    rows = connection.execute(newest.group_by(*held.c)).all()
    return {
        device_id: {
            "newest_seq": seq,
            "newest_hash": digest,
            "missing_records": seq - seqs,
        }
        for device_id, seq, seqs, digest in rows
    }


def revoke_device(
    bureau: Bureau, device_id: str, trusted: TrustedUntil | None = None
) -> int:
    """Take trust from a device; return how many kept records changed their standing.

    The revocation is in its own file before the database knows of it, so that
    no restore makes the device trusted again.

    Parameters
    ----------
    trusted : TrustedUntil, optional
        Its ancestors in the chain stay trusted, every other record of the
        device is quarantined. Without it, what is held stays as it is, and
        what comes later is quarantined; it never widens an earlier
        revocation, also if the database was put back since, and of a device
        that nobody confirmed since a restore nothing comes to count.

    Raises
    ------
    NotHeld
        There is no such device, or another record of it has that seq.
    """
    folder = bureau.settings.keys_folder
    limit: _Limit
    with writing(bureau.engine) as connection:
        known = _known_device(connection, device_id)
        if trusted is not None:
            _require_no_other(connection, device_id, trusted)
            limit = trusted.seq, trusted.hash
        else:
            limit = _trusted_so_far(known, kept_revocations(folder).get(device_id))
        now = bureau.clock()
        revocation = Revocation(device_id, timestamp(now), *limit)
        keep_revocation(folder, revocation)
        references = ReferenceData(convert_datum=bureau.settings.convert_datum)
        return _apply(connection, revocation, references, now)


def apply_kept_revocations(bureau: Bureau) -> None:
    """Revoke again what a restored database believes to be trusted."""
    references = ReferenceData(convert_datum=bureau.settings.convert_datum)
    with writing(bureau.engine) as connection:
        keys_folder = bureau.settings.keys_folder
        revoke_again(connection, keys_folder, references, bureau.clock())


def revoke_again(
    connection: sa.Connection,
    keys_folder: Path,
    references: ReferenceData,
    now: datetime,
) -> None:
    """Leave no device trusted, or trusted further, than its kept revocation says.

    A database may be put back behind our back, so whoever takes in records
    asks the file, which no restore touches.
    """
    kept = kept_revocations(keys_folder)
    if not kept:
        return
    found = rows_of(connection).pick(
        "SELECT id, state, revoked_at, trusted_seq, trusted_hash FROM device"
        " WHERE id IN {any}",
        list(kept),
    )
    for device_id, state, *revoked in found:
        revocation = kept[device_id]
        if (state, device_id, *revoked) != (DeviceState.REVOKED, *astuple(revocation)):
            _apply(connection, revocation, references, now)


def _apply(
    connection: sa.Connection,
    revocation: Revocation,
    references: ReferenceData,
    now: datetime,
) -> int:
    connection.execute(
        device.update()
        .where(device.c.id == revocation.device_id)
        .values(
            state=DeviceState.REVOKED.value,
            revoked_at=revocation.revoked_at,
            trusted_seq=revocation.trusted_seq,
            trusted_hash=revocation.trusted_hash,
        )
    )
    result = reconsider(
        SqlLedger(connection), now=now, device_ids=[revocation.device_id]
    )
    if result.currents:
        project(connection, result.currents, {}, references.current(connection))
    return len(result.changed)


def _trusted_so_far(known: sa.RowMapping, kept: Revocation | None) -> _Limit:
    """Return how far a device may stay trusted when nobody says: never further.

    Of one that a restore forgot nothing was confirmed, so nothing is trusted.
    """
    if known["state"] == DeviceState.RECOVERED:
        return 0, None
    limits = [(known["trusted_seq"], known["trusted_hash"])]
    if kept is not None:
        limits.append((kept.trusted_seq, kept.trusted_hash))
    limits = [limit for limit in limits if limit[0] is not None]
    return min(limits, key=lambda limit: limit[0], default=(None, None))


def _known_device(connection: sa.Connection, device_id: str) -> sa.RowMapping:
    wanted = sa.select(device).where(device.c.id == device_id)
    known = connection.execute(wanted).mappings().one_or_none()
    if known is None:
        raise NotHeld(
            "device-unknown",
            Message(zh=f"没有设备 {device_id}", en=f"there is no device {device_id}"),
        )
    return known


def _require_no_other(
    connection: sa.Connection, device_id: str, trusted: TrustedUntil
) -> None:
    held = connection.scalars(
        sa.select(record.c.hash).where(
            record.c.device_id == device_id, record.c.seq == trusted.seq
        )
    ).all()
    if held and trusted.hash not in held:
        raise NotHeld(
            "record-unknown",
            Message(
                zh=f"序号 {trusted.seq} 处的记录不是这个哈希",
                en=f"the record at seq {trusted.seq} has another hash",
            ),
        )
