"""Enrolment: a one-time code becomes a device certificate and short-lived tokens.

The device's clock plays no part: codes, challenges and tokens expire by the
server's clock alone.
"""

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from schemas.envelope import DEVICE_ID
from sync.clock import instant, instant_text
from sync.errors import Expired, MalformedDocument, WrongAudience
from sync.jws import open_document, sign_document
from sync.keys import SigningKey, VerifyingKey

CODE_LIFETIME = timedelta(minutes=15)
CHALLENGE_LIFETIME = timedelta(minutes=2)
TOKEN_LIFETIME = timedelta(hours=1)

PROOF_TYP = "gi-enrol-proof+jws"
CERTIFICATE_TYP = "gi-device-cert+jws"
TOKEN_TYP = "gi-token+jws"
CHALLENGE_TYP = "gi-challenge+jws"
TOKEN_PROOF_TYP = "gi-token-proof+jws"

_CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_MISREAD = str.maketrans("OIL", "011", "- ")
_QR_PREFIX = "gi1"
_DEVICE_ID = re.compile(DEVICE_ID).fullmatch


@dataclass(frozen=True, slots=True)
class Certificate:
    """What the server says of a device; the signature was verified."""

    device_id: str
    unit_code: str
    unit_name: str
    officers: tuple[Mapping[str, Any], ...]
    jwk: Mapping[str, str]
    issued_at: str
    epoch: int
    compact: str


@dataclass(frozen=True, slots=True)
class Invitation:
    """What the QR code tells a device."""

    url: str
    code: str
    thumbprint: str


def new_code(random_bytes: bytes) -> str:
    """Return a code such as ``K7QF-3MZP`` made of five fresh random bytes.

    Crockford's alphabet: no I, L, O or U to be misread over a telephone.

    Raises
    ------
    ValueError
        If fewer than five bytes are given.
    """
    if len(random_bytes) < 5:
        raise ValueError("a code takes five random bytes")
    bits = int.from_bytes(random_bytes[:5], "big")
    text = "".join(_CROCKFORD[bits >> shift & 31] for shift in range(35, -1, -5))
    return f"{text[:4]}-{text[4:]}"


def code_hash(code: str) -> str:
    """Return SHA-256 of the code as it was meant: case, hyphens, O/0, I/L/1 aside."""
    meant = code.upper().translate(_MISREAD)
    return hashlib.sha256(meant.encode("utf-8")).hexdigest()


def qr_text(url: str, code: str, thumbprint: str) -> str:
    """Return what the QR code holds: address, code and the server's key."""
    return " ".join((_QR_PREFIX, url, code, thumbprint))


def read_qr_text(text: str) -> Invitation:
    """Return what `qr_text` wrote.

    Raises
    ------
    MalformedDocument
        If it is another QR code.
    """
    words = text.split()
    if len(words) != 4 or words[0] != _QR_PREFIX:
        raise MalformedDocument("not an enrolment code")
    return Invitation(*words[1:])


def make_proof(key: SigningKey, *, code: str, server_thumbprint: str) -> str:
    """Return the device's proof that it holds the key it enrols, for this server."""
    document = {
        "v": 1,
        "code_sha256": code_hash(code),
        "jkt": key.thumbprint,
        "aud": server_thumbprint,
    }
    return sign_document(document, PROOF_TYP, key)


def check_proof(
    proof: str, *, code: str, jwk: Mapping[str, Any], server_thumbprint: str
) -> VerifyingKey:
    """Return the device's key if `proof` shows possession for this code and server.

    Raises
    ------
    UnsupportedKey
        If `jwk` is no key of ours.
    MalformedJws, BadSignature, MalformedDocument
        If that key did not sign the proof.
    WrongAudience
        If it was signed for another code, key or server.
    """
    key = VerifyingKey.from_jwk(jwk)
    document = open_document(proof, PROOF_TYP, key)
    meant = (code_hash(code), key.thumbprint, server_thumbprint)
    said = tuple(document.get(name) for name in ("code_sha256", "jkt", "aud"))
    if said != meant:
        raise WrongAudience("the proof is for another code, key or server")
    return key


