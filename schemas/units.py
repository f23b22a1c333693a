"""The 20 enforcement units: 18 county-level divisions and two zones."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from schemas.errors import Message, UnknownCode
from schemas.package_data import document


@dataclass(frozen=True, slots=True)
class Unit:
    """One enforcement unit; a zone has no division code and lies in a host county.

    ``host_counties`` are the six-digit codes of the counties whose polygons a
    position of this unit may fall into; empty means that none is known.
    """

    unit_code: str
    name: str
    kind: str
    nbs_code: str | None
    host_counties: tuple[str, ...]
    pinyin_initials: str = ""


@cache
def units() -> tuple[Unit, ...]:
    """Return the units that are shipped, in the order of the list."""
    return tuple(units_from_document(document("units")))


def units_from_document(doc: Mapping[str, Any]) -> list[Unit]:
    """Return the units of a reference document (``schemas/data/units.json``)."""
    return [
        Unit(
            entry["unit_code"],
            entry["name"],
            entry["kind"],
            entry["nbs_code"],
            tuple(entry["host_counties"]),
            entry["pinyin_initials"],
        )
        for entry in doc["entries"]
    ]


@cache
def _by_code() -> Mapping[str, Unit]:
    return {unit.unit_code: unit for unit in units()}


def unit(code: str) -> Unit:
    """Return the unit of that code.

    Raises
    ------
    UnknownCode
        If no enforcement unit has it.
    """
    try:
        return _by_code()[code]
    except KeyError:
        words = Message(f"没有代码为 {code} 的执法单位", f"no enforcement unit {code}")
        raise UnknownCode("unit-unknown", words) from None
