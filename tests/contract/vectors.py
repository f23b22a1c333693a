"""The test vectors for clients in other languages, made anew from the code.

``python -m contract.vectors`` in ``tests/`` writes them to ``sync/vectors``; a
test holds the files to this.
"""

import json
from pathlib import Path
from typing import Any

from contract.record_vectors import DEVICE, SERVER, jws_document, records_document
from contract.scenarios import scenarios
from contract.sealing import NOW, record_id

from sync.backoff import delay_s
from sync.clock import acted_on
from sync.enrol import code_hash, make_certificate, make_proof, new_code, qr_text
from sync.jws import parse
from sync.outcome import ItemOutcome, Outcome
from sync.parts import PART_BYTES, missing, part_count, part_range
from sync.receipt import make_blob_receipt, make_receipt
from sync.reference import make_manifest

FOLDER = Path(__file__).parents[2] / "sync" / "vectors"


def documents() -> dict[str, dict[str, Any]]:
    """Return every vector file's content, by file name."""
    return {
        "jws.json": jws_document(),
        "records.json": records_document(),
        "receipts.json": _receipts(),
        "enrolment.json": _enrolment(),
        "reference.json": _reference(),
        "decide.json": _decide(),
        "backoff.json": _backoff(),
        "parts.json": _parts(),
        "clock.json": _clock(),
    }


def _receipts() -> dict[str, Any]:
    items = [
        ItemOutcome(record_id(1), "11" * 32, Outcome.STORED, position=7,
                    received_at="2023-12-03T08:00:00.000Z"),
        ItemOutcome(record_id(2), "22" * 32, Outcome.PARKED, position=8,
                    received_at="2023-12-03T08:00:00.000Z"),
        ItemOutcome(record_id(3), "33" * 32, Outcome.REFUSED, "over-size"),
    ]  # fmt: skip
    receipt = make_receipt(
        SERVER, receipt_id="018c0000-0000-7000-8000-00000000aaaa",
        device_id="device-x", epoch=1, items=items, issued_at=NOW,
    )  # fmt: skip
    blob = make_blob_receipt(
        SERVER, device_id="device-x", epoch=1, sha256="ab" * 32, bytes=2_500_000,
        received_at=NOW,
    )  # fmt: skip
    return {
        "about": "signed by the server, it covers exactly its (id, hash) pairs",
        "server_jwk": SERVER.public_jwk,
        "receipt": receipt,
        "payload": json.loads(parse(receipt).payload),
        "covers": [[record_id(1), "11" * 32], [record_id(2), "22" * 32]],
        "covers_not": [
            [record_id(1), "22" * 32],
            [record_id(3), "33" * 32],
        ],
        "blob_receipt": blob,
        "blob_payload": json.loads(parse(blob).payload),
    }


def _enrolment() -> dict[str, Any]:
    code = new_code(b"\x98\xe5\xe8\xa0\x01")
    proof = make_proof(DEVICE, code=code, server_thumbprint=SERVER.thumbprint)
    certificate = make_certificate(
        SERVER, device_id="device-x", unit_code="360734", unit_name="寻乌县局",
        officers=[{"name": "甲", "certificate_no": "1"}], jwk=DEVICE.public_jwk,
        issued_at=NOW, epoch=1,
    )  # fmt: skip
    typed = [code, code.lower(), code.replace("-", " "), code.replace("0", "O"),
             code.replace("1", "l")]  # fmt: skip
    return {
        "about": "what is typed hashes as it was meant; proof and certificate verify",
        "random_bytes": "98e5e8a001",
        "code": code,
        "typed": typed,
        "code_sha256": code_hash(code),
        "server_jwk": SERVER.public_jwk,
        "device_jwk": DEVICE.public_jwk,
        "proof": proof,
        "proof_payload": json.loads(parse(proof).payload),
        "certificate": certificate,
        "qr_text": qr_text("http://192.168.1.10:8000", code, SERVER.thumbprint),
    }


def _reference() -> dict[str, Any]:
    document = {"name": "codes", "kind": "codes", "version": "1",
                "sha256": "cd" * 32, "bytes": 1234}  # fmt: skip
    manifest = make_manifest(SERVER, serial=4, issued_at=NOW, documents=[document])
    return {
        "about": "taken if the server signed it and its serial is not below the held",
        "server_jwk": SERVER.public_jwk,
        "manifest": manifest,
        "payload": json.loads(parse(manifest).payload),
        "taken_when_held": [0, 3, 4],
        "stale_when_held": [5],
    }


def _decide() -> dict[str, Any]:
    return {
        "about": "push the batches in their order: the outcome of each item, and how "
        "each record stands at the end",
        "scenarios": [scenario.to_json() for scenario in scenarios()],
    }


def _backoff() -> dict[str, Any]:
    cases = [(0, 0.0, None), (0, 1.0, None), (3, 0.5, None), (7, 1.0, None),
             (8, 1.0, None), (1000, 0.0, None), (0, 0.0, 30.0), (0, 0.5, 30.0),
             (8, 1.0, 10.0), (0, 0.0, 86400.0), (0, 0.0, -5.0)]  # fmt: skip
    return {
        "about": "seconds to wait after failed attempt number `attempt`",
        "cases": [
            {"attempt": a, "random_unit": r, "retry_after_s": after,
             "delay_s": delay_s(a, r, after)}
            for a, r, after in cases
        ],
    }  # fmt: skip


def _parts() -> dict[str, Any]:
    sizes = [0, 1, PART_BYTES - 1, PART_BYTES, PART_BYTES + 1, 2_500_000]
    return {
        "about": "a photograph's parts: [first byte, byte after the last]",
        "part_bytes": PART_BYTES,
        "cases": [
            {"bytes": size,
             "ranges": [list(part_range(n, size)) for n in range(part_count(size))]}
            for size in sizes
        ],
        "missing": [{"bytes": 2_500_000, "held": [0, 3, 19, 99],
                     "missing": missing([0, 3, 19, 99], 2_500_000)}],
    }  # fmt: skip


def _clock() -> dict[str, Any]:
    def payload(
        observed: str, offset: int | None, fix: Any, **more: Any
    ) -> dict[str, Any]:
        site = {"fix": fix}
        return {"clock": {"offset_ms": offset},
                "body": {"observed_at": observed, "site": site, **more}}  # fmt: skip

    gnss = {"source": "gnss", "fixed_at": "2023-12-02T15:59:59Z"}
    midnight = "2023-12-02T16:00:00Z"
    payloads = [
        payload(midnight, None, None),
        payload("2023-12-02T23:59:59.999+08:00", None, None),
        payload(midnight, 1, None),
        payload("2033-12-02T16:00:00Z", 315_619_200_000, None),
        payload("2033-12-02T16:00:00Z", None, gnss),
        payload(midnight, None, {**gnss, "source": "manual"}),
        payload(midnight, None, {**gnss, "is_mock": True}),
        payload(midnight, 86_400_000, None, observed_offset_ms=0),
        payload(midnight, 0, None, observed_offset_ms=86_400_000),
        payload(midnight, 0, gnss, observed_offset_ms=86_400_000),
    ]
    return {
        "about": "the day of the act in Asia/Shanghai",
        "cases": [
            {"payload": item, "acted_on": acted_on(item).isoformat()}
            for item in payloads
        ],
    }


def render(document: dict[str, Any]) -> str:
    """Return the text of a vector file."""
    return json.dumps(document, ensure_ascii=False, indent=1) + "\n"


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    for file_name, content in documents().items():
        (FOLDER / file_name).write_text(render(content), encoding="utf-8")
