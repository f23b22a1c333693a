"""Verification: alterations that agree with each other, and change the figures."""

import dataclasses
from typing import Any

import pytest
import shapely
import sqlalchemy as sa
from bureau_rig import Clock
from campaign import Sender, edit, fault_codes, verified

from geo.area import Area
from geo.catalogue import AreaCatalogue
from geo.package_data import default_area, load_counties
from schemas.assessment import Assessment, Reference, assess
from server.areas import import_area
from server.bureau import Bureau
from server.database import reading, writing
from server.devices import TrustedUntil, revoke_device
from server.reference_data import ReferenceData
from server.rulings import Ruling, RulingKind, rule
from server.tables import area, lot, lot_verdict, record, reference_document, violation
from server.tally.query import TallyQuery
from server.tally.tally import take_tally
from sync.clock import acted_on
from sync.record import Sealed, open_record


@pytest.fixture
def sender(any_bureau: Bureau, clock: Clock) -> Sender:
    """A device with one record that counts, and a lot from outside."""
    clock.forward(minutes=1)
    sender = Sender.enrol(any_bureau, 1, "360734")
    sender.push(sender.observe())
    assert figures(any_bureau)["lots_outside"] == 1
    assert verified(any_bureau).faults == []
    return sender


def figures(bureau: Bureau) -> dict[str, int]:
    with reading(bureau.engine) as connection:
        return dict(take_tally(connection, TallyQuery()).total)


def state(bureau: Bureau, sealed: Sealed, kind: RulingKind, **more: Any) -> None:
    made = Ruling(kind, sealed.id, "重复", "科长", **more)
    with writing(bureau.engine) as connection:
        known = ReferenceData(convert_datum=True).current(connection)
        rule(connection, made, known, bureau.clock())


def assessed(sealed: Sealed, *areas: Area) -> Assessment:
    payload = open_record(sealed.compact).payload or {}
    known = Reference(AreaCatalogue(areas), load_counties())
    return assess(payload["body"], acted_on(payload), known)


def write_findings(
    connection: sa.Connection, sealed: Sealed, found: Assessment
) -> None:
    """Put an assessment in the place of the one that is stored."""
    (one,) = found.lots
    position = connection.scalar(
        sa.select(record.c.position).where(record.c.hash == sealed.hash)
    )
    values = {
        column.name: getattr(one, column.name)
        for column in lot_verdict.columns
        if hasattr(one, column.name)
    }
    for table, changed in (
        (lot_verdict, values),
        (lot, {"verdict": str(one.verdict)}),
        (violation, {"support": str(found.violations[0].support)}),
    ):
        mine = table.c.version_position == position
        connection.execute(table.update().where(mine).values(changed))


def moved_area() -> Area:
    """The shipped area with a border that takes in the lot's origin."""
    wide = shapely.orient_polygons(shapely.box(110, 20, 120, 30))
    return dataclasses.replace(default_area(), geometry=wide, member_codes=("35",))


def put_in_place(connection: sa.Connection, forged: Area) -> None:
    connection.execute(
        area.update().values(
            sha256=forged.sha256, document=forged.document_bytes.decode()
        )
    )


def test_verdicts_said_to_rest_on_no_area_are_found(
    any_bureau: Bureau, sender: Sender
) -> None:
    with writing(any_bureau.engine) as connection:
        write_findings(connection, sender.sealed[0], assessed(sender.sealed[0]))
    assert figures(any_bureau)["lots_undetermined"] == 1
    assert "verdict-missing" in fault_codes(verified(any_bureau))


def test_another_polygon_under_the_same_name_is_found(
    any_bureau: Bureau, sender: Sender
) -> None:
    forged = moved_area()
    with writing(any_bureau.engine) as connection:
        put_in_place(connection, forged)
        write_findings(connection, sender.sealed[0], assessed(sender.sealed[0], forged))
    assert figures(any_bureau)["lots_inside"] == 1
    assert {"area-differs", "verdict-differs"} <= fault_codes(verified(any_bureau))


def test_another_polygon_put_among_the_documents_too_is_found(
    any_bureau: Bureau, sender: Sender
) -> None:
    forged = moved_area()
    with writing(any_bureau.engine) as connection:
        put_in_place(connection, forged)
        connection.execute(
            reference_document.update()
            .where(reference_document.c.kind == "area")
            .values(sha256=forged.sha256, body=forged.document_bytes.decode())
        )
        write_findings(connection, sender.sealed[0], assessed(sender.sealed[0], forged))
    codes = fault_codes(verified(any_bureau))
    assert {"document-missing", "area-unpublished"} <= codes


def test_an_area_that_was_in_force_later_cannot_be_taken_away(
    any_bureau: Bureau, sender: Sender
) -> None:
    with writing(any_bureau.engine) as connection:
        connection.execute(area.delete())
        write_findings(connection, sender.sealed[0], assessed(sender.sealed[0]))
    assert {"area-missing", "verdict-missing"} <= fault_codes(verified(any_bureau))


