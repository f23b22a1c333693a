"""From what an inspector says to the whole body that is sealed.

Pure, and tolerant of anything: what does not fit is left as it is, for the
schema to name.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import Any

from fieldkit.outbox.rows import DeviceIdentity
from fieldkit.photos import TakenPhoto
from schemas.evidence import DEFAULT_KIND
from schemas.package_data import document
from sync.clock import SHANGHAI, instant_text
from sync.outbox_port import BlobRef

Body = dict[str, Any]
_ITEMS = {"goods": "g", "violations": "v", "evidence": "e"}


def completed(
    given: Mapping[str, Any],
    identity: DeviceIdentity,
    now: datetime,
    *,
    earlier: Sequence[Mapping[str, Any]] = (),
) -> Body:
    """Return the body with what the device knows filled in where it was left out.

    ``earlier`` are the observation's bodies so far: the ids of their lots,
    violations and evidence are never drawn again.
    """
    at = now.astimezone(SHANGHAI).isoformat(timespec="seconds")
    body: Body = {
        "observed_at": at,
        "unit_code": identity.unit_code,
        "officers": [dict(officer) for officer in identity.officers],
        "goods": [],
        "evidence": [],
        "synthetic": False,
        **given,
    }
    body = with_ids(body, earlier)
    if isinstance(body["goods"], list):
        body["goods"] = [_with_rights(lot) for lot in body["goods"]]
    return body


def with_ids(
    body: Mapping[str, Any], earlier: Sequence[Mapping[str, Any]] = ()
) -> Body:
    """Return the body with an id for each lot, violation and evidence without one."""
    found = dict(body)
    for part, prefix in _ITEMS.items():
        if isinstance(found.get(part), list):
            used = {id_ for other in (*earlier, body) for id_ in _ids(other, part)}
            found[part] = [*_with_ids(found[part], prefix, used)]
    return found


def amended(
    current: Mapping[str, Any],
    changes: Mapping[str, Any],
    kind: str,
    reason: str | None,
) -> Body:
    """Return the whole body of a new version.

    A top-level part left out stays as it was; null removes it (RFC 7396, at
    the first level only). A new time of the visit is one of this sealing's clock.
    """
    body = {**current, "amendment": {"kind": kind}, **changes}
    if body.get("observed_at") != current.get("observed_at"):
        body["observed_offset_ms"] = changes.get("observed_offset_ms")
    body = {part: value for part, value in body.items() if value is not None}
    if reason is not None and isinstance(body.get("amendment"), dict):
        body["amendment"] = {**body["amendment"], "reason": reason}
    return body


def photo_paths(body: Mapping[str, Any]) -> list[str]:
    """Return the paths that the evidence names, in its order."""
    evidence = body.get("evidence")
    if not isinstance(evidence, list):
        return []
    return [
        item["path"]
        for item in evidence
        if isinstance(item, dict) and isinstance(item.get("path"), str)
    ]


def with_photos(body: Body, taken: Sequence[TakenPhoto], now: datetime) -> Body:
    """Return the body with each path replaced by what was copied and hashed."""
    if not taken:
        return body
    photos = iter(taken)
    types: dict[str, str] = {}
    evidence = []
    for item in body["evidence"]:
        if "path" in item:
            item = _sealed_item(item, next(photos), now)
        # One file has one type, whatever its copies are called.
        item["media_type"] = types.setdefault(item["sha256"], item["media_type"])
        evidence.append(item)
    return {**body, "evidence": evidence}


def blob_refs(body: Mapping[str, Any]) -> list[BlobRef]:
    """Return each file that the evidence names, once."""
    found: dict[str, BlobRef] = {}
    for item in body.get("evidence", ()):
        if isinstance(item, dict) and "sha256" in item:
            ref = BlobRef(
                item["sha256"], item.get("bytes", 0), item.get("media_type", "")
            )
            found.setdefault(ref.sha256, ref)
    return list(found.values())


def record_number(unit_code: str, year: int, device_id: str, seq: int) -> str:
    """Return the number that is formed at sealing: unit-year-device-sequence.

    Unique without asking anybody: the sequence is never used twice on a
    device, and the device's part is the random end of its id.
    """
    device = "".join(filter(str.isalnum, device_id))[-6:].lower()
    return f"{unit_code}-{year}-{device}-{seq:05d}"


def _sealed_item(item: Mapping[str, Any], photo: TakenPhoto, now: datetime) -> Body:
    kept = {key: value for key, value in item.items() if key != "path"}
    return {
        "kind": DEFAULT_KIND,
        "file_name": photo.file_name,
        "captured_at": instant_text(now),
        **kept,
        "sha256": photo.sha256,
        "bytes": photo.bytes,
        "media_type": photo.media_type,
    }


def _with_ids(items: list[Any], prefix: str, used: set[str]) -> Iterator[Any]:
    for item in items:
        if isinstance(item, dict) and "id" not in item:
            drawn = _draw(prefix, used.__contains__, len(used))
            used.add(drawn)
            item = {"id": drawn, **item}
        yield item


def _draw(prefix: str, is_used: Callable[[str], bool], beyond: int) -> str:
    candidates = (f"{prefix}{number}" for number in range(1, beyond + 2))
    return next(name for name in candidates if not is_used(name))


def _ids(body: Mapping[str, Any], part: str) -> Iterator[str]:
    items = body.get(part)
    for item in items if isinstance(items, list) else ():
        if isinstance(item, dict) and isinstance(item.get("id"), str):
            yield item["id"]


def _with_rights(lot: Any) -> Any:
    if not isinstance(lot, dict) or "rights" in lot:
        return lot
    product = lot.get("product")
    if not isinstance(product, str) or product not in _rights_by_product():
        return lot
    return {**lot, "rights": _rights_by_product()[product]}


@cache
def _rights_by_product() -> dict[str, list[str]]:
    return {
        entry["product"]: list(entry["rights"])
        for entry in document("products")["products"]
    }
