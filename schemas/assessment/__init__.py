"""THE origin rule of a record: the device's advice and the server's verdict.

Positions of many records are checked together; a record alone is a batch of one,
so the two cannot differ.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import numpy as np

from geo.counties import CountyHit
from geo.datum import Datum, to_wgs84
from schemas.assessment.answers import (
    NO_ORIGIN,
    Assessment,
    LotVerdict,
    Reference,
    ViolationSupport,
    shipped_reference,
)
from schemas.assessment.origins import OriginTests, is_fruit, lot_verdict, radii95_m
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
        county_unit_mismatch=_is_mismatch(body["unit_code"], county, known),
        lots=lots,
        lot_verdicts={lot: combined_verdict(found) for lot, found in by_lot.items()},
        violations=tuple(
            violation_support(violation, body, by_lot, known)
            for violation in body["violations"]
        ),
    )


def _is_mismatch(unit_code: str, county: CountyHit | None, known: Reference) -> bool:
    """Tell whether a position is in none of its unit's host counties."""
    if county is None:
        return False
    hosts = next((u.host_counties for u in known.units if u.unit_code == unit_code), ())
    return bool(hosts) and county.code not in hosts


def _counties(fixes: Sequence[Body | None], known: Reference) -> list[CountyHit | None]:
    """Return the county of each fix, None where there is no fix."""
    found: list[CountyHit | None] = [None] * len(fixes)
    rows_by_datum: dict[str, list[int]] = {}
    for row, fix in enumerate(fixes):
        if fix is not None:
            rows_by_datum.setdefault(fix["datum"], []).append(row)
    for datum, rows in rows_by_datum.items():
        located = _located([f for row in rows if (f := fixes[row])], datum, known)
        for row, hit in zip(rows, located, strict=True):
            found[row] = hit
    return found


def _located(
    fixes: Sequence[Body], datum_name: str, known: Reference
) -> list[CountyHit]:
    datum = Datum(datum_name)
    if not (known.convert_datum or datum.is_ground):
        # The position is real but may be 600 m elsewhere: no county can be named.
        return [CountyHit(None, None, True, "none")] * len(fixes)
    ground = to_wgs84(
        np.array([fix["lon_deg"] for fix in fixes], dtype=np.float64),
        np.array([fix["lat_deg"] for fix in fixes], dtype=np.float64),
        datum,
    )
    hits = known.counties.locate_many(
        ground.lon_deg, ground.lat_deg, radii95_m(fixes) + ground.error_m
    )
    return [hits.at(row) for row in range(len(fixes))]
