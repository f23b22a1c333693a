"""THE origin rule of a record: the device's advice and the server's verdict.

Positions of many records are checked together; a record alone is a batch of one,
so the two cannot differ.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from geo.counties import CountyHit
from schemas.assessment.answers import (
    NO_ORIGIN,
    Assessment,
    LotVerdict,
    Reference,
    ViolationSupport,
    shipped_reference,
)
from schemas.assessment.origins import (
    OriginTests,
    fix_of,
    is_fruit,
    lot_verdict,
    positions,
)
from schemas.assessment.support import (
    combined_verdict,
    verdicts_by_lot,
    violation_support,
)

__all__ = [
    "NO_ORIGIN",
    "Assessment",
    "LotVerdict",
    "Reference",
    "ViolationSupport",
    "assess",
    "assess_many",
    "is_fruit",
    "shipped_reference",
]

Body = Mapping[str, Any]
Case = tuple[Body, date]


def assess(body: Body, acted_on: date, known: Reference) -> Assessment:
    """Return the assessment of one body; the same as in any batch."""
    return assess_many([(body, acted_on)], known)[0]


def assess_many(cases: Sequence[Case], known: Reference) -> list[Assessment]:
    """Return the assessment of each (body, day of the act), in order.

    Parameters
    ----------
    cases : sequence of (body, date)
        Accepted bodies of observations or amendments; the day (Asia/Shanghai)
        chooses the version of each right's area.
    known : Reference
        Areas, counties, codes and units.
    """
    tests = OriginTests(known)
    of_each = [tests.add(body, acted_on) for body, acted_on in cases]
    tests.run()
    counties = _counties([body["site"].get("fix") for body, _ in cases], known)
    return [
        _assessment(case, tuple(lot_verdict(test) for test in own), county, known)
        for case, own, county in zip(cases, of_each, counties, strict=True)
    ]


def _assessment(
    case: Case,
    lots: tuple[LotVerdict, ...],
    county: CountyHit | None,
    known: Reference,
) -> Assessment:
    body, acted_on = case
    by_lot = verdicts_by_lot(body, lots)
    return Assessment(
        acted_on=acted_on,
        county=county,
        county_unit_mismatch=_is_mismatch(body, county, known),
        lots=lots,
        lot_verdicts={lot: combined_verdict(found) for lot, found in by_lot.items()},
        violations=tuple(
            violation_support(violation, body, by_lot, known)
            for violation in body["violations"]
        ),
    )


def _is_mismatch(body: Body, county: CountyHit | None, known: Reference) -> bool:
    """Tell whether a position can be in none of its unit's host counties."""
    unit_code = body["unit_code"]
    hosts = next((u.host_counties for u in known.units if u.unit_code == unit_code), ())
    if county is None or not hosts or county.code in hosts:
        return False
    if not county.is_ambiguous:
        return True
    fix = fix_of(body["site"]["fix"])
    return not known.counties.may_be_in(fix, hosts, convert=known.convert_datum)


def _counties(fixes: Sequence[Body | None], known: Reference) -> list[CountyHit | None]:
    """Return the county of each fix, None where there is no fix."""
    located = [fix for fix in fixes if fix is not None]
    if not located:
        return [None] * len(fixes)
    at = positions(located)
    hits = known.counties.locate_many(*at, convert=known.convert_datum)
    rows = iter(range(len(located)))
    return [None if fix is None else hits.at(next(rows)) for fix in fixes]
