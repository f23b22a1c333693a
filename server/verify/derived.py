"""The rows of the read model that one observation's bytes make."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from schemas.assessment import Assessment
from schemas.premises import premises_key
from server.verify.versions import ObservationState
from sync.clock import acted_on

Values = dict[str, Any]
Rows = dict[tuple[Any, ...], Values]


class Derived(NamedTuple):
    """One observation's rows as they must be, parts by their key in the version.

    ``software_version`` is left out: a row keeps that of whatever wrote it.
    """

    observation: Values
    violations: Rows
    lots: Rows
    verdicts: Rows


def derived_rows(
    state: ObservationState, payload: Mapping[str, Any], found: Assessment
) -> Derived:
    """Return what the tables must say of an observation that stands as `state`."""
    version = {"version_position": state.version_position}
    return Derived(
        _observation(state, payload, found),
        _violations(version, found),
        _lots(version, payload["body"], found),
        _verdicts(version, found),
    )


def _observation(
    state: ObservationState, payload: Mapping[str, Any], found: Assessment
) -> Values:
    body, county = payload["body"], found.county
    return {
        "id": state.root_id,
        "version_id": state.version_id,
        "version_hash": state.version_hash,
        "version_position": state.version_position,
        "device_id": payload["device_id"],
        "record_no": body.get("record_no"),
        "unit_code": body["unit_code"],
        "acted_on": acted_on(payload).isoformat(),
        "county_code": county.code if county else None,
        "county_name": county.name if county else None,
        "county_kind": found.county_kind,
        "county_ambiguous": bool(county and county.is_ambiguous),
        "county_unit_mismatch": found.county_unit_mismatch,
        "premises_key": premises_key(body),
        "premises_type": body["site"]["premises_type"],
        "campaign": body.get("campaign"),
        "synthetic": bool(body.get("synthetic")),
        "status": state.status,
        "counts": state.counts,
        "photos_named": len({blob["sha256"] for blob in payload["blobs"]}),
    }


def _violations(version: Values, found: Assessment) -> Rows:
    return {
        (act.violation_id,): version
        | {
            "violation_id": act.violation_id,
            "code": act.code,
            "is_primary": act.primary,
            "counts_as_act": act.counts_as_act,
            "support": str(act.support),
        }
        for act in found.violations
    }


def _lots(version: Values, body: Mapping[str, Any], found: Assessment) -> Rows:
    combined = found.lot_verdicts
    return {
        (goods["id"],): version
        | {
            "lot_id": goods["id"],
            "product": goods.get("product"),
            "verdict": str(combined[goods["id"]]),
        }
        for goods in body["goods"]
    }


def _verdicts(version: Values, found: Assessment) -> Rows:
    return {
        (v.lot_id, v.origin_index, v.right, v.area_version): version
        | {
            "lot_id": v.lot_id,
            "origin_index": v.origin_index,
            "right": v.right,
            "area_version": v.area_version,
            "area_sha256": v.area_sha256,
            "verdict": str(v.verdict),
            "distance_m": v.distance_m,
            "band_m": v.band_m,
            "datum_path": v.datum_path,
            "basis": v.basis,
            "formula_version": v.formula_version,
            "adopted": True,
        }
        for v in found.lots
    }
