"""Rules between the fields of the envelope, and between it and the body."""

from collections.abc import Iterator, Mapping
from typing import Any

from schemas.cross_rules import body_faults

ENVELOPE_RULES = (
    "prev-misfit",
    "amends-misfit",
    "amends-itself",
    "offset-source-missing",
    "not-an-integer",
    "blob-missing",
    "blob-not-named",
)


def record_faults(payload: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield (path, code) for what is wrong between the fields of a payload."""
    yield from _chain_faults(payload)
    clock = payload["clock"]
    if (clock["offset_ms"] is None) != (clock["offset_source"] is None):
        yield "clock.offset_source", "offset-source-missing"
    body = payload["body"]
    if payload["kind"] != "withdrawal":
        yield from body_faults(body)
    yield from _blob_faults(payload["blobs"], body.get("evidence", ()))


def _chain_faults(payload: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    if type(payload["seq"]) is not int:
        yield "seq", "not-an-integer"
    if (payload["seq"] == 1) != (payload["prev"] is None):
        yield "prev", "prev-misfit"
    if payload["kind"] == "observation" and payload["amends"] is not None:
        yield "amends", "amends-misfit"
    if payload["amends"] == payload["id"]:
        yield "amends", "amends-itself"


def _blob_faults(
    blobs: list[Mapping[str, Any]], evidence: list[Mapping[str, Any]]
) -> Iterator[tuple[str, str]]:
    announced = {(blob["sha256"], blob["bytes"], blob["media_type"]) for blob in blobs}
    named = set()
    for index, item in enumerate(evidence):
        named.add(item["sha256"])
        if type(item["bytes"]) is not int:
            yield f"evidence[{index}].bytes", "not-an-integer"
        if (item["sha256"], item["bytes"], item["media_type"]) not in announced:
            yield f"evidence[{index}].sha256", "blob-missing"
    seen: set[str] = set()
    for index, blob in enumerate(blobs):
        if type(blob["bytes"]) is not int:
            yield f"blobs[{index}].bytes", "not-an-integer"
        if blob["sha256"] not in named:
            yield f"blobs[{index}].sha256", "blob-not-named"
        elif blob["sha256"] in seen:
            yield f"blobs[{index}].sha256", "id-repeated"
        seen.add(blob["sha256"])
