"""What an assessment says, and what it needs to know."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from typing import Literal

from geo.catalogue import AreaCatalogue
from geo.counties import CountyHit, CountyMap
from geo.origin import Verdict
from geo.package_data import default_area, load_counties
from schemas.codes import CodeList, code_list
from schemas.units import Unit, units

Basis = Literal["site-fix", "origin-fix", "admin-code", "none"]
Support = Literal["supports", "contradicts", "open", "not_applicable"]

#: ``origin_index`` of a verdict that rests on no evidenced origin.
NO_ORIGIN = -1


@dataclass(frozen=True, slots=True)
class LotVerdict:
    """The verdict on one evidenced origin of a lot, against one right.

    ``origin_index`` is the origin's place in ``evidenced_origins``, `NO_ORIGIN`
    for the site's fix of an orchard and where there is nothing to test.
    ``area_version`` and ``area_sha256`` are empty if no area of the right was in
    force on the day: the verdict is then undetermined.
    """

    lot_id: str
    origin_index: int
    right: str
    area_version: str
    area_sha256: str
    verdict: Verdict
    distance_m: float | None
    band_m: float | None
    datum_path: str
    basis: Basis
    formula_version: str


@dataclass(frozen=True, slots=True)
class ViolationSupport:
    """What the origins say about one violation; people decide.

    ``counts_as_act`` is its code's, unless the officer found it not established.
    """

    violation_id: str
    code: str
    support: Support
    counts_as_act: bool
    primary: bool


@dataclass(frozen=True, slots=True)
class Assessment:
    """Everything that is derived from one body and a day.

    ``county`` is None if the record has no position. ``lot_verdicts`` holds one
    combined verdict for each lot: outside if any part of it is, for any right
    concerned; else undetermined if any is; else inside; not applicable if there is
    no fruit, or none of a protected name.
    """

    acted_on: date
    county: CountyHit | None
    county_unit_mismatch: bool
    lots: tuple[LotVerdict, ...]
    lot_verdicts: Mapping[str, Verdict]
    violations: tuple[ViolationSupport, ...]

    @property
    def county_kind(self) -> Literal["member", "other", "none", "no_position"]:
        """Which bucket the record falls into when counted by position."""
        return "no_position" if self.county is None else self.county.kind


@dataclass(frozen=True, slots=True)
class Reference:
    """What verdicts rest on; ``codes`` holds every code that the schema accepts."""

    areas: AreaCatalogue
    counties: CountyMap
    codes: CodeList = field(default_factory=code_list)
    units: Sequence[Unit] = field(default_factory=units)
    convert_datum: bool = True


@cache
def shipped_reference() -> Reference:
    """Return the reference of the package data alone: what a new device knows."""
    return Reference(AreaCatalogue([default_area()]), load_counties())
