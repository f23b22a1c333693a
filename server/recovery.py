"""Devices that a restored database does not know, though their certificate is ours."""

import json
from datetime import datetime
from pathlib import Path

import sqlalchemy as sa

from server.epochs import current_epoch, open_epoch
from server.keys import kept_revocations
from server.tables import device
from sync.enrol import Certificate
from sync.keys import VerifyingKey
from sync.ledger_port import DeviceState


def recover_device(
    connection: sa.Connection,
    certificate: Certificate,
    keys_folder: Path,
    now: datetime,
) -> None:
    """Take in a device that only our certificate vouches for.

    It was enrolled after the backup that the database comes from, so there
    was a restore; if nobody noticed yet, the epoch changes now.
    """
    known = sa.select(device.c.id).where(device.c.id == certificate.device_id)
    if connection.scalar(known) is not None:
        return  # another request of it was quicker
    if certificate.epoch >= current_epoch(connection):
        open_epoch(connection, "device-not-held", now, seen=certificate.epoch)
    revocation = kept_revocations(keys_folder).get(certificate.device_id)
    state = DeviceState.REVOKED if revocation else DeviceState.RECOVERED
    connection.execute(
        device.insert().values(
            id=certificate.device_id,
            unit_code=certificate.unit_code,
            jwk=json.dumps(dict(certificate.jwk)),
            thumbprint=VerifyingKey.from_jwk(certificate.jwk).thumbprint,
            officers=json.dumps(
                [dict(officer) for officer in certificate.officers], ensure_ascii=False
            ),
            certificate=certificate.compact,
            enrolled_at=certificate.issued_at,
            state=str(state),
            revoked_at=revocation.revoked_at if revocation else None,
            trusted_seq=revocation.trusted_seq if revocation else None,
            trusted_hash=revocation.trusted_hash if revocation else None,
        )
    )
