"""Enrolling: a one-time code becomes this device's identity.

A lost reply does no harm: the key made for a code is kept before it is
offered, so that a repeat offers the same key and gets the same answer.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, Protocol

from fieldkit.errors import FieldkitError, NotEnrolled
from fieldkit.exit_codes import ExitCode
from fieldkit.identities import IdentityFile, adopt_identity, earlier_identities
from fieldkit.keys import KeyStore
from fieldkit.link.transport import Enrolled, ServerInfo, Transport
from fieldkit.outbox import DeviceIdentity
from geo.errors import Message
from sync.clock import instant_text
from sync.enrol import Certificate, code_hash, make_proof, open_certificate
from sync.errors import MalformedDocument, ProtocolError
from sync.keys import SigningKey, VerifyingKey

KEY_BYTES = 48


class ServerMistaken(FieldkitError):
    """The server is not the one that the code, or this device, belongs to."""

    code: ClassVar[str] = "server-mistaken"
    exit_code: ClassVar[ExitCode] = ExitCode.PROTOCOL


class EnrolmentFile(IdentityFile, Protocol):
    """What enrolment writes to (the outbox)."""

    def reopen(self, epoch: int) -> int:
        """Note the server's epoch."""


@dataclass(frozen=True, slots=True)
class Enrolment:
    """Who the device now is; both thumbprints are to be compared by people."""

    identity: DeviceIdentity
    device_thumbprint: str
    server_thumbprint: str
    server_name: str


def enrol(
    transport: Transport,
    file: EnrolmentFile,
    keys: KeyStore,
    *,
    url: str,
    code: str,
    thumbprint: str | None,
    random_bytes: Callable[[int], bytes],
    now: datetime,
) -> Enrolment:
    """Make this device one of the bureau's, or find that it is already.

    Parameters
    ----------
    code : str
        As the official said it; case, hyphens and O/0, I/L/1 do not matter.
    thumbprint : str or None
        Of the server's key, where the QR code told it.

    Raises
    ------
    ServerMistaken
        Another key answers than the QR code names, or than this device's
        records were delivered to, or the certificate is not for our key.
    TransportError
        No answer, or the server refused (with its words).
    """
    info = transport.server()
    server_key = _server_key(info, thumbprint, _last_identity(file))
    key = _key_for(keys, code, random_bytes)
    proof = make_proof(key, code=code, server_thumbprint=server_key.thumbprint)
    enrolled = transport.enrol(code, key.public_jwk, proof)
    certificate = _certificate(enrolled, server_key, key)
    identity = _identity(enrolled, certificate, url, server_key, now)
    keys.save(certificate.device_id, key)
    adopt_identity(file, identity)
    file.reopen(enrolled.epoch)
    return Enrolment(identity, key.thumbprint, server_key.thumbprint, info.name)


def _last_identity(file: IdentityFile) -> DeviceIdentity | None:
    """Return the identity of now, or the one signed out: its records are here."""
    return file.identity() or next(reversed(earlier_identities(file)), None)


def _server_key(
    info: ServerInfo, thumbprint: str | None, current: DeviceIdentity | None
) -> VerifyingKey:
    try:
        key = VerifyingKey.from_jwk(info.jwk)
    except ProtocolError as error:
        raise _mistaken(
            "服务器没有可用的公钥", "the server shows no key that can be used"
        ) from error
    if thumbprint is not None and key.thumbprint != thumbprint:
        raise _mistaken(
            f"应答的服务器（{key.thumbprint}）不是登记码所指的服务器（{thumbprint}），"
            "未登记",
            f"the server that answers ({key.thumbprint}) is not the one that the code "
            f"names ({thumbprint}); not enrolled",
        )
    if current is not None:
        _require_same_server(current, key)
    return key


def _require_same_server(current: DeviceIdentity, key: VerifyingKey) -> None:
    """One home, one bureau: its records were sealed for that one's custody."""
    known = VerifyingKey.from_jwk(current.server_jwk).thumbprint
    if known != key.thumbprint:
        raise _mistaken(
            f"本设备属于另一台服务器（{known}）。如要登记到这台，请另设 FIELDKIT_HOME",
            f"this device belongs to another server ({known}); to enrol with this one, "
            "set another FIELDKIT_HOME",
        )


def _key_for(
    keys: KeyStore, code: str, random_bytes: Callable[[int], bytes]
) -> SigningKey:
    """Return the key of this code: made once, however often enrolling is tried."""
    name = f"code-{code_hash(code)[:16]}"
    try:
        return keys.load(name)
    except NotEnrolled:
        key = SigningKey.from_random(random_bytes(KEY_BYTES))
        keys.save(name, key)
        return key


def _certificate(
    enrolled: Enrolled, server_key: VerifyingKey, key: SigningKey
) -> Certificate:
    try:
        certificate = open_certificate(enrolled.certificate, server_key)
        if certificate.jwk != key.public_jwk:
            raise MalformedDocument("the certificate is for another key")
    except ProtocolError as error:
        raise _mistaken(
            f"服务器发来的设备证书无效（{error.code}），未登记",
            f"the certificate that came is not valid ({error.code}); not enrolled",
        ) from error
    return certificate


def _identity(
    enrolled: Enrolled,
    certificate: Certificate,
    url: str,
    server_key: VerifyingKey,
    now: datetime,
) -> DeviceIdentity:
    """Take the identity from the certificate: only that is signed."""
    return DeviceIdentity(
        device_id=certificate.device_id,
        unit_code=certificate.unit_code,
        unit_name=certificate.unit_name,
        officers=tuple(dict(officer) for officer in certificate.officers),
        server_url=url,
        server_jwk=server_key.jwk,
        certificate=certificate.compact,
        epoch=enrolled.epoch,
        enrolled_at=instant_text(now),
        token=enrolled.token,
        token_expires_at=enrolled.token_expires_at,
    )


def _mistaken(zh: str, en: str) -> ServerMistaken:
    return ServerMistaken(Message(zh=zh, en=en))
