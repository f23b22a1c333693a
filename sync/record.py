"""A sealed record: one entry of a device's chain, as a JWS."""

import re
import uuid
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from geo.errors import Message
from schemas.errors import Fault
from sync.clock import instant_text
from sync.errors import RecordTooLarge
from sync.jws import Jws, canonical_json, compact, parse, read_object, record_hash
from sync.keys import SigningKey

__all__ = [
    "KINDS",
    "MAX_RECORD_BYTES",
    "RECORD_TYP",
    "OpenedRecord",
    "Sealed",
    "open_record",
    "payload_of",
    "record_hash",
    "seal",
]

RECORD_TYP = "gi-record+jws"
RECORD_VERSION = 1
MAX_RECORD_BYTES = 256 * 1024
KINDS = frozenset({"observation", "amendment", "withdrawal"})

_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}").fullmatch
_SHA256 = re.compile(r"[0-9a-f]{64}").fullmatch
_MAX_SEQ = 2**53 - 1


class Sealed(NamedTuple):
    """A record as sealed on the device; its bytes never change again."""

    compact: str
    id: str
    hash: str
    seq: int
    kind: str
    device_id: str
    prev: str | None
    amends: str | None
    sealed_at: str


class OpenedRecord(NamedTuple):
    """A record taken apart as far as it can be read; its signature is not checked.

    `device_id` is the header's kid. Where a member of the envelope cannot be
    read it is None here and `envelope_fault` says which; where the id cannot,
    `id` is a UUIDv8 formed from the hash, so that the bytes can be filed.
    """

    compact: str
    jws: Jws
    payload: dict[str, Any] | None
    id: str
    device_id: str
    seq: int | None
    prev: str | None
    kind: str | None
    amends: str | None
    hash: str
    envelope_fault: Fault | None


def payload_of(
    *,
    id: str,
    device_id: str,
    seq: int,
    prev: str | None,
    kind: str,
    amends: str | None,
    sealed_at: datetime,
    clock: Mapping[str, Any],
    body: Mapping[str, Any],
    blobs: Sequence[Mapping[str, Any]],
) -> dict[str, Any]:
    """Return what a record says, whole, before it is sealed.

    Parameters
    ----------
    seq, prev : int, str or None
        1 and None for a device's first record; else one more than the head's
        and the head's hash.
    amends : str or None
        The id of the record amended or withdrawn; None for an observation.
    sealed_at : datetime
        Aware; by the device's clock, whatever that shows.
    clock : Mapping
        ``{boot_id, uptime_ms, offset_ms, offset_source}``.
    blobs : Sequence
        ``{sha256, bytes, media_type}`` of each photograph.

    Raises
    ------
    ValueError
        On a naive `sealed_at`.
    """
    return {
        "v": RECORD_VERSION,
        "id": id,
        "device_id": device_id,
        "seq": seq,
        "prev": prev,
        "kind": kind,
        "amends": amends,
        "sealed_at": instant_text(sealed_at),
        "clock": dict(clock),
        "body": dict(body),
        "blobs": [dict(blob) for blob in blobs],
    }


def seal(key: SigningKey, payload: Mapping[str, Any]) -> Sealed:
    """Return the sealed record: the same payload of `payload_of`, the same bytes.

    Raises
    ------
    RecordTooLarge
        If the compact form exceeds `MAX_RECORD_BYTES`.
    ValueError
        On NaN in the body.
    """
    header = {"kid": payload["device_id"], "typ": RECORD_TYP}
    text = compact(header, canonical_json(payload), key)
    if len(text) > MAX_RECORD_BYTES:
        raise RecordTooLarge(f"{len(text)} bytes")
    digest = record_hash(text[: text.rindex(".")].encode("ascii"))
    return Sealed(
        text,
        payload["id"],
        digest,
        payload["seq"],
        payload["kind"],
        payload["device_id"],
        payload["prev"],
        payload["amends"],
        payload["sealed_at"],
    )


