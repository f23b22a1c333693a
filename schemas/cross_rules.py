"""Rules between fields, which JSON Schema cannot say.

They run on bodies whose every field is accepted by itself, on the server for
each record, so this is plain code without objects. A rule yields (path, code).
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from schemas import uscc
from schemas.codes import NO_FINDING
from schemas.completeness import missing_to_finalise

Found = tuple[str, str]
Body = Mapping[str, Any]
# Shares are binary floats: 0.1 + 0.2 + 0.7 is a hair above 1.
SHARE_TOLERANCE = 1e-9

RULES = (
    "fix-missing",
    "reason-beside-fix",
    "origin-empty",
    "origin-code-and-fix",
    "shares-exceed-one",
    "claim-none-among-others",
    "uscc-check-digit",
    "no-finding-not-alone",
    "primary-repeated",
    "id-repeated",
    "lot-unknown",
    "evidence-unknown",
    "ended-before-start",
    "officers-too-few",
    "needed-to-finalise",
    "signature-or-refusal",
)


def body_faults(body: Body) -> Iterator[Found]:
    """Yield what is wrong between the fields of an observation's body."""
    yield from _site_faults(body["site"])
    party = body.get("party")
    if party is not None and "uscc" in party and not uscc.is_valid(party["uscc"]):
        yield "party.uscc", "uscc-check-digit"
    goods, violations = body.get("goods", ()), body["violations"]
    evidence_ids = _ids(body.get("evidence", ()))
    yield from _repeated_ids("goods", goods)
    yield from _repeated_ids("violations", violations)
    yield from _repeated_ids("evidence", body.get("evidence", ()))
    for index, lot in enumerate(goods):
        yield from _lot_faults(f"goods[{index}]", lot, evidence_ids)
    yield from _violation_faults(violations, _ids(goods), evidence_ids)
    if "ended_at" in body or "on_site_record" in body or "amendment" in body:
        yield from _full_record_faults(body, evidence_ids)


def _site_faults(site: Body) -> Iterator[Found]:
    if site.get("fix") is None:
        if "no_fix_reason" not in site:
            yield "site.fix", "fix-missing"
    elif "no_fix_reason" in site:
        yield "site.no_fix_reason", "reason-beside-fix"


def _ids(items: Sequence[Body]) -> set[str]:
    return {item["id"] for item in items if "id" in item}


def _repeated_ids(name: str, items: Sequence[Body]) -> Iterator[Found]:
    if len(items) < 2:
        return
    seen: set[str] = set()
    for index, item in enumerate(items):
        if item.get("id") in seen:
            yield f"{name}[{index}].id", "id-repeated"
        elif "id" in item:
            seen.add(item["id"])


def _lot_faults(path: str, lot: Body, evidence_ids: set[str]) -> Iterator[Found]:
    claims = lot.get("claims", ())
    if len(claims) > 1 and "none" in claims:
        yield f"{path}.claims", "claim-none-among-others"
    if "uscc_on_mark" in lot and not uscc.is_valid(lot["uscc_on_mark"]):
        yield f"{path}.uscc_on_mark", "uscc-check-digit"
    if "declared_origin" in lot:
        yield from _origin_faults(f"{path}.declared_origin", lot["declared_origin"])
    share = 0.0
    for index, origin in enumerate(lot.get("evidenced_origins", ())):
        here = f"{path}.evidenced_origins[{index}]"
        yield from _origin_faults(here, origin)
        if "evidence" in origin:
            yield from _reference_faults(here, origin, evidence_ids)
        share += origin.get("share") or 0.0
    if share > 1.0 + SHARE_TOLERANCE:
        yield f"{path}.evidenced_origins", "shares-exceed-one"


def _origin_faults(path: str, origin: Body) -> Iterator[Found]:
    if "fix" in origin:
        if "admin_code" in origin:
            yield path, "origin-code-and-fix"
    elif "admin_code" not in origin and "text" not in origin:
        yield path, "origin-empty"


def _violation_faults(
    violations: Sequence[Body], lot_ids: set[str], evidence_ids: set[str]
) -> Iterator[Found]:
    has_primary = False
    for index, violation in enumerate(violations):
        path = f"violations[{index}]"
        if violation["code"] == NO_FINDING and len(violations) > 1:
            yield f"{path}.code", "no-finding-not-alone"
        if violation.get("primary"):
            if has_primary:
                yield f"{path}.primary", "primary-repeated"
            has_primary = True
        for place, lot_id in enumerate(violation.get("goods", ())):
            if lot_id not in lot_ids:
                yield f"{path}.goods[{place}]", "lot-unknown"
        if "evidence" in violation:
            yield from _reference_faults(path, violation, evidence_ids)


def _reference_faults(path: str, item: Body, known: set[str]) -> Iterator[Found]:
    for place, evidence_id in enumerate(item["evidence"]):
        if evidence_id not in known:
            yield f"{path}.evidence[{place}]", "evidence-unknown"


def _full_record_faults(body: Body, evidence_ids: set[str]) -> Iterator[Found]:
    if "ended_at" in body and "observed_at" in body:
        begun = datetime.fromisoformat(body["observed_at"])
        if datetime.fromisoformat(body["ended_at"]) < begun:
            yield "ended_at", "ended-before-start"
    record = body.get("on_site_record", {})
    for name in ("party_signature", "refusal_video"):
        if name in record and record[name] not in evidence_ids:
            yield f"on_site_record.{name}", "evidence-unknown"
    for place, evidence_id in enumerate(record.get("officer_signatures", ())):
        if evidence_id not in evidence_ids:
            yield f"on_site_record.officer_signatures[{place}]", "evidence-unknown"
    if body.get("amendment", {}).get("kind") == "finalise":
        yield from missing_to_finalise(body)
