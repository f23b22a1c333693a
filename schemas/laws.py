"""Statutes, and the provisions that a violation code rests on at the day of the act."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from schemas.package_data import document, is_in_force, optional_day


@dataclass(frozen=True, slots=True)
class Law:
    """A statute by its full name; ``confirmed`` if its cited text was read."""

    law: str
    zh: str
    en: str
    confirmed: bool
    source: str


@dataclass(frozen=True, slots=True)
class LegalBasis:
    """Articles of one law, for acts from ``in_force_from`` to ``in_force_to``."""

    law: Law
    articles: str
    in_force_from: date | None
    in_force_to: date | None


@cache
def laws() -> Mapping[str, Law]:
    """Return every statute of the list by its key."""
    return {
        entry["law"]: Law(
            entry["law"], entry["zh"], entry["en"], entry["confirmed"], entry["source"]
        )
        for entry in document("laws")["entries"]
    }


def bases_from(entries: Iterable[Mapping[str, Any]]) -> tuple[LegalBasis, ...]:
    """Return the provisions that the rows of a code list name."""
    return tuple(
        LegalBasis(
            laws()[entry["law"]],
            entry["articles"],
            optional_day(entry.get("in_force_from")),
            optional_day(entry.get("in_force_to")),
        )
        for entry in entries
    )


def in_force(bases: Iterable[LegalBasis], on: date) -> tuple[LegalBasis, ...]:
    """Return the provisions that apply to an act of that day.

    The law of the day of the act decides, not that of the day of the decision:
    反不正当竞争法 was renumbered on 2025-10-15 (6→7, 8→9, 18→23, 20→25).
    """
    return tuple(
        basis
        for basis in bases
        if is_in_force(on, basis.in_force_from, basis.in_force_to)
    )
