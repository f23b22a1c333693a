"""What the keys of a tally's rows are called, and which rows always appear."""

from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from itertools import product

from geo.errors import Message
from schemas.codes import code_list
from schemas.units import units
from server.tally.counting import Key
from server.tally.measures import VERDICTS
from server.tally.query import (
    NO_COUNTY,
    NO_POSITION,
    NO_VIOLATION,
    OTHER_COUNTY,
    TallyQuery,
)

_COUNTY_BUCKETS = {
    OTHER_COUNTY: Message(zh="其他县（赣州市外）", en="other county"),
    NO_COUNTY: Message(zh="不在任何县内", en="no county"),
    NO_POSITION: Message(zh="无定位", en="no position"),
}
_VERDICTS = {
    "inside": Message(zh="产地内", en="inside"),
    "outside": Message(zh="产地外", en="outside"),
    "undetermined": Message(zh="无法判定", en="undetermined"),
    "not_applicable": Message(zh="不适用", en="not applicable"),
}
TOTAL = Message(zh="合计", en="total")


@cache
def member_counties() -> Mapping[str, str]:
    """Return the 18 county-level divisions by code: the units that are divisions."""
    return {unit.unit_code: unit.name for unit in units() if unit.kind == "admin"}


def label(dimension: str, value: str, other_counties: Mapping[str, str]) -> Message:
    """Return what people call a row's key; the key itself if nobody named it."""
    if dimension == "county":
        name = member_counties().get(value) or other_counties.get(value)
        return Message(name, name) if name else _COUNTY_BUCKETS.get(value, _same(value))
    if dimension == "unit":
        names = {unit.unit_code: unit.name for unit in units()}
        return _same(names.get(value, value))
    if dimension == "verdict":
        return _VERDICTS.get(value, _same(value))
    if dimension == "code":
        return _code_label(value)
    return _same(value)


def row_keys(query: TallyQuery, seen: Iterable[Key]) -> list[Key]:
    """Return the keys of all rows, in order: those seen, and the rows of zeros.

    Every one of the 18 counties, ``other``, ``none`` and ``no_position``, and
    every one of the 20 units has a row whatever was counted (with further
    keys: one for each of their values that occurs), unless the query's own
    filter excludes it. County and unit together pair a unit with its host
    counties.
    """
    seen = set(seen)
    keys = seen | {
        key for key in _expected(query, seen) if _fits_the_filter(query, key)
    }
    return sorted(keys, key=lambda key: _order(query.by, key))


def _expected(query: TallyQuery, seen: set[Key]) -> Iterable[Key]:
    places = [name for name in query.by if name in ("county", "unit")]
    others = [
        _values(name, n, query, seen)
        for n, name in enumerate(query.by)
        if name not in places
    ]
    for place in _expected_places(query, places, seen):
        for rest in product(*others):
            values = dict(zip(places, place, strict=True))
            left = iter(rest)
            yield tuple(values[n] if n in values else next(left) for n in query.by)


def _expected_places(
    query: TallyQuery, places: Sequence[str], seen: set[Key]
) -> list[Key]:
    if len(places) == 2:
        pairs = [
            (county, unit.unit_code)
            for unit in units()
            for county in unit.host_counties
        ]
        return [(c, u) if places[0] == "county" else (u, c) for c, u in pairs]
    if places == ["unit"]:
        return [(unit.unit_code,) for unit in units()]
    if places == ["county"]:
        at = query.by.index("county")
        has_other = any(key[at] not in _fixed_counties() for key in seen)
        return [
            (code,)
            for code in _fixed_counties()
            if not (code == OTHER_COUNTY and has_other)
        ]
    return [()]


def _fixed_counties() -> tuple[str, ...]:
    return (*member_counties(), *_COUNTY_BUCKETS)


def _values(name: str, n: int, query: TallyQuery, seen: set[Key]) -> Sequence[str]:
    """Return the values of a key that rows of zeros are made for."""
    if name == "verdict" and len(query.by) == 1:
        return VERDICTS
    return sorted({key[n] for key in seen})


def _fits_the_filter(query: TallyQuery, key: Key) -> bool:
    return all(
        getattr(query, name) in (None, value)
        for name, value in zip(query.by, key, strict=True)
    )


def _order(by: Sequence[str], key: Key) -> tuple[tuple[int, str], ...]:
    return tuple(_rank(name, value) for name, value in zip(by, key, strict=True))


def _rank(name: str, value: str) -> tuple[int, str]:
    if name == "county":
        if value in member_counties():
            return (0, value)
        return (
            (2 + list(_COUNTY_BUCKETS).index(value), value)
            if (value in _COUNTY_BUCKETS)
            else (1, value)
        )
    if name == "unit":
        listed = [unit.unit_code for unit in units()]
        return (listed.index(value) if value in listed else len(listed), value)
    if name == "verdict":
        return (VERDICTS.index(value), value)
    if name == "code":
        return (int(value == NO_VIOLATION), value)
    return (0, value)


def _code_label(value: str) -> Message:
    if value == NO_VIOLATION:
        return Message(zh="未记录违法行为", en="no violation recorded")
    if value in code_list():
        entry = code_list().get(value)
        return Message(entry.zh, entry.en)
    return _same(value)


def _same(text: str) -> Message:
    return Message(text, text)
