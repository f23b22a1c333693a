"""The origin check of lots, many records at once.

What is tested: in an orchard the site's fix; elsewhere each evidenced origin.
A lot without fruit has no origin to test.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from math import nan
from typing import Any

from geo.area import Area
from geo.datum import Datum
from geo.fix import Fix
from geo.membership import check_admin_share, check_membership
from geo.origin import FORMULA_VERSION, OriginCheck, Verdict, check_origin_many
from schemas.assessment.answers import NO_ORIGIN, Basis, LotVerdict, Reference

Body = Mapping[str, Any]

_NOTHING_TO_TEST = OriginCheck(Verdict.UNDETERMINED, None, None, "")
_NO_FRUIT = OriginCheck(Verdict.NOT_APPLICABLE, None, None, "")


@dataclass(slots=True)
class _Test:
    """One origin of one lot against one right, before and after its check."""

    lot_id: str
    origin_index: int
    right: str
    area: Area | None
    basis: Basis
    answer: OriginCheck | None


def is_fruit(lot: Body) -> bool:
    """Tell whether a lot holds fruit: its kind says so, or else its unit.

    Stickers are counted in 枚; a box may hold fruit, so 4,530 empty boxes need
    ``"kind": "packaging"``.
    """
    if "kind" in lot:
        return bool(lot["kind"] == "fruit")
    return bool(lot.get("quantity", {}).get("unit") != "sticker")


class OriginTests:
    """Collects what is to be tested, then checks all positions of an area at once."""

    def __init__(self, reference: Reference) -> None:
        self._reference = reference
        self._areas: dict[tuple[str, date], Area | None] = {}
        self._by_code: dict[tuple[int, str], OriginCheck] = {}
        self._by_position: dict[int, tuple[Area, list[tuple[_Test, Body]]]] = {}

    def add(self, body: Body, acted_on: date) -> list[_Test]:
        """Return the tests of one record, those by position not yet answered."""
        return [
            self._test(lot, right, self._area(right, acted_on), *origin)
            for lot in body["goods"]
            for right in lot["rights"]
            for origin in _origins(body["site"], lot)
        ]

    def run(self) -> None:
        """Answer every test by position that was added."""
        for area, waiting in self._by_position.values():
            self._check_positions(area, waiting)
        self._by_position.clear()

    def _area(self, right: str, on: date) -> Area | None:
        key = (right, on)
        if key not in self._areas:
            self._areas[key] = self._reference.areas.at(right, on)
        return self._areas[key]

    def _test(
        self, lot: Body, right: str, area: Area | None, index: int, origin: Body | None
    ) -> _Test:
        test = _Test(lot["id"], index, right, area, "none", _NOTHING_TO_TEST)
        if origin is None:
            test.answer = _NO_FRUIT
        elif area is None:
            pass
        elif origin.get("fix") is not None:
            test.basis = "site-fix" if index == NO_ORIGIN else "origin-fix"
            test.answer = None
            _, waiting = self._by_position.setdefault(id(area), (area, []))
            waiting.append((test, origin["fix"]))
        elif "admin_code" in origin and index != NO_ORIGIN:
            test.basis = "admin-code"
            test.answer = self._check_code(area, origin["admin_code"])
        return test

    def _check_code(self, area: Area, admin_code: str) -> OriginCheck:
        key = (id(area), admin_code)
        if key not in self._by_code:
            self._by_code[key] = _membership(area, admin_code, self._reference)
        return self._by_code[key]

    def _check_positions(
        self, area: Area, waiting: Sequence[tuple[_Test, Body]]
    ) -> None:
        checks = check_origin_many(
            area,
            *positions([fix for _, fix in waiting]),
            convert=self._reference.convert_datum,
        )
        for row, (test, _) in enumerate(waiting):
            test.answer = checks.at(row)


def positions(
    fixes: Sequence[Body],
) -> tuple[list[float], list[float], list[float], list[Datum]]:
    """Return longitudes, latitudes, radii (NaN where unknown) and datums of fixes."""
    radii = map(radius95_m, fixes)
    return (
        [fix["lon_deg"] for fix in fixes],
        [fix["lat_deg"] for fix in fixes],
        [nan if radius is None else radius for radius in radii],
        [_DATUMS[fix["datum"]] for fix in fixes],
    )


def radius95_m(fix: Body) -> float | None:
    """Return the radius that a fix may be judged by, None if it is unknown.

    A fix that the receiver calls a mock has an unknown radius, whatever it says:
    it is kept and shown, and decides nothing.
    """
    return None if fix.get("is_mock") else fix.get("radius95_m")


def fix_of(fix: Body) -> Fix:
    """Return a fix as a record writes it, with the radius it may be judged by."""
    return Fix(fix["lon_deg"], fix["lat_deg"], radius95_m(fix), _DATUMS[fix["datum"]])


_DATUMS = {datum.value: datum for datum in Datum}


def _origins(site: Body, lot: Body) -> Iterator[tuple[int, Body | None]]:
    """Yield (index, origin) to test; None for a lot without fruit."""
    if not is_fruit(lot):
        yield NO_ORIGIN, None
    elif site["premises_type"] == "orchard" or not lot.get("evidenced_origins"):
        yield NO_ORIGIN, site if site["premises_type"] == "orchard" else {}
    else:
        yield from enumerate(lot["evidenced_origins"])


def _membership(area: Area, admin_code: str, reference: Reference) -> OriginCheck:
    if area.member_codes:
        return check_membership(area, admin_code)
    geometry = reference.counties.geometry(admin_code)
    if geometry is None:
        return _NOTHING_TO_TEST
    return check_admin_share(area, geometry)


def lot_verdict(test: _Test) -> LotVerdict:
    """Return the answer to a test, with everything that it rests on."""
    assert test.answer is not None
    return LotVerdict(
        lot_id=test.lot_id,
        origin_index=test.origin_index,
        right=test.right,
        area_version=test.area.version if test.area else "",
        area_sha256=test.area.sha256 if test.area else "",
        verdict=test.answer.verdict,
        distance_m=test.answer.distance_m,
        band_m=test.answer.band_m,
        datum_path=test.answer.datum_path,
        basis=test.basis,
        formula_version=FORMULA_VERSION,
    )
