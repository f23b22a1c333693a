"""The answer to a tally query: rows, total, and what it all rests on."""

from collections.abc import Mapping
from dataclasses import dataclass
from importlib.metadata import version as package_version
from typing import Any

import sqlalchemy as sa

from geo.errors import Message
from schemas.codes import code_list
from server.tables import area, ledger_head, observation, reference_manifest
from server.tally.counting import Key, figures_by_key
from server.tally.labels import label, row_keys
from server.tally.measures import (
    FIGURE_NAMES,
    TALLY_VERSION,
    Figures,
    add_figures,
    no_figures,
)
from server.tally.query import TallyQuery

_SOFTWARE_VERSION = package_version("gi-fieldkit")


@dataclass(frozen=True, slots=True)
class TallyRow:
    """One row: its key, what people call each part of it, and its figures."""

    key: Key
    labels: tuple[Message, ...]
    figures: Figures


@dataclass(frozen=True, slots=True)
class Tally:
    """What one query counted, from one state of the ledger.

    Attributes
    ----------
    rows : tuple of TallyRow
        In a fixed order, rows of zeros included.
    total : dict
        Each thing counted once, whatever the number of rows it stands in.
    overlap : dict
        The sum of the rows less the total; only figures where they differ
        (an observation with two codes stands in two rows of a tally by code).
        Acts never overlap, and by county nothing does.
    versions : dict
        What the figures rest on.
    """

    query: TallyQuery
    rows: tuple[TallyRow, ...]
    total: Figures
    overlap: Mapping[str, int]
    versions: Mapping[str, Any]

    def document(self) -> dict[str, Any]:
        """Return the tally as the JSON document that ``--format json`` prints."""
        return {
            "rows": [self._row_document(row) for row in self.rows],
            "total": dict(self.total),
            "overlap": dict(self.overlap),
            "filter": self.query.filter_document(),
            "versions": dict(self.versions),
        }

    def _row_document(self, row: TallyRow) -> dict[str, Any]:
        document: dict[str, Any] = {}
        for name, value, words in zip(self.query.by, row.key, row.labels, strict=True):
            document.update(key_columns(name, value, words))
        return document | row.figures


def key_columns(dimension: str, value: str, words: Message) -> dict[str, str]:
    """Return a key's columns in data: its code, and its name where it has one."""
    if dimension in ("county", "unit"):
        return {f"{dimension}_code": value, f"{dimension}_name": words.zh}
    if dimension == "code":
        return {"code": value, "code_zh": words.zh, "code_en": words.en}
    return {dimension: value}


def take_tally(connection: sa.Connection, query: TallyQuery) -> Tally:
    """Count what `query` asks for; the number of statements never grows.

    `connection` sees one state of the ledger throughout
    (`server.database.reading`).
    """
    found = figures_by_key(connection, query, query.by)
    total = _total(connection, query, found)
    names = _other_county_names(connection) if "county" in query.by else {}
    rows = tuple(
        TallyRow(
            key,
            tuple(label(d, v, names) for d, v in zip(query.by, key, strict=True)),
            found.get(key, no_figures()),
        )
        for key in row_keys(query, found)
    )
    return Tally(query, rows, total, _overlap(rows, total), versions_of(connection))


def versions_of(connection: sa.Connection) -> dict[str, Any]:
    """Return what a figure taken now rests on, by name and version."""
    head = connection.execute(
        sa.select(ledger_head.c.position, ledger_head.c.epoch)
    ).one_or_none()
    areas = connection.execute(
        sa.select(area.c.right, area.c.version, area.c.sha256).order_by(
            area.c.right, area.c.version
        )
    )
    serial = sa.select(sa.func.max(reference_manifest.c.serial))
    return {
        "tally": TALLY_VERSION,
        "software": _SOFTWARE_VERSION,
        "code_list": code_list().version,
        "areas": [dict(row._mapping) for row in areas],
        "reference_serial": connection.scalar(serial),
        "epoch": head.epoch if head else None,
        "position": head.position if head else None,
    }


def _total(
    connection: sa.Connection, query: TallyQuery, found: Mapping[Key, Figures]
) -> Figures:
    """Return each thing counted once; by county alone the rows are disjoint."""
    if query.by == ("county",):
        total = no_figures()
        for figures in found.values():
            add_figures(total, figures)
        return total
    return figures_by_key(connection, query, ()).get((), no_figures())


def _overlap(rows: tuple[TallyRow, ...], total: Figures) -> dict[str, int]:
    summed = no_figures()
    for row in rows:
        add_figures(summed, row.figures)
    return {
        name: summed[name] - total[name]
        for name in FIGURE_NAMES
        if summed[name] != total[name]
    }


def _other_county_names(connection: sa.Connection) -> dict[str, str]:
    found = connection.execute(
        sa.select(observation.c.county_code, observation.c.county_name)
        .where(observation.c.county_kind == "other")
        .distinct()
    )
    return {row.county_code: row.county_name or row.county_code for row in found}
