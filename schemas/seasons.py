"""The season rule of a year: from when, and how sweet, the fruit may be picked."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache

from schemas.package_data import document


@dataclass(frozen=True, slots=True)
class SeasonRule:
    """One year's notice; ``min_soluble_solids_percent`` None: not limited by it."""

    right: str
    year: int
    not_before: date
    min_soluble_solids_percent: Decimal | None
    confirmed: bool
    source: str


@cache
def season_rules() -> tuple[SeasonRule, ...]:
    """Return the rules that are shipped; a year without one has no known rule."""
    return tuple(
        SeasonRule(
            entry["right"],
            entry["year"],
            date.fromisoformat(entry["not_before"]),
            _optional_decimal(entry["min_soluble_solids_percent"]),
            entry["confirmed"],
            entry["source"],
        )
        for entry in document("seasons")["entries"]
    )


def season_rule(right: str, on: date) -> SeasonRule | None:
    """Return the rule of the season that a day belongs to, None if none is known.

    A season begins with the year's harvest: days from January to June belong to
    the season that began in the year before.
    """
    year = on.year if on.month >= 7 else on.year - 1
    for rule in season_rules():
        if (rule.right, rule.year) == (right, year):
            return rule
    return None


def _optional_decimal(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)