def make_certificate(
    key: SigningKey,
    *,
    device_id: str,
    unit_code: str,
    unit_name: str,
    officers: Sequence[Mapping[str, Any]],
    jwk: Mapping[str, str],
    issued_at: datetime,
    epoch: int,
) -> str:
    """Return the server's signed word that this key is this unit's device."""
    document = {
        "v": 1,
        "device_id": device_id,
        "unit_code": unit_code,
        "unit_name": unit_name,
        "officers": [dict(officer) for officer in officers],
        "jwk": VerifyingKey.from_jwk(jwk).jwk,
        "issued_at": instant_text(issued_at),
        "epoch": epoch,
    }
    return sign_document(document, CERTIFICATE_TYP, key)


def open_certificate(compact: str, server_key: VerifyingKey) -> Certificate:
    """Return a certificate after checking that the server signed it.

    Raises
    ------
    MalformedJws, BadSignature, MalformedDocument
        If it is not a certificate by this server.
    """
    document = open_document(compact, CERTIFICATE_TYP, server_key)
    try:
        return Certificate(
            device_id=require_device_id(document["device_id"]),
            unit_code=str(document["unit_code"]),
            unit_name=str(document["unit_name"]),
            officers=tuple(document["officers"]),
            jwk=dict(document["jwk"]),
            issued_at=str(document["issued_at"]),
            epoch=int(document["epoch"]),
            compact=compact,
        )
    except (KeyError, TypeError, ValueError) as error:
        raise MalformedDocument(f"not a certificate: {error}") from error


def require_device_id(value: object) -> str:
    """Return a device's id; ValueError if it could mislead as a file's name."""
    if not isinstance(value, str) or _DEVICE_ID(value) is None:
        raise ValueError("not a device's id")
    return value


def make_token(key: SigningKey, *, device_id: str, expires_at: datetime) -> str:
    """Return a bearer token for one device."""
    document = {"v": 1, "device_id": device_id, "exp": instant_text(expires_at)}
    return sign_document(document, TOKEN_TYP, key)


def open_token(token: str, server_key: VerifyingKey, now: datetime) -> str:
    """Return the device_id of a token that holds at `now`.

    Raises
    ------
    MalformedJws, BadSignature, MalformedDocument
        If it is not a token by this server.
    Expired
        If its time is up.
    """
    return _unexpired(open_document(token, TOKEN_TYP, server_key), now)


def make_challenge(
    key: SigningKey, *, device_id: str, random_bytes: bytes, issued_at: datetime
) -> str:
    """Return a challenge that the server need not remember: it is signed."""
    document = {
        "v": 1,
        "device_id": device_id,
        "nonce": random_bytes.hex(),
        "exp": instant_text(issued_at + CHALLENGE_LIFETIME),
    }
    return sign_document(document, CHALLENGE_TYP, key)


def make_token_proof(key: SigningKey, *, challenge: str, device_id: str) -> str:
    """Return the device's signature over the server's challenge."""
    document = {"v": 1, "challenge": challenge, "device_id": device_id}
    return sign_document(document, TOKEN_PROOF_TYP, key)


def check_token_proof(
    proof: str,
    *,
    device_id: str,
    device_key: VerifyingKey,
    server_key: VerifyingKey,
    now: datetime,
) -> None:
    """Require that this device answered a challenge of ours that still holds.

    Raises
    ------
    MalformedJws, BadSignature, MalformedDocument
        If the device did not sign the proof, or we not the challenge in it.
    WrongAudience
        If proof or challenge name another device.
    Expired
        If the challenge is older than two minutes.
    """
    document = open_document(proof, TOKEN_PROOF_TYP, device_key)
    challenge_text = document.get("challenge")
    if not isinstance(challenge_text, str):
        raise MalformedDocument("the proof holds no challenge")
    challenge = open_document(challenge_text, CHALLENGE_TYP, server_key)
    if not document.get("device_id") == _unexpired(challenge, now) == device_id:
        raise WrongAudience("the challenge was another device's")


def _unexpired(document: Mapping[str, Any], now: datetime) -> str:
    device_id, expires = document.get("device_id"), document.get("exp")
    if not isinstance(device_id, str) or not isinstance(expires, str):
        raise MalformedDocument("device_id or exp is missing")
    if instant(expires) <= now:
        raise Expired(f"expired at {expires}")
    return device_id
