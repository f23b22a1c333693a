"""Keys that sign and verify: P-256 (ES256) and Ed25519 (EdDSA), as JWK and PEM."""

import base64
import hashlib
import json
from collections.abc import Mapping
from typing import Any, Protocol

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from cryptography.hazmat.primitives.asymmetric.utils import (
    decode_dss_signature,
    encode_dss_signature,
)

from sync.errors import UnsupportedKey

P256_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551

_ED25519_PRIME = 2**255 - 19
# Of the points of order 1, 2, 4 and 8 (two values): RFC 8032, section 8.9.
_ORDER_8_Y = 0x05FC536D880238B13933C6D305ACDFD5F098EFF289F4C345B027B2C28F95E826
_SMALL_ORDER_Y = frozenset(
    {1, _ED25519_PRIME - 1, 0, _ORDER_8_Y, _ED25519_PRIME - _ORDER_8_Y}
)

# RFC 6979: sealing is a function of its arguments, and needs no randomness.
_SIGN_ES256 = ec.ECDSA(hashes.SHA256(), deterministic_signing=True)
_VERIFY_ES256 = ec.ECDSA(hashes.SHA256())

_Private = ec.EllipticCurvePrivateKey | ed25519.Ed25519PrivateKey
_Public = ec.EllipticCurvePublicKey | ed25519.Ed25519PublicKey


class Signed(Protocol):
    """What a key needs to see of a JWS."""

    @property
    def header(self) -> Mapping[str, Any]: ...  # noqa: D102
    @property
    def signing_input(self) -> bytes: ...  # noqa: D102
    @property
    def signature(self) -> bytes: ...  # noqa: D102


class VerifyingKey:
    """A public key that tells whether it signed something."""

    def __init__(self, public_key: _Public) -> None:
        self._key = public_key
        self.alg = _algorithm(public_key)
        self.jwk = _jwk(public_key)
        self.thumbprint = _thumbprint(self.jwk)

    @classmethod
    def from_jwk(cls, jwk: Mapping[str, Any]) -> "VerifyingKey":
        """Return the key of a public JWK (RFC 7517; private parts are ignored).

        Raises
        ------
        UnsupportedKey
            If it is neither P-256 nor Ed25519, not a point on its curve, or
            an Ed25519 point of small order.
        """
        try:
            if jwk["kty"] == "EC" and jwk["crv"] == "P-256":
                x, y = _coordinate(jwk["x"]), _coordinate(jwk["y"])
                point = b"\x04" + x + y
                curve = ec.SECP256R1()
                return cls(ec.EllipticCurvePublicKey.from_encoded_point(curve, point))
            if jwk["kty"] == "OKP" and jwk["crv"] == "Ed25519":
                raw = _coordinate(jwk["x"])
                _require_large_order(raw)
                return cls(ed25519.Ed25519PublicKey.from_public_bytes(raw))
        except (KeyError, TypeError, AttributeError, ValueError) as error:
            raise UnsupportedKey(f"not a public JWK: {error}") from error
        raise UnsupportedKey("neither P-256 nor Ed25519")

    def verify(self, jws: Signed) -> bool:
        """Tell whether this key signed `jws`, under this key's own algorithm."""
        if jws.header.get("alg") != self.alg:
            return False
        try:
            if isinstance(self._key, ed25519.Ed25519PublicKey):
                self._key.verify(jws.signature, jws.signing_input)
            elif len(jws.signature) != 64:
                return False
            else:
                der = _der(jws.signature)
                self._key.verify(der, jws.signing_input, _VERIFY_ES256)
        except InvalidSignature:
            return False
        return True


