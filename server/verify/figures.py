"""The tallies, counted a second time from what the bytes say."""

import sqlalchemy as sa

from server.tally.counting import figures_by_key
from server.tally.query import DIMENSIONS, TallyQuery
from server.tally.recount import (
    CountedLot,
    CountedObservation,
    CountedViolation,
    Recount,
)
from server.verify.derived import Derived
from server.verify.faults import Report

_QUESTIONS = [(), *((name,) for name in DIMENSIONS), ("county", "unit")]


class FigureCheck:
    """Counts every derived observation, then compares with the SQL's figures."""

    def __init__(self) -> None:
        self._query = TallyQuery()
        self._counts = {by: Recount(self._query, by) for by in _QUESTIONS}

    def add(self, derived: Derived) -> None:
        """Count one observation as its bytes have it."""
        found = _counted(derived)
        for count in self._counts.values():
            count.add(found)

    def compare(self, connection: sa.Connection, report: Report) -> None:
        """Note a fault for every figure that the tally shows otherwise."""
        for by, count in self._counts.items():
            derived = count.figures()
            stored = figures_by_key(connection, self._query, by)
            for key in sorted(derived.keys() | stored.keys()):
                report.checked["tally rows"] += 1
                mine, theirs = derived.get(key, {}), stored.get(key, {})
                report.compare(
                    "tally-differs",
                    f"tally {'+'.join(by) or 'total'} {'/'.join(key)}".strip(),
                    (
                        (name, theirs.get(name, 0), mine.get(name, 0))
                        for name in {**theirs, **mine}
                    ),
                    (None, None),
                )


def _counted(derived: Derived) -> CountedObservation:
    row = derived.observation
    return CountedObservation(
        unit_code=row["unit_code"],
        acted_on=row["acted_on"],
        county_kind=row["county_kind"],
        county_code=row["county_code"],
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
