"""The tallies, counted a second time from what the bytes say."""

from collections.abc import Mapping
from dataclasses import replace

import sqlalchemy as sa

from server.tally.counting import Key
from server.tally.measures import Figures, add_figures, no_figures
from server.tally.query import DIMENSIONS, TallyQuery
from server.tally.recount import (
    CountedLot,
    CountedObservation,
    CountedViolation,
    Recount,
)
from server.tally.tally import Tally, take_tally
from server.verify.derived import Derived
from server.verify.faults import Report

_QUESTIONS = (
    *((name,) for name in DIMENSIONS),
    ("county", "unit"),
    ("county", "month"),
)


class FigureCheck:
    """Counts every derived observation, then compares with the SQL's figures."""

    def __init__(self) -> None:
        self._query = TallyQuery()
        self._counts = {by: Recount(self._query, by) for by in ((), *_QUESTIONS)}

    def add(self, derived: Derived) -> None:
        """Count one observation as its bytes have it."""
        found = _counted(derived)
        for count in self._counts.values():
            count.add(found)

    def compare(self, connection: sa.Connection, report: Report) -> None:
        """Note a fault for every figure that a tally prints otherwise.

        That is each row's, the total's, and what the rows add up to beyond it.
        """
        total = self._counts[()].figures().get((), no_figures())
        for by in _QUESTIONS:
            printed = take_tally(connection, replace(self._query, by=by))
            _compare(printed, self._counts[by].figures(), total, report)


def _compare(
    printed: Tally, rows: Mapping[Key, Figures], total: Figures, report: Report
) -> None:
    name = "+".join(printed.query.by)
    stored = {row.key: row.figures for row in printed.rows}
    pairs: list[tuple[str, Mapping[str, int], Mapping[str, int]]] = [
        (f"{name} {'/'.join(key)}", stored.get(key, {}), rows.get(key, {}))
        for key in sorted(stored.keys() | rows.keys())
    ]
    pairs.append((f"{name} total", printed.total, total))
    pairs.append((f"{name} overlap", printed.overlap, _overlap(rows, total)))
    for words, theirs, mine in pairs:
        report.checked["tally rows"] += 1
        report.compare(
            "tally-differs",
            f"tally {words}",
            ((n, theirs.get(n, 0), mine.get(n, 0)) for n in {**theirs, **mine}),
            (None, None),
        )


def _overlap(rows: Mapping[Key, Figures], total: Figures) -> Figures:
    """Return what the rows add up to beyond the total, figure by figure."""
    summed = no_figures()
    for figures in rows.values():
        add_figures(summed, figures)
    return {name: summed[name] - total[name] for name in summed}


def _counted(derived: Derived) -> CountedObservation:
    row = derived.observation
    return CountedObservation(
        unit_code=row["unit_code"],
        acted_on=row["acted_on"],
        county_kind=row["county_kind"],
        county_code=row["county_code"],
        county_ambiguous=row["county_ambiguous"],
        premises_key=row["premises_key"],
        synthetic=row["synthetic"],
        status=row["status"],
        counts=row["counts"],
        violations=tuple(
            CountedViolation(
                act["code"], act["is_primary"], act["counts_as_act"], act["support"]
            )
            for act in derived.violations.values()
        ),
        lots=tuple(
            CountedLot(goods["product"], goods["verdict"])
            for goods in derived.lots.values()
        ),
    )