class SigningKey:
    """A private key that signs; ES256 or EdDSA by its curve."""

    def __init__(self, private_key: _Private) -> None:
        self._key = private_key
        self.verifying_key = VerifyingKey(private_key.public_key())
        self.alg = self.verifying_key.alg
        self.public_jwk = self.verifying_key.jwk
        self.thumbprint = self.verifying_key.thumbprint

    @classmethod
    def from_random(cls, random_bytes: bytes, alg: str = "ES256") -> "SigningKey":
        """Return a new key made from 48 fresh random bytes.

        For P-256 they are reduced modulo n - 1 (FIPS 186-5, A.2.1: 64 bits
        more than the order has make the bias negligible).

        Raises
        ------
        ValueError
            If fewer than 48 bytes are given, or `alg` is another one.
        """
        if len(random_bytes) < 48:
            raise ValueError("a key takes 48 random bytes")
        if alg == "ES256":
            scalar = int.from_bytes(random_bytes, "big") % (P256_ORDER - 1) + 1
            return cls(ec.derive_private_key(scalar, ec.SECP256R1()))
        if alg == "EdDSA":
            return cls(ed25519.Ed25519PrivateKey.from_private_bytes(random_bytes[:32]))
        raise ValueError(f"no such algorithm: {alg}")

    @classmethod
    def from_pem(cls, pem: bytes) -> "SigningKey":
        """Return the key in an unencrypted PKCS #8 PEM.

        Raises
        ------
        UnsupportedKey
            If it holds no such key.
        """
        try:
            key = serialization.load_pem_private_key(pem, password=None)
        except (ValueError, TypeError) as error:
            raise UnsupportedKey(f"not a private key: {error}") from error
        if not isinstance(key, ec.EllipticCurvePrivateKey | ed25519.Ed25519PrivateKey):
            raise UnsupportedKey("neither P-256 nor Ed25519")
        return cls(key)

    def to_pem(self) -> bytes:
        """Return the private key as unencrypted PKCS #8 PEM; keep it 0600."""
        return self._key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )

    def sign(self, signing_input: bytes) -> bytes:
        """Return the JWS signature: for ES256 the 64 bytes r || s."""
        if isinstance(self._key, ed25519.Ed25519PrivateKey):
            return self._key.sign(signing_input)
        r, s = decode_dss_signature(self._key.sign(signing_input, _SIGN_ES256))
        return r.to_bytes(32, "big") + s.to_bytes(32, "big")


def _der(raw: bytes) -> bytes:
    r, s = int.from_bytes(raw[:32], "big"), int.from_bytes(raw[32:], "big")
    return encode_dss_signature(r, s)


def _require_large_order(raw: bytes) -> None:
    """Refuse the Ed25519 points under which one signature fits many texts."""
    y = (int.from_bytes(raw, "little") & (1 << 255) - 1) % _ED25519_PRIME
    if y in _SMALL_ORDER_Y:
        raise ValueError("a point of small order")


def _algorithm(key: _Public) -> str:
    if isinstance(key, ed25519.Ed25519PublicKey):
        return "EdDSA"
    if isinstance(key.curve, ec.SECP256R1):
        return "ES256"
    raise UnsupportedKey(f"curve {key.curve.name} is not P-256")


def _jwk(key: _Public) -> dict[str, str]:
    if isinstance(key, ed25519.Ed25519PublicKey):
        return {"kty": "OKP", "crv": "Ed25519", "x": _b64(key.public_bytes_raw())}
    numbers = key.public_numbers()
    x, y = (_b64(n.to_bytes(32, "big")) for n in (numbers.x, numbers.y))
    return {"kty": "EC", "crv": "P-256", "x": x, "y": y}


def _thumbprint(jwk: Mapping[str, str]) -> str:
    members = json.dumps(jwk, sort_keys=True, separators=(",", ":"))
    return _b64(hashlib.sha256(members.encode("ascii")).digest())


def _b64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode("ascii")


def _coordinate(text: str) -> bytes:
    data = base64.urlsafe_b64decode(text.encode("ascii") + b"==")
    if len(data) != 32:
        raise ValueError("a coordinate takes 32 bytes")
    return data
