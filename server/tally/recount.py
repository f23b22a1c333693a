"""The same figures counted from plain objects, by reading docs/tally.md again.

Nothing here touches the database or shares the counting with the SQL: what
this module and `counting` agree on was counted twice.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from server.tally.counting import Key
from server.tally.measures import (
    SYNTHETIC_PREFIX,
    UNSURE_PREFIX,
    VERDICT_WEIGHT,
    Figures,
    no_figures,
)
from server.tally.query import (
    NO_COUNTY,
    NO_POSITION,
    NO_VIOLATION,
    OTHER_COUNTY,
    TallyQuery,
)


@dataclass(frozen=True, slots=True)
class CountedViolation:
    """One violation as the figures see it."""

    code: str
    is_primary: bool
    counts_as_act: bool
    support: str


@dataclass(frozen=True, slots=True)
class CountedLot:
    """One goods lot as the figures see it."""

    product: str | None
    verdict: str


@dataclass(frozen=True, slots=True)
class CountedObservation:
    """One observation's current version as the figures see it."""

    unit_code: str
    acted_on: str
    county_kind: str
    county_code: str | None
    county_ambiguous: bool
    premises_key: str
    synthetic: bool
    status: str
    counts: bool
    violations: tuple[CountedViolation, ...]
    lots: tuple[CountedLot, ...]

    @property
    def county(self) -> str:
        """The row of a tally by county in which it stands."""
        if self.county_kind in ("member", "other"):
            return self.county_code or ""
        return NO_COUNTY if self.county_kind == "none" else NO_POSITION

    @property
    def prefixes(self) -> list[str]:
        """What the names of the figures begin with in which it is counted."""
        parts = {SYNTHETIC_PREFIX: self.synthetic, UNSURE_PREFIX: self.county_ambiguous}
        return ["", *(prefix for prefix, is_part in parts.items() if is_part)]

    @property
    def verdict(self) -> str:
        """The weightiest verdict of its lots; without lots, not applicable."""
        verdicts = [found.verdict for found in self.lots]
        return max(verdicts, key=VERDICT_WEIGHT.__getitem__, default="not_applicable")

    @property
    def codes(self) -> set[str]:
        """The codes of its violations; ``none`` if it has none."""
        return {found.code for found in self.violations} or {NO_VIOLATION}


class Recount:
    """Counts observations one at a time, for one query and its row keys."""

    def __init__(self, query: TallyQuery, by: Sequence[str]) -> None:
        self._query = query
        self._by = tuple(by)
        self._figures: defaultdict[Key, Figures] = defaultdict(no_figures)
        self._premises: dict[tuple[Key, str], set[tuple[str, str]]] = {}

    def add(self, found: CountedObservation) -> None:
        """Count one observation in every row where it belongs."""
        if not _is_selected(self._query, found):
            return
        codes = found.codes
        if self._query.code is not None:
            codes = codes & {self._query.code}
        rows = {self._key(found, code) for code in codes}
        for key in rows:
            self._add(key, found, "observations")
            self._add_premises(key, found)
            for lot in found.lots:
                if self._query.product in (None, lot.product):
                    self._add(key, found, f"lots_{lot.verdict}")
        for violation in found.violations:
            if violation.code in codes:
                self._add_violation(self._key(found, violation.code), found, violation)

    def figures(self) -> dict[Key, Figures]:
        """Return what was counted so far, by row."""
        return {key: dict(figures) for key, figures in self._figures.items()}

    def _key(self, found: CountedObservation, code: str) -> Key:
        values = {
            "county": found.county,
            "unit": found.unit_code,
            "code": code,
            "month": found.acted_on[:7],
            "verdict": found.verdict,
        }
        return tuple(values[name] for name in self._by)

    def _add(self, key: Key, found: CountedObservation, name: str) -> None:
        for prefix in found.prefixes:
            self._figures[key][prefix + name] += 1

    def _add_premises(self, key: Key, found: CountedObservation) -> None:
        identity = (found.county, found.premises_key)
        for prefix in found.prefixes:
            name = prefix + "premises"
            seen = self._premises.setdefault((key, name), set())
            seen.add(identity)
            self._figures[key][name] = len(seen)

    def _add_violation(
        self, key: Key, found: CountedObservation, violation: CountedViolation
    ) -> None:
        if not violation.counts_as_act:
            return
        self._add(key, found, "acts")
        self._add(key, found, f"violations_{violation.support}")
        if violation.is_primary:
            self._add(key, found, "primary_acts")


def recount(
    query: TallyQuery, by: Sequence[str], observations: Iterable[CountedObservation]
) -> dict[Key, Figures]:
    """Return the figures by row, as `counting.figures_by_key` should find them."""
    counter = Recount(query, by)
    for found in observations:
        counter.add(found)
    return counter.figures()


def _is_selected(query: TallyQuery, found: CountedObservation) -> bool:
    if query.status == "counted":
        is_asked = found.counts
    else:
        is_asked = found.status == query.status
    return is_asked and all(
        (
            query.date_from is None or found.acted_on >= str(query.date_from),
            query.date_to is None or found.acted_on <= str(query.date_to),
            query.month in (None, found.acted_on[:7]),
            query.unit in (None, found.unit_code),
            _is_in_county(query.county, found),
            query.verdict in (None, found.verdict),
            query.code is None or query.code in found.codes,
            query.product is None
            or query.product in {lot.product for lot in found.lots},
        )
    )


def _is_in_county(county: str | None, found: CountedObservation) -> bool:
    if county == OTHER_COUNTY:
        return found.county_kind == "other"
    return county in (None, found.county)