def test_the_day_of_an_import_cannot_be_moved(
    any_bureau: Bureau, sender: Sender
) -> None:
    edit(any_bureau.engine, "UPDATE area SET imported_at = '2099'")
    assert fault_codes(verified(any_bureau)) == {"area-differs"}


def test_what_was_decided_before_an_import_stays_and_is_no_fault(
    any_bureau: Bureau, clock: Clock, sender: Sender
) -> None:
    clock.forward(hours=1)
    newer = dataclasses.replace(moved_area(), version="later", supersedes="default-1")
    import_area(any_bureau, newer)
    clock.forward(hours=1)
    sender.push(sender.observe())
    assert verified(any_bureau).faults == []
    shown = figures(any_bureau)
    assert (shown["lots_inside"], shown["lots_outside"]) == (1, 1)


def test_a_verdict_under_a_version_that_was_superseded_before_is_found(
    any_bureau: Bureau, clock: Clock, sender: Sender
) -> None:
    clock.forward(hours=1)
    newer = dataclasses.replace(moved_area(), version="later", supersedes="default-1")
    import_area(any_bureau, newer)
    clock.forward(hours=1)
    sealed = sender.observe()
    sender.push(sealed)
    with writing(any_bureau.engine) as connection:
        write_findings(connection, sealed, assessed(sealed, default_area()))
    faults = verified(any_bureau).faults
    assert ("verdict-missing", sealed.id) in {(f.code, f.record_id) for f in faults}


def test_a_deleted_ruling_is_found(any_bureau: Bureau, sender: Sender) -> None:
    (sealed,) = sender.sealed
    state(any_bureau, sealed, RulingKind.WITHDRAW)
    assert verified(any_bureau).faults == []
    edit(any_bureau.engine, "DELETE FROM ruling")
    edit(any_bureau.engine, "UPDATE observation SET status = 'current', counts = true")
    assert figures(any_bureau)["observations"] == 1
    (fault,) = verified(any_bureau).faults
    assert (fault.code, fault.record_id) == ("ruling-missing", sealed.id)


def test_a_ruling_put_in_by_hand_is_found(any_bureau: Bureau, sender: Sender) -> None:
    (sealed,) = sender.sealed
    put_in_ruling(any_bureau, sealed.id, position=1)
    edit(
        any_bureau.engine, "UPDATE observation SET status = 'withdrawn', counts = false"
    )
    assert figures(any_bureau)["observations"] == 0
    codes = fault_codes(verified(any_bureau))
    assert codes == {"ruling-untold", "position-doubled"}


def test_a_second_ruling_where_one_was_told_of_is_found(
    any_bureau: Bureau, sender: Sender
) -> None:
    (sealed,) = sender.sealed
    state(any_bureau, sealed, RulingKind.ACCEPT)
    put_in_ruling(any_bureau, sealed.id, position=2)
    edit(
        any_bureau.engine, "UPDATE observation SET status = 'withdrawn', counts = false"
    )
    assert "ruling-untold" in fault_codes(verified(any_bureau))


def put_in_ruling(bureau: Bureau, record_id: str, position: int) -> None:
    edit(
        bureau.engine,
        "INSERT INTO ruling (id, record_id, kind, reason, made_by, made_at, position)"
        " VALUES ('~', :id, 'withdraw', 'x', 'x', 'x', :position)",
        id=record_id,
        position=position,
    )


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("kind", "'duplicate_of'"),
        ("record_id", "'another'"),
        ("hash", "'another'"),
        ("target_id", "'another'"),
        ("reason", "'another'"),
        ("made_at", "'2020'"),
        ("position", "1"),
    ],
)
def test_an_altered_ruling_is_found(
    any_bureau: Bureau, sender: Sender, column: str, value: str
) -> None:
    state(any_bureau, sender.sealed[0], RulingKind.WITHDRAW)
    edit(any_bureau.engine, f"UPDATE ruling SET {column} = {value}")
    assert fault_codes(verified(any_bureau)) & {"ruling-differs", "ruling-untold"}


@pytest.mark.parametrize(
    "values",
    [
        "state = 'active', revoked_at = NULL, trusted_seq = NULL, trusted_hash = NULL",
        "state = 'active'",
        "trusted_seq = 2",
        "revoked_at = '2020'",
    ],
)
def test_a_revocation_that_was_erased_or_widened_is_found(
    any_bureau: Bureau, sender: Sender, values: str
) -> None:
    (first,) = sender.sealed
    revoke_device(any_bureau, sender.device_id, TrustedUntil(1, first.hash))
    assert verified(any_bureau).faults == []
    edit(any_bureau.engine, f"UPDATE device SET {values}")
    assert "revocation-differs" in fault_codes(verified(any_bureau))


def test_a_revocation_that_nobody_kept_is_found(
    any_bureau: Bureau, sender: Sender
) -> None:
    edit(any_bureau.engine, "UPDATE device SET state = 'revoked', revoked_at = '2023'")
    assert "revocation-differs" in fault_codes(verified(any_bureau))
