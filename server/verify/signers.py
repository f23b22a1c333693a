"""The devices: their keys as certified, and how they stand."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import astuple, dataclass

import sqlalchemy as sa

from server.bureau import Bureau
from server.keys import Revocation, kept_revocations
from server.tables import device
from server.verify.faults import Report
from sync.enrol import open_certificate
from sync.errors import ProtocolError
from sync.keys import VerifyingKey
from sync.ledger_port import DeviceStanding, DeviceState

_TRUSTED = (False, None, None, None)


@dataclass(frozen=True, slots=True)
class SignerOnFile:
    """One device: the key that its records must be signed with; None if unusable."""

    key: VerifyingKey | None
    standing: DeviceStanding


def read_signers(
    connection: sa.Connection,
    bureau: Bureau,
    kept_before: Mapping[str, Revocation],
    report: Report,
) -> dict[str, SignerOnFile]:
    """Return every device by id; its key and unit are those that we certified.

    A device stands as the file of revocations says, `kept_before` the database's
    state was taken or by now: one may be revoked in between.
    """
    signers = {}
    rows = connection.execute(sa.select(device)).all()
    kept = kept_before, kept_revocations(bureau.settings.keys_folder)
    server_key = bureau.key.verifying_key
    for row in rows:
        report.checked["devices"] += 1
        _check_revocation(row, [file.get(row.id) for file in kept], report)
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


def _check_revocation(
    row: sa.Row[tuple[object, ...]],
    kept: Sequence[Revocation | None],
    report: Report,
) -> None:
    """Name a device that is trusted otherwise than the kept file says."""
    columns = row.revoked_at, row.trusted_seq, row.trusted_hash
    stands = row.state == DeviceState.REVOKED, *columns
    said = [(True, *astuple(one)[1:]) if one else _TRUSTED for one in kept]
    if stands not in said:
        report.add(
            "revocation-differs",
            f"设备 {row.id} 的吊销与密钥文件夹所记不符："
            f"存储为 {stands}，应为 {said[-1]}",
            f"device {row.id} is not revoked as the keys' folder has it: "
            f"stored {stands}, kept {said[-1]}",
        )


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
