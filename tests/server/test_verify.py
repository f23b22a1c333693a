"""Verification: a sound ledger passes; what is missing or doubled is named."""

from dataclasses import replace

import pytest
import sqlalchemy as sa
from bureau_rig import Clock
from campaign import (
    Sender,
    body_at,
    campaign_in,
    edit,
    fault_codes,
    position_of,
    verified,
    xunwu_body,
)

from server.bureau import Bureau
from server.database import reading
from server.devices import TrustedUntil, revoke_device
from server.quarantine import accept, reject
from server.tables import lot_verdict, metadata, observation, record
from server.tally.query import TallyQuery
from server.tally.tally import take_tally
from server.verify.verify import verify


@pytest.fixture
def sender(any_bureau: Bureau) -> Sender:
    return campaign_in(any_bureau)


@pytest.fixture
def messy(any_bureau: Bureau, clock: Clock, sender: Sender) -> Sender:
    """The same, and a fork, a conflict, a revoked device, rulings and a fault."""
    cloned = Sender.enrol(any_bureau, 2, "360702")
    cloned.push(cloned.observe(), cloned.observe())
    cloned.seq, cloned.prev = 1, cloned.sealed[0].hash
    cloned.push(cloned.observe(note="the clone's own"))
    stolen = Sender.enrol(any_bureau, 3, "360703")
    stolen.push(stolen.observe(), stolen.observe(), stolen.observe())
    first = stolen.sealed[0]
    revoke_device(any_bureau, stolen.device_id, TrustedUntil(1, first.hash))
    clock.forward(hours=1)
    stolen.push(stolen.observe())
    foreign = Sender.enrol(any_bureau, 4, "360704")
    foreign.push(foreign.observe(unit_code="360734"), foreign.observe(goods=[]))
    foreign.push(foreign.seal("amendment", body_at(115.0, 25.0), first.id))
    accept(any_bureau, foreign.sealed[0].hash, "代寻乌县局录入", "科长")
    reject(any_bureau, cloned.sealed[2].hash, "克隆设备", "科长")
    return sender


def test_a_sound_ledger_passes_and_says_what_was_checked(
    any_bureau: Bureau, sender: Sender
) -> None:
    report = verified(any_bureau)
    assert report.faults == []
    assert report.checked["records"] == 5
    assert report.checked["receipts"] == 2
    assert report.checked["observations"] == 3


def test_forks_conflicts_revocations_and_rulings_are_no_faults(
    any_bureau: Bureau, messy: Sender
) -> None:
    report = verified(any_bureau)
    assert report.faults == []
    assert report.checked["records"] == 15
    with reading(any_bureau.engine) as connection:
        standings = set(connection.scalars(sa.select(record.c.standing)))
    assert {"stored", "quarantined"} <= standings


def test_an_empty_bureau_is_sound(any_bureau: Bureau) -> None:
    assert verified(any_bureau).is_sound


def test_a_gap_is_noted_and_is_no_fault(any_bureau: Bureau) -> None:
    sender = Sender.enrol(any_bureau, 1, "360734")
    sender.observe()
    sender.push(sender.observe())
    report = verified(any_bureau)
    assert report.is_sound
    assert report.notes["gaps"] == 1


def test_a_deleted_record_is_named_by_its_receipt(
    any_bureau: Bureau, sender: Sender
) -> None:
    second = sender.sealed[1]
    edit(any_bureau.engine, "DELETE FROM record WHERE id = :id", id=second.id)
    report = verified(any_bureau)
    missing = [fault for fault in report.faults if fault.code == "record-missing"]
    assert [fault.record_id for fault in missing] == [second.id]
    assert {"position-missing", "observation-extra"} <= fault_codes(report)


def test_a_doubled_record_is_named(any_bureau: Bureau, sender: Sender) -> None:
    columns = ", ".join(
        f'"{column.name}"' for column in record.columns if column.name != "position"
    )
    edit(
        any_bureau.engine,
        f"INSERT INTO record (position, {columns})"
        f" SELECT 900, {columns} FROM record WHERE id = :id",
        id=sender.sealed[1].id,
    )
    report = verified(any_bureau)
    assert {"record-doubled", "position-beyond-head"} <= fault_codes(report)


