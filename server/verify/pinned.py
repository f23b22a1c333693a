"""The areas that stored verdicts are pinned to, and references made of them.

A verdict is written when its version first counts and stays as it is, so it
rests on what was published by some moment from its receipt on; what it says of
itself is believed within that.
"""

from bisect import bisect_right
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from functools import cache
from typing import Any, NamedTuple

from geo.catalogue import AreaCatalogue
from geo.datum import Datum
from geo.package_data import load_counties
from schemas.assessment import Reference
from server.verify.published import PublishedArea

_SHIFTED = {datum.value for datum in Datum if not datum.is_ground}
_CONVERTED = {f"{name}>{Datum.WGS84.value}" for name in _SHIFTED}
_NO_AREA = ""


class Pinned(NamedTuple):
    """(right, version) of each area, and whether shifted datums were converted."""

    areas: frozenset[tuple[str, str]]
    convert: bool


class Case(NamedTuple):
    """A version to be assessed: its body, the day of the act, its receipt."""

    body: Mapping[str, Any]
    acted_on: date
    received_at: str


class PinnedAreas:
    """Every area that was published, in order of time.

    `convert` is the setting for positions without a say.
    """

    def __init__(self, published: Sequence[PublishedArea], *, convert: bool) -> None:
        self._published_at = [each.published_at for each in published]
        self._areas = [each.area for each in published]
        self.convert = convert
        self._references: dict[Pinned, Reference] = {}
        self._catalogue = cache(self._catalogue_of_first)
        self._decides = cache(self._versions_that_may_decide)

    def pinned_by(self, case: Case, verdicts: Iterable[Mapping[str, Any]]) -> Pinned:
        """Return what these verdicts rest on, by their own word if that can be."""
        found = list(verdicts)
        known = bisect_right(self._published_at, case.received_at)
        names = set()
        for right in {right for lot in case.body["goods"] for right in lot["rights"]}:
            possible = self._decides(right, case.acted_on, known)
            said = {row["area_version"] for row in found if row["right"] == right}
            version = said.pop() if len(said) == 1 else None
            names.add((right, version if version in possible else possible[0]))
        held = frozenset(name for name in names if name[1] != _NO_AREA)
        return Pinned(held, self._was_converted({row["datum_path"] for row in found}))

    def _was_converted(self, paths: Collection[str | None]) -> bool:
        if any(path in _SHIFTED for path in paths):
            return False
        return self.convert or any(path in _CONVERTED for path in paths)

    def reference(self, pinned: Pinned) -> Reference:
        """Return the reference that derives such verdicts again."""
        if pinned not in self._references:
            names, convert = pinned
            held = [area for area in self._areas if (area.right, area.version) in names]
            self._references[pinned] = Reference(
                AreaCatalogue(held), load_counties(), convert_datum=convert
            )
        return self._references[pinned]

    def _versions_that_may_decide(
        self, right: str, on: date, known: int
    ) -> tuple[str, ...]:
        """Return the version in force with `known` areas first, then with each more."""
        later = (bisect_right(self._published_at, at) for at in self._published_at)
        counts = sorted({known, *(count for count in later if count > known)})
        answers = (self._catalogue(count).at(right, on) for count in counts)
        return tuple(area.version if area else _NO_AREA for area in answers)

    def _catalogue_of_first(self, known: int) -> AreaCatalogue:
        return AreaCatalogue(self._areas[:known])