def open_record(
    compact: str | bytes,
    *,
    loads: Callable[[bytes], Any] | None = None,
) -> OpenedRecord:
    """Take a record apart, filing what cannot be read under its hash.

    Parameters
    ----------
    loads : Callable, optional
        A faster JSON decoder (such as ``orjson.loads``); it must raise
        ValueError on NaN, lone surrogates and deep nesting.

    Raises
    ------
    MalformedJws
        If it is no JWS at all, so that there is no signer to name.
    """
    jws = parse(compact)
    text = compact if isinstance(compact, str) else compact.decode("ascii")
    digest = record_hash(jws.signing_input)
    payload = _payload(jws.payload, loads)
    faulty = None if payload is None else _faulty_member(payload, jws)
    if payload is None or faulty is not None:
        return _filed_under_hash(text, jws, payload, digest, faulty)
    return OpenedRecord(
        text,
        jws,
        payload,
        payload["id"],
        payload["device_id"],
        payload["seq"],
        payload["prev"],
        payload["kind"],
        payload["amends"],
        digest,
        None,
    )


def _filed_under_hash(
    text: str, jws: Jws, payload: dict[str, Any] | None, digest: str, faulty: str | None
) -> OpenedRecord:
    get = (payload or {}).get
    id_, amends, kind = get("id"), get("amends"), get("kind")
    return OpenedRecord(
        text,
        jws,
        payload,
        id_ if isinstance(id_, str) and _UUID(id_) else _id_from(digest),
        jws.kid,
        get("seq") if _is_seq(get("seq")) else None,
        get("prev") if _is_sha256(get("prev")) else None,
        kind if isinstance(kind, str) and kind in KINDS else None,
        amends if _is_uuid(amends) and amends != id_ else None,
        digest,
        _envelope_fault(faulty),
    )


def _payload(
    data: bytes, loads: Callable[[bytes], Any] | None
) -> dict[str, Any] | None:
    if loads is None:
        return read_object(data)
    try:
        payload = loads(data)
    except (ValueError, RecursionError):
        return None
    return payload if isinstance(payload, dict) else None


def _faulty_member(payload: Mapping[str, Any], jws: Jws) -> str | None:
    """Name the first member that breaks the chain's own rules, "" for the header."""
    get = payload.get
    if jws.header.get("typ") != RECORD_TYP:
        return ""
    if get("v") != RECORD_VERSION or type(get("v")) is not int:
        return "v"
    if not _is_uuid(get("id")):
        return "id"
    if not jws.kid or get("device_id") != jws.kid:
        return "device_id"
    return _faulty_link(get("seq"), get("prev", "")) or _faulty_target(payload)


def _faulty_link(seq: object, prev: object) -> str | None:
    if not _is_seq(seq):
        return "seq"
    follows = prev is None if seq == 1 else _is_sha256(prev)
    return None if follows else "prev"


def _faulty_target(payload: Mapping[str, Any]) -> str | None:
    kind, amends = payload.get("kind"), payload.get("amends", "")
    if not isinstance(kind, str) or kind not in KINDS:
        return "kind"
    if kind == "observation":
        return None if amends is None else "amends"
    return None if _is_uuid(amends) and amends != payload["id"] else "amends"


def _is_uuid(value: object) -> bool:
    return isinstance(value, str) and _UUID(value) is not None


def _is_sha256(value: object) -> bool:
    return isinstance(value, str) and _SHA256(value) is not None


def _is_seq(value: object) -> bool:
    return type(value) is int and 1 <= value <= _MAX_SEQ


def _id_from(digest: str) -> str:
    """UUIDv8 (RFC 9562 section 5.8) of the hash's first 122 free bits."""
    bits = int(digest[:32], 16)
    bits = bits & ~(0xF << 76) | 0x8 << 76
    bits = bits & ~(0x3 << 62) | 0x2 << 62
    return str(uuid.UUID(int=bits))


def _envelope_fault(faulty: str | None) -> Fault:
    if faulty is None:
        message = Message("内容不是 JSON 对象", "The content is not a JSON object")
        return Fault("", "not-json", message)
    name = faulty or "typ"
    message = Message(
        f"封装字段 {name} 缺失或不合规定",
        f"The envelope's {name} is missing or not as the protocol has it",
    )
    return Fault(faulty, f"envelope-{name.replace('_', '-')}", message)