def test_a_moved_record_is_named(any_bureau: Bureau, sender: Sender) -> None:
    second = sender.sealed[1]
    edit(
        any_bureau.engine,
        "UPDATE record SET position = 90 WHERE id = :id",
        id=second.id,
    )
    assert {"receipt-differs", "position-missing"} <= fault_codes(verified(any_bureau))


def test_a_row_without_a_record_behind_it_is_named(
    any_bureau: Bureau, sender: Sender
) -> None:
    """An act that nobody sealed: one row put into the tables by hand."""
    for table in ("violation", "lot", "lot_verdict"):
        columns = [str(column.name) for column in metadata.tables[table].columns]
        values = [
            "999" if name == "version_position" else f'"{name}"' for name in columns
        ]
        names = ", ".join(f'"{name}"' for name in columns)
        edit(
            any_bureau.engine,
            f"INSERT INTO {table} ({names}) SELECT {', '.join(values)}"
            f" FROM {table} WHERE version_position = :position",
            position=position_of(any_bureau, sender.sealed[1].hash),
        )
    assert {"violation-extra", "lot-extra", "lot_verdict-extra"} <= fault_codes(
        verified(any_bureau)
    )


def test_the_recount_agrees_with_the_tally_on_a_messy_ledger(
    any_bureau: Bureau, messy: Sender
) -> None:
    report = verified(any_bureau)
    with reading(any_bureau.engine) as connection:
        tally = take_tally(connection, TallyQuery(by=("unit",)))
        rows = connection.scalar(
            sa.select(sa.func.count())
            .select_from(observation)
            .where(observation.c.counts.is_(sa.true()))
        )
    assert report.is_sound
    assert tally.total["observations"] == rows > 3


@pytest.mark.parametrize("premises", ["shop", "orchard"])
@pytest.mark.parametrize("now", [True, False])
def test_another_setting_of_conversion_is_noted_and_is_no_fault(
    any_bureau: Bureau, premises: str, now: bool
) -> None:
    """A position in GCJ-02, of which the setting decides the county at least."""
    before = replace(any_bureau.settings, convert_datum=not now)
    sender = Sender.enrol(replace(any_bureau, settings=before), 1, "360734")
    fix = {"lon_deg": 115.65, "lat_deg": 24.96, "datum": "GCJ02", "radius95_m": 10}
    site = xunwu_body()["site"] | {"premises_type": premises}
    site["fix"] = fix | {"source": "network"}
    sender.push(sender.observe(site=site))
    assert verified(sender.bureau).notes["other datum setting"] == 0
    report = verified(replace(any_bureau, settings=replace(before, convert_datum=now)))
    assert report.faults == []
    assert report.notes["other datum setting"] == 1
    edit(any_bureau.engine, "UPDATE observation SET county_name = '别处'")
    assert "observation-differs" in fault_codes(verified(any_bureau))


def test_progress_is_told_for_both_long_steps(
    any_bureau: Bureau, sender: Sender
) -> None:
    told: list[tuple[object, ...]] = []
    verify(any_bureau, lambda *step: told.append(step))
    assert ("records", 5, 5) in told
    assert ("verdicts", 3, 3) in told


def test_verdict_rows_rest_on_the_shipped_area(
    any_bureau: Bureau, sender: Sender
) -> None:
    with reading(any_bureau.engine) as connection:
        verdicts = set(connection.scalars(sa.select(lot_verdict.c.verdict)))
    assert verdicts == {"outside"}


def test_a_ruling_put_in_by_hand_for_a_faulty_record_is_named(
    any_bureau: Bureau,
) -> None:
    """Nobody can make count what does not fit the schema, not even in SQL."""
    sender = Sender.enrol(any_bureau, 1, "360734")
    faulty = sender.seal("observation", {"unit_code": "360734"})
    sender.push()
    edit(
        any_bureau.engine,
        "INSERT INTO ruling (id, record_id, hash, kind, reason, made_by, made_at,"
        " position) VALUES ('r', :id, :hash, 'accept', 'x', 'x', 'x', 1)",
        id=faulty.id,
        hash=faulty.hash,
    )
    report = verified(any_bureau)
    assert {"ruling-differs", "standing-differs", "version-unfit"} <= fault_codes(
        report
    )
    assert {fault.record_id for fault in report.faults} <= {faulty.id, None}
