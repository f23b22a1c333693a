"""JSON Web Signatures in compact form: ES256 and EdDSA, nothing else.

Written on `cryptography` directly, since every record of a batch passes here
(the signature itself takes about 100 µs and releases the interpreter lock).
A test holds this module and joserfc to the same answers.
"""

import base64
import binascii
import hashlib
import json
import math
from collections.abc import Mapping
from functools import lru_cache
from types import MappingProxyType
from typing import Any, NamedTuple

from sync.errors import BadSignature, MalformedDocument, MalformedJws
from sync.keys import SigningKey, VerifyingKey

__all__ = [
    "ALGORITHMS",
    "Jws",
    "SigningKey",
    "VerifyingKey",
    "canonical_json",
    "compact",
    "decode",
    "encode",
    "open_document",
    "parse",
    "read_object",
    "record_hash",
    "sign_document",
    "thumbprint",
]

ALGORITHMS = frozenset({"ES256", "EdDSA"})

_TO_STANDARD = bytes.maketrans(b"-_+/=", b"+/!!!")
_PADDING = (b"", b"!", b"==", b"=")


class Jws(NamedTuple):
    """A compact JWS taken apart; its signature is not checked yet."""

    header: Mapping[str, Any]
    payload: bytes
    signing_input: bytes
    signature: bytes

    @property
    def kid(self) -> str:
        """The key's name in the header, or "" if it names none."""
        kid = self.header.get("kid")
        return kid if isinstance(kid, str) else ""

    @property
    def compact(self) -> str:
        """The text as it was received."""
        return f"{self.signing_input.decode('ascii')}.{encode(self.signature)}"


def encode(data: bytes) -> str:
    """Return base64url without padding (RFC 7515 section 2)."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode("ascii")


def decode(segment: bytes) -> bytes:
    """Return the bytes of unpadded base64url.

    Raises
    ------
    MalformedJws
        On padding, white space, the standard alphabet's ``+`` and ``/``, or
        an impossible length.
    """
    try:
        return binascii.a2b_base64(
            segment.translate(_TO_STANDARD) + _PADDING[len(segment) & 3],
            strict_mode=True,
        )
    except binascii.Error as error:
        raise MalformedJws(f"not base64url: {error}") from error


def parse(compact: str | bytes) -> Jws:
    """Take a compact JWS apart.

    The header must be a JSON object with ``alg`` ES256 or EdDSA and without
    ``crit`` (RFC 7515 section 4.1.11: an extension not understood is refused).

    Raises
    ------
    MalformedJws
        If the text is anything else.
    """
    if isinstance(compact, str):
        try:
            compact = compact.encode("ascii")
        except UnicodeEncodeError as error:
            raise MalformedJws("not ASCII") from error
    signing_input, dot, signature = compact.rpartition(b".")
    header, inner_dot, payload = signing_input.partition(b".")
    if not dot or not inner_dot:
        raise MalformedJws("not three parts")
    read = _read_header_once if len(header) <= _REMEMBERED_CHARS else _read_header
    return Jws(read(header), decode(payload), signing_input, decode(signature))


def _read_header(segment: bytes) -> Mapping[str, Any]:
    header = read_object(decode(segment))
    if header is None:
        raise MalformedJws("the header is not a JSON object")
    if header.get("alg") not in ALGORITHMS:
        raise MalformedJws("alg is neither ES256 nor EdDSA")
    if "crit" in header:
        raise MalformedJws("crit names an extension that is not understood")
    return MappingProxyType(header)


# A device signs every record under the same header, and ours are short: longer
# ones are read anew, or anybody could fill the memory with them.
_REMEMBERED_CHARS = 256
_read_header_once = lru_cache(maxsize=4096)(_read_header)


def compact(header: Mapping[str, Any], payload: bytes, key: SigningKey) -> str:
    """Return the signed text; ``alg`` is set from the key."""
    protected = canonical_json({**header, "alg": key.alg})
    signing_input = f"{encode(protected)}.{encode(payload)}"
    return f"{signing_input}.{encode(key.sign(signing_input.encode('ascii')))}"


def record_hash(signing_input: bytes) -> str:
    """SHA-256 of ``header.payload`` in hexadecimal: the identity of what was signed.

    ES256 signatures are malleable ((r, n - s) verifies too), so the signature
    is not part of the identity.
    """
    return hashlib.sha256(signing_input).hexdigest()


def canonical_json(document: Mapping[str, Any]) -> bytes:
    """Return JSON with sorted keys and no white space, in UTF-8.

    Raises
    ------
    ValueError
        On NaN or infinity, which JSON does not have.
    """
    return _CANONICAL.encode(document).encode("utf-8")


def read_object(data: bytes) -> dict[str, Any] | None:
    """Return the JSON object in `data`, or None if there is none.

    Refused besides broken JSON: NaN, infinity, numbers too large for a float,
    lone surrogates (a database cannot store them) and nesting beyond the
    interpreter's depth.
    """
    try:
        document = _JSON.decode(data.decode("utf-8"))
        if b"\\ud" in data or b"\\uD" in data:
            json.dumps(document, ensure_ascii=False).encode("utf-8")
    except (ValueError, RecursionError):
        return None
    return document if isinstance(document, dict) else None


def sign_document(document: Mapping[str, Any], typ: str, key: SigningKey) -> str:
    """Return `document` signed under ``typ``, with the key's thumbprint as kid."""
    header = {"kid": key.thumbprint, "typ": typ}
    return compact(header, canonical_json(document), key)


def open_document(text: str | bytes, typ: str, key: VerifyingKey) -> dict[str, Any]:
    """Return the document that `key` signed under ``typ``.

    Raises
    ------
    MalformedJws
        If it is no JWS.
    BadSignature
        If `key` did not sign it.
    MalformedDocument
        If its ``typ`` is another one, or its payload no JSON object.
    """
    jws = parse(text)
    if not key.verify(jws):
        raise BadSignature(f"not signed by {key.thumbprint}")
    if jws.header.get("typ") != typ:
        raise MalformedDocument(f"typ is not {typ}")
    document = read_object(jws.payload)
    if document is None:
        raise MalformedDocument("the payload is not a JSON object")
    return document


def thumbprint(jwk: Mapping[str, Any]) -> str:
    """Return the key's thumbprint (RFC 7638, SHA-256, base64url)."""
    return VerifyingKey.from_jwk(jwk).thumbprint


def _refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is not JSON")


def _finite(text: str) -> float:
    number = float(text)
    if math.isinf(number):
        raise ValueError(f"{text} is beyond any float")
    return number


_CANONICAL = json.JSONEncoder(
    ensure_ascii=False, allow_nan=False, sort_keys=True, separators=(",", ":")
)
_JSON = json.JSONDecoder(parse_constant=_refuse_constant, parse_float=_finite)
