"""Observations as a tally sees them: drawn, or one by one, and put into the tables."""

from datetime import date
from itertools import combinations
from typing import Any

import sqlalchemy as sa
from hypothesis import strategies as st

from server.tables import lot, observation, violation
from server.tally.query import DIMENSIONS, TallyQuery
from server.tally.recount import CountedLot, CountedObservation, CountedViolation

DAYS = ["2023-11-30", "2023-12-01", "2023-12-31", "2024-01-05"]
ALL_BY = [by for n in range(3) for by in combinations(DIMENSIONS, n)]

violations = st.builds(
    CountedViolation,
    code=st.sampled_from(["TM-202", "GI-101", "NV-000"]),
    is_primary=st.booleans(),
    counts_as_act=st.booleans(),
    support=st.sampled_from(["supports", "contradicts", "open", "not_applicable"]),
)
lots = st.builds(
    CountedLot,
    product=st.sampled_from([None, "gannan-navel-orange", "packaging"]),
    verdict=st.sampled_from(["inside", "outside", "undetermined", "not_applicable"]),
)
places = st.sampled_from(
    [
        ("member", "360734"),
        ("member", "360702"),
        ("other", "440282"),
        ("none", None),
        ("no_position", None),
    ]
)
statuses = st.sampled_from(["current", "disputed", "withdrawn", "excluded"])


@st.composite
def observations(draw: st.DrawFn) -> CountedObservation:
    kind, code = draw(places)
    status = draw(statuses)
    return CountedObservation(
        unit_code=draw(st.sampled_from(["360734", "3607-RJ"])),
        acted_on=draw(st.sampled_from(DAYS)),
        county_kind=kind,
        county_code=code,
        county_ambiguous=kind != "no_position" and draw(st.booleans()),
        premises_key=draw(st.sampled_from(["p1", "p2"])),
        synthetic=draw(st.booleans()),
        status=status,
        counts=status in ("current", "disputed"),
        violations=tuple(draw(st.lists(violations, max_size=3))),
        lots=tuple(draw(st.lists(lots, max_size=3))),
    )


queries = st.builds(
    TallyQuery,
    date_from=st.sampled_from([None, date(2023, 12, 1)]),
    date_to=st.sampled_from([None, date(2023, 12, 31)]),
    unit=st.sampled_from([None, "360734"]),
    county=st.sampled_from([None, "360734", "other", "none", "no_position"]),
    product=st.sampled_from([None, "packaging"]),
    code=st.sampled_from([None, "TM-202", "none"]),
    verdict=st.sampled_from([None, "outside", "not_applicable"]),
    status=st.sampled_from(["counted", "withdrawn"]),
    by=st.sampled_from([by for by in ALL_BY if by]),
)


def fill(connection: sa.Connection, found: list[CountedObservation]) -> None:
    for table in (observation, violation, lot):
        connection.execute(table.delete())
    for n, each in enumerate(found):
        connection.execute(observation.insert().values(_row(n, each)))
        version = {"version_position": n}
        for m, act in enumerate(each.violations):
            values = _fields(act) | version | {"violation_id": f"a{m}"}
            connection.execute(violation.insert().values(values))
        for m, goods in enumerate(each.lots):
            values = _fields(goods) | version | {"lot_id": f"g{m}"}
            connection.execute(lot.insert().values(values))


def _fields(thing: Any) -> dict[str, Any]:
    return {name: getattr(thing, name) for name in thing.__dataclass_fields__}


def _row(n: int, found: CountedObservation) -> dict[str, Any]:
    values = _fields(found)
    del values["violations"], values["lots"]
    return values | {
        "id": f"o{n}",
        "version_id": f"v{n}",
        "version_hash": "00",
        "version_position": n,
        "device_id": "d1",
        "county_name": "南雄市" if found.county_code == "440282" else None,
        "county_unit_mismatch": False,
        "photos_named": 0,
    }


def visit(**changes: Any) -> CountedObservation:
    values: dict[str, Any] = {
        "unit_code": "360734",
        "acted_on": "2023-12-02",
        "county_kind": "member",
        "county_code": "360734",
        "county_ambiguous": False,
        "premises_key": "warehouse",
        "synthetic": False,
        "status": "current",
        "counts": True,
        "violations": (CountedViolation("TM-202", True, True, "supports"),),
        "lots": (CountedLot("gannan-navel-orange", "outside"),),
    }
    return CountedObservation(**values | changes)
