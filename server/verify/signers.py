"""The devices: their keys as certified, and how they stand."""

import json
from dataclasses import dataclass

import sqlalchemy as sa

from server.tables import device
from server.verify.faults import Report
from sync.enrol import open_certificate
from sync.errors import ProtocolError
from sync.keys import VerifyingKey
from sync.ledger_port import DeviceStanding, DeviceState


@dataclass(frozen=True, slots=True)
class SignerOnFile:
    """One device: the key that its records must be signed with; None if unusable."""

    key: VerifyingKey | None
    standing: DeviceStanding


def read_signers(
    connection: sa.Connection, server_key: VerifyingKey, report: Report
) -> dict[str, SignerOnFile]:
    """Return every device by id; its key and unit are those that we certified."""
    signers = {}
    for row in connection.execute(sa.select(device)):
        report.checked["devices"] += 1
        standing = DeviceStanding(
            row.id,
            row.unit_code,
            _state(row, report),
            row.trusted_seq,
            row.trusted_hash,
            row.fork_from_seq,
        )
        signers[row.id] = SignerOnFile(_key(row, server_key, report), standing)
    return signers


def _state(row: sa.Row[tuple[object, ...]], report: Report) -> DeviceState:
    try:
        return DeviceState(row.state)
    except ValueError:
        report.add(
            "device-differs",
            f"设备 {row.id} 的状态 {row.state!r} 未知",
            f"device {row.id} has the unknown state {row.state!r}",
        )
        return DeviceState.ACTIVE


def _key(
    row: sa.Row[tuple[object, ...]], server_key: VerifyingKey, report: Report
) -> VerifyingKey | None:
    try:
        named = open_certificate(row.certificate, server_key)
        certified = VerifyingKey.from_jwk(named.jwk)
        stored = VerifyingKey.from_jwk(json.loads(row.jwk))
    except (ProtocolError, ValueError) as fault:
        report.add(
            "device-certificate",
            f"设备 {row.id} 的证书或密钥无效：{fault}",
            f"device {row.id} has no valid certificate or key: {fault}",
        )
        return None
    report.compare(
        "device-differs",
        f"device {row.id}",
        (
            ("id", row.id, named.device_id),
            ("unit_code", row.unit_code, named.unit_code),
            ("jwk", stored.jwk, certified.jwk),
            ("thumbprint", row.thumbprint, certified.thumbprint),
        ),
        (None, None),
    )
    return certified
