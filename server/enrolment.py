"""Letting a device in: an official's one-time code becomes its certificate.

A code has 40 bits and 15 minutes, and guessing is locked out (`server.guesses`):
with the 20 codes of a whole city open at once, the 20 wrong codes that a caller
is heard for hit one with a chance of 4 in ten thousand million.
"""

import json
import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
import uuid6

from geo.errors import Message
from schemas.units import unit as enforcement_unit
from server.bureau import Bureau
from server.database import reading, writing
from server.epochs import current_epoch, timestamp
from server.errors import EnrolmentRefused
from server.guesses import caller_of, count_wrong_code, require_guesses_left
from server.tables import device, enrolment_code
from sync.clock import instant
from sync.enrol import check_proof, code_hash, make_certificate, new_code
from sync.errors import ProtocolError, UnsupportedKey
from sync.keys import VerifyingKey

Officers = Sequence[Mapping[str, str]]


@dataclass(frozen=True, slots=True)
class IssuedCode:
    """A code as the official passes it on; the server keeps its hash only."""

    code: str
    expires_at: str
    unit_code: str
    unit_name: str


@dataclass(frozen=True, slots=True)
class Enrolment:
    """What the device gets; ``is_new`` is false for a repeat."""

    device_id: str
    certificate: str
    unit_code: str
    unit_name: str
    officers: list[dict[str, Any]]
    epoch: int
    is_new: bool


def issue_code(
    bureau: Bureau,
    unit_code: str,
    officers: Officers,
    random_bytes: Callable[[int], bytes] = os.urandom,
) -> IssuedCode:
    """Return a new code that lets one device in for a unit and its officers.

    Raises
    ------
    UnknownCode
        There is no such enforcement unit.
    """
    unit = enforcement_unit(unit_code)
    now = bureau.clock()
    expires_at = timestamp(now + timedelta(minutes=bureau.settings.code_minutes))
    code = new_code(random_bytes(5))
    with writing(bureau.engine) as connection:
        connection.execute(
            enrolment_code.insert().values(
                code_hash=code_hash(code),
                unit_code=unit.unit_code,
                officers=_json([dict(officer) for officer in officers]),
                issued_at=timestamp(now),
                expires_at=expires_at,
            )
        )
    return IssuedCode(code, expires_at, unit.unit_code, unit.name)


def enrol(
    bureau: Bureau, code: str, jwk: Mapping[str, Any], proof: str, source: str
) -> Enrolment:
    """Let a device in, or tell it again what it was told when the reply got lost.

    Parameters
    ----------
    code, jwk, proof : str, Mapping, str
        The one-time code, the device's public key, and its signature that it
        holds that key.
    source : str
        The address of the caller, for the lock-out.

    Raises
    ------
    EnrolmentRefused
        ``key-unsupported``, ``proof-invalid``, ``code-unknown``,
        ``code-expired``, ``code-used`` (by another key), ``key-enrolled``
        (with another code), ``device-revoked``.
    TooManyGuesses
        The address gave too many wrong codes.
    """
    key = _proved_key(bureau, code, jwk, proof)
    now, source = bureau.clock(), caller_of(source)
    with reading(bureau.engine) as connection:
        require_guesses_left(connection, source, now)
        is_known = connection.scalar(_code_row(code)) is not None
    if not is_known:
        count_wrong_code(bureau, source, now)
        raise _refused(
            "code-unknown",
            "登记码不存在，请核对后重新输入",
            "There is no such code; check it and type it again",
        )
    with writing(bureau.engine) as connection:
        return _let_in(connection, bureau, code, key, now)


def _proved_key(
    bureau: Bureau, code: str, jwk: Mapping[str, Any], proof: str
) -> VerifyingKey:
    try:
        return check_proof(
            proof, code=code, jwk=jwk, server_thumbprint=bureau.key.thumbprint
        )
    except UnsupportedKey as fault:
        raise EnrolmentRefused("key-unsupported", fault.message) from fault
    except ProtocolError as fault:
        raise EnrolmentRefused("proof-invalid", fault.message) from fault


def _let_in(
    connection: sa.Connection,
    bureau: Bureau,
    code: str,
    key: VerifyingKey,
    now: datetime,
) -> Enrolment:
    invitation = connection.execute(_code_row(code)).mappings().one()
    if invitation["used_at"] is not None:
        if invitation["thumbprint"] != key.thumbprint:
            raise _refused(
                "code-used",
                "登记码已被另一设备使用；若不是您所为，请立即报告",
                "Another device used this code; if that was not you, report it",
            )
        return _known_device(connection, invitation["device_id"])
    if instant(invitation["expires_at"]) <= now:
        raise _refused(
            "code-expired",
            "登记码已过期，请向市局要新码",
            "The code has expired; ask the bureau for a new one",
        )
    taken = sa.select(device.c.id).where(device.c.thumbprint == key.thumbprint)
    if connection.scalar(taken) is not None:
        raise _refused(
            "key-enrolled",
            "该密钥已登记为另一设备，请生成新密钥",
            "this key is another device already; make a new one",
        )
    return _new_device(connection, bureau, invitation, key, now)


def _new_device(
    connection: sa.Connection,
    bureau: Bureau,
    invitation: sa.RowMapping,
    key: VerifyingKey,
    now: datetime,
) -> Enrolment:
    officers = json.loads(invitation["officers"])
    unit = enforcement_unit(invitation["unit_code"])
    device_id, epoch = str(uuid6.uuid7()), current_epoch(connection)
    certificate = make_certificate(
        bureau.key,
        device_id=device_id,
        unit_code=unit.unit_code,
        unit_name=unit.name,
        officers=officers,
        jwk=key.jwk,
        issued_at=now,
        epoch=epoch,
    )
    connection.execute(
        device.insert().values(
            id=device_id,
            unit_code=unit.unit_code,
            jwk=_json(key.jwk),
            thumbprint=key.thumbprint,
            officers=invitation["officers"],
            certificate=certificate,
            enrolled_at=timestamp(now),
            state="active",
        )
    )
    connection.execute(
        enrolment_code.update()
        .where(enrolment_code.c.code_hash == invitation["code_hash"])
        .values(used_at=timestamp(now), device_id=device_id, thumbprint=key.thumbprint)
    )
    return Enrolment(
        device_id, certificate, unit.unit_code, unit.name, officers, epoch, is_new=True
    )


def _known_device(connection: sa.Connection, device_id: str) -> Enrolment:
    row = connection.execute(sa.select(device).where(device.c.id == device_id)).one()
    if row.state == "revoked":
        raise _refused(
            "device-revoked",
            "该设备已被吊销，请联系市局",
            "This device was revoked; ask the bureau",
        )
    return Enrolment(
        row.id,
        row.certificate,
        row.unit_code,
        enforcement_unit(row.unit_code).name,
        json.loads(row.officers),
        current_epoch(connection),
        is_new=False,
    )


def _code_row(code: str) -> sa.Select[Any]:
    return sa.select(enrolment_code).where(
        enrolment_code.c.code_hash == code_hash(code)
    )


def _json(document: Any) -> str:
    return json.dumps(document, ensure_ascii=False)


def _refused(code: str, zh: str, en: str) -> EnrolmentRefused:
    return EnrolmentRefused(code, Message(zh=zh, en=en))
