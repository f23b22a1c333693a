"""Vectors for signatures and records: what verifies, what is refused, what is filed."""

import json
from typing import Any

from contract.sealing import NOW, key_of, record_id

from sync.jws import compact, encode, parse, record_hash
from sync.keys import P256_ORDER, SigningKey
from sync.record import RECORD_TYP, open_record, payload_of, seal

DEVICE = key_of("device-x")
ED_DEVICE = SigningKey.from_random(b"device-ed".ljust(48, b"."), "EdDSA")
SERVER = key_of("server")


def jws_document() -> dict[str, Any]:
    header = {"kid": "device-x", "typ": RECORD_TYP}
    good = compact(header, b'{"a":1}', DEVICE)
    edwards = compact(header, '{"地":"寻乌"}'.encode(), ED_DEVICE)
    signing_input, _, signature = good.rpartition(".")
    raw = parse(good).signature
    s = P256_ORDER - int.from_bytes(raw[32:], "big")
    malleated = f"{signing_input}.{encode(raw[:32] + s.to_bytes(32, 'big'))}"
    other = f"{signing_input.split('.')[0]}.{encode(b'{}')}.{signature}"
    ours, theirs = DEVICE.public_jwk, ED_DEVICE.public_jwk
    checks = [
        ("ES256, raw r || s", good, ours, True),
        ("ES256, malleated to (r, n - s): verifies, same hash", malleated, ours, True),
        ("EdDSA", edwards, theirs, True),
        ("payload exchanged", other, ours, False),
        ("signed by another key", good, SERVER.public_jwk, False),
        ("ES256 under an Ed25519 key", good, theirs, False),
        ("signature cut short", good[:-4], ours, False),
        ("r and s all zero", f"{signing_input}.{encode(bytes(64))}", ours, False),
    ]
    malformed = {
        "alg none": _with_header({"alg": "none"}, signing_input, ""),
        "alg HS256": _with_header({"alg": "HS256"}, signing_input, signature),
        "crit": _with_header(
            {"alg": "ES256", "crit": ["b64"]}, signing_input, signature
        ),
        "header is a list": _with_header(["ES256"], signing_input, signature),
        "two parts": signing_input,
        "four parts": f"{good}.{signature}",
        "padding": f"{good}==",
        "standard base64 alphabet": f"{signing_input}.{'+/' + signature[2:]}",
        "white space": f" {good}",
        "not ASCII": f"{good[:-1]}甲",
        "empty": "",
    }
    return {
        "about": "verify each compact JWS with its jwk; hash is SHA-256 of the "
        "signing input; the malformed are refused before any key is looked at",
        "verify": [
            {
                "name": name,
                "compact": text,
                "jwk": jwk,
                "is_valid": is_valid,
                "hash": record_hash(parse(text).signing_input),
            }
            for name, text, jwk, is_valid in checks
        ],
        "malformed": [{"name": n, "compact": text} for n, text in malformed.items()],
        "thumbprints": [
            {"jwk": key.public_jwk, "thumbprint": key.thumbprint}
            for key in (DEVICE, ED_DEVICE, SERVER)
        ],
    }


def _with_header(header: Any, signing_input: str, signature: str) -> str:
    payload = signing_input.split(".")[1]
    return f"{encode(json.dumps(header).encode())}.{payload}.{signature}"


def _record_inputs() -> list[dict[str, Any]]:
    body = {"unit_code": "360734", "note": '寻乌仓库 \\ "36 万斤"'}
    clock = {"boot_id": "b1", "uptime_ms": 61000, "offset_ms": -250,
             "offset_source": "gnss"}  # fmt: skip
    shared = {"device_id": "device-x", "clock": clock, "sealed_at": NOW}
    photo = {"sha256": "ab" * 32, "bytes": 2_500_000, "media_type": "image/jpeg"}
    return [
        {**shared, "id": record_id(1), "kind": "observation", "amends": None,
         "body": body, "blobs": [photo]},
        {**shared, "id": record_id(2), "kind": "amendment", "amends": record_id(1),
         "body": {**body, "amendment": {"kind": "finalise", "reason": ""}},
         "blobs": []},
        {**shared, "id": record_id(3), "kind": "withdrawal", "amends": record_id(2),
         "body": {"reason": "entered twice"}, "blobs": []},
    ]  # fmt: skip


def records_document() -> dict[str, Any]:
    chain, prev = [], None
    for seq, given in enumerate(_record_inputs(), start=1):
        sealed = seal(DEVICE, payload_of(seq=seq, prev=prev, **given))
        payload = json.loads(parse(sealed.compact).payload)
        chain.append({"payload": payload, "compact": sealed.compact,
                      "hash": sealed.hash})  # fmt: skip
        prev = sealed.hash
    return {
        "about": "a chain of three records: prev is the hash before, None first; and "
        "records that cannot be read whole, with the id they are filed under",
        "jwk": DEVICE.public_jwk,
        "chain": chain,
        "unreadable": [_unreadable(*case) for case in _spoilt(chain[1]["payload"])],
    }


def _spoilt(payload: dict[str, Any]) -> list[tuple[str, bytes]]:
    changes: dict[str, dict[str, Any]] = {
        "unknown version": {"v": 2},
        "id in capitals": {"id": payload["id"].upper()},
        "id missing": {"id": None},
        "another device": {"device_id": "device-y"},
        "seq zero": {"seq": 0},
        "seq as text": {"seq": "2"},
        "prev missing": {"prev": None},
        "unknown kind": {"kind": "note"},
        "amends itself": {"amends": payload["id"]},
        "observation that amends": {"kind": "observation"},
    }
    spoilt = [(n, json.dumps({**payload, **c}).encode()) for n, c in changes.items()]
    return [
        *spoilt,
        ("not JSON", b"{"),
        ("not an object", b"[]"),
        ("NaN", b'{"v":NaN}'),
        ("a lone surrogate", b'{"v":"\\ud800"}'),
        ("not UTF-8", b'{"v":"\xff"}'),
    ]


def _unreadable(name: str, payload: bytes) -> dict[str, Any]:
    text = compact({"kid": "device-x", "typ": RECORD_TYP}, payload, DEVICE)
    opened = open_record(text)
    return {
        "name": name,
        "compact": text,
        "hash": opened.hash,
        "filed_under": opened.id,
        "field": opened.envelope_fault.field if opened.envelope_fault else None,
        "code": opened.envelope_fault.code if opened.envelope_fault else None,
    }
