"""Tokens: a device's certificate and a signature become an hour's access.

A revoked device may still sign in, since what it holds must arrive: the
ledger quarantines it, and nothing is lost.
"""

import os
from datetime import timedelta
from typing import NamedTuple

from flask import Request, g

from geo.errors import Message
from server.bureau import Bureau, the_bureau
from server.epochs import timestamp
from server.errors import SignInRefused
from sync.enrol import (
    check_token_proof,
    make_challenge,
    make_token,
    open_certificate,
    open_token,
)
from sync.errors import Expired, ProtocolError
from sync.keys import VerifyingKey

_SCHEME = "bearer"


class Token(NamedTuple):
    """A bearer token and the end of its hour."""

    token: str
    expires_at: str


def new_token(bureau: Bureau, device_id: str) -> Token:
    """Return a token that is good from now on, without being remembered."""
    expires_at = bureau.clock() + timedelta(minutes=bureau.settings.token_minutes)
    token = make_token(bureau.key, device_id=device_id, expires_at=expires_at)
    return Token(token, timestamp(expires_at))


def new_challenge(bureau: Bureau, device_id: str) -> str:
    """Return something for a device to sign; any id gets one, so none is betrayed."""
    return make_challenge(
        bureau.key,
        device_id=device_id,
        random_bytes=os.urandom(16),
        issued_at=bureau.clock(),
    )


def renew_token(bureau: Bureau, certificate: str, proof: str) -> Token:
    """Return a new token for the device of a certificate that is ours.

    The certificate is enough: a device that a restored database does not know
    any more signs in like any other.

    Raises
    ------
    SignInRefused
        ``certificate-invalid``, ``challenge-invalid`` (its two minutes are
        over) or ``proof-invalid``.
    """
    try:
        named = open_certificate(certificate, bureau.key.verifying_key)
    except ProtocolError as fault:
        raise SignInRefused("certificate-invalid", fault.message) from fault
    try:
        check_token_proof(
            proof,
            device_id=named.device_id,
            device_key=VerifyingKey.from_jwk(named.jwk),
            server_key=bureau.key.verifying_key,
            now=bureau.clock(),
        )
    except Expired as fault:
        raise SignInRefused("challenge-invalid", fault.message) from fault
    except ProtocolError as fault:
        raise SignInRefused("proof-invalid", fault.message) from fault
    return new_token(bureau, named.device_id)


def require_device(request: Request) -> None:
    """Set ``g.device_id`` from the request's bearer token.

    Raises
    ------
    SignInRefused
        ``token-missing``, ``token-expired`` or ``token-invalid``.
    """
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != _SCHEME or not token:
        raise SignInRefused(
            "token-missing", Message(zh="请求未带令牌", en="the request has no token")
        )
    bureau = the_bureau()
    try:
        g.device_id = open_token(
            token.strip(), bureau.key.verifying_key, bureau.clock()
        )
    except Expired as fault:
        raise SignInRefused("token-expired", fault.message) from fault
    except ProtocolError as fault:
        raise SignInRefused("token-invalid", fault.message) from fault
