"""The areas that stored verdicts are pinned to, and references made of them."""

import json
from collections.abc import Iterable, Mapping
from typing import Any

import sqlalchemy as sa

from geo.area import Area, area_from_document
from geo.catalogue import AreaCatalogue
from geo.datum import Datum
from geo.errors import GeoError
from geo.package_data import load_counties
from schemas.assessment import Reference
from server.tables import area
from server.verify.faults import Report

_SHIFTED = {datum.value for datum in Datum if not datum.is_ground}

# (right, version) of each area, and whether shifted datums were converted.
Pinned = tuple[frozenset[tuple[str, str]], bool]


class PinnedAreas:
    """Every area version on file; each checked against its hash once."""

    def __init__(self, areas: Mapping[tuple[str, str], Area], convert: bool) -> None:
        self._areas = areas
        self._convert = convert
        self._references: dict[Pinned, Reference] = {}

    @classmethod
    def read(
        cls, connection: sa.Connection, report: Report, *, convert: bool
    ) -> "PinnedAreas":
        """Read every area; `convert` is the setting for positions without a say."""
        areas = {}
        for row in connection.execute(sa.select(area)).mappings():
            report.checked["areas"] += 1
            name = f"{row['right']}/{row['version']}"
            try:
                found = area_from_document(json.loads(row["document"]))
            except (GeoError, ValueError) as fault:
                report.add(
                    "area-invalid",
                    f"产地范围 {name} 无效：{fault}",
                    f"area {name} is not valid: {fault}",
                )
                continue
            areas[row["right"], row["version"]] = found
            report.compare(
                "area-differs", f"area {name}", _pairs(row, found), (None,) * 2
            )
        return cls(areas, convert)

    def pinned_by(self, verdicts: Iterable[Mapping[str, Any]]) -> Pinned:
        """Return what these verdicts rest on, by their own word."""
        found = list(verdicts)
        names = frozenset((row["right"], row["area_version"]) for row in found)
        is_raw = any(row["datum_path"] in _SHIFTED for row in found)
        return names, self._convert and not is_raw

    def reference(self, pinned: Pinned) -> Reference:
        """Return the reference that derives such verdicts again."""
        if pinned not in self._references:
            names, convert = pinned
            held = [self._areas[name] for name in names if name in self._areas]
            self._references[pinned] = Reference(
                AreaCatalogue(held), load_counties(), convert_datum=convert
            )
        return self._references[pinned]


def _pairs(row: Mapping[Any, Any], found: Area) -> list[tuple[str, Any, Any]]:
    last_day = found.in_force_to
    return [
        ("right", row["right"], found.right),
        ("version", row["version"], found.version),
        ("sha256", row["sha256"], found.sha256),
        ("in_force_from", row["in_force_from"], found.in_force_from.isoformat()),
        ("in_force_to", row["in_force_to"], last_day and last_day.isoformat()),
        ("supersedes", row["supersedes"], found.supersedes),
    ]
