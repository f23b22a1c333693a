"""Verification: a sound ledger passes; whatever is altered is named."""

from typing import Any

import pytest
import sqlalchemy as sa
from bureau_rig import Clock
from campaign import Sender, body_at, edit

from server.bureau import Bureau
from server.database import reading
from server.devices import TrustedUntil, revoke_device
from server.quarantine import accept, reject
from server.tables import lot_verdict, metadata, observation, record
from server.tally.query import TallyQuery
from server.tally.tally import take_tally
from server.verify.faults import Report
from server.verify.verify import verify


def quiet(_step: str, _done: int, _total: int | None) -> None:
    pass


def verified(bureau: Bureau) -> Report:
    return verify(bureau, quiet)


def codes(report: Report) -> set[str]:
    return {fault.code for fault in report.faults}


def campaign_in(bureau: Bureau) -> Sender:
    """A device of 寻乌 with five records: one amended, one withdrawn, one early."""
    sender = Sender.enrol(bureau, 1, "360734")
    first = sender.observe()
    second = sender.observe(synthetic=True)
    third = sender.observe()
    amended = sender.seal("amendment", body_at(114.9, 25.8), first.id)
    sender.seal("withdrawal", {"reason": "重复录入"}, third.id)
    sender.push(second, amended)
    sender.push()
    return sender


@pytest.fixture
def sender(any_bureau: Bureau) -> Sender:
    return campaign_in(any_bureau)


@pytest.fixture
def lone_sender(bureau: Bureau) -> Sender:
    """The same, on SQLite only: for what is tried many times."""
    return campaign_in(bureau)


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


OTHER_HASH = "0" * 64
ALTERED = [
    ("record", "hash", OTHER_HASH, "record-differs"),
    ("record", "id", "018c2824-1a40-7c1e-9b62-2f1d3a4b5c6d", "record-differs"),
    ("record", "device_id", "nobody", "device-missing"),
    ("record", "seq", 77, "record-differs"),
    ("record", "prev", OTHER_HASH, "record-differs"),
    ("record", "kind", "withdrawal", "record-differs"),
    ("record", "amends", OTHER_HASH, "record-differs"),
    ("record", "root_id", "elsewhere", "standing-differs"),
    ("record", "unit_code", "360702", "record-differs"),
    ("record", "received_at", "2024-01-01T00:00:00.000Z", "receipt-differs"),
    ("record", "receipt_id", "another", "receipt-differs"),
    ("record", "outcome", "parked", "receipt-differs"),
    ("record", "standing", "quarantined", "standing-differs"),
    ("record", "code", "schema-fault", "standing-differs"),
    ("record", "fault", "foreign-unit", "record-differs"),
    ("record", "ruling", "accept", "ruling-differs"),
    ("observation", "version_id", "another", "observation-differs"),
    ("observation", "version_hash", OTHER_HASH, "observation-differs"),
    ("observation", "version_position", 77, "observation-differs"),
    ("observation", "device_id", "nobody", "observation-differs"),
    ("observation", "record_no", "1", "observation-differs"),
    ("observation", "unit_code", "360702", "tally-differs"),
    ("observation", "acted_on", "2022-01-01", "tally-differs"),
    ("observation", "county_code", "360702", "tally-differs"),
    ("observation", "county_name", "赣县区", "observation-differs"),
    ("observation", "county_kind", "none", "tally-differs"),
    ("observation", "county_ambiguous", True, "observation-differs"),
    ("observation", "county_unit_mismatch", True, "observation-differs"),
    ("observation", "premises_key", "another", "observation-differs"),
    ("observation", "premises_type", "shop", "observation-differs"),
    ("observation", "campaign", "another", "observation-differs"),
    ("observation", "synthetic", False, "tally-differs"),
    ("observation", "status", "disputed", "observation-differs"),
    ("observation", "counts", False, "tally-differs"),
    ("observation", "photos_named", 7, "observation-differs"),
    ("violation", "violation_id", "v9", "violation-missing"),
    ("violation", "root_id", "another", "violation-differs"),
    ("violation", "code", "GI-101", "tally-differs"),
    ("violation", "is_primary", False, "tally-differs"),
    ("violation", "counts_as_act", False, "tally-differs"),
    ("violation", "support", "contradicts", "tally-differs"),
    ("lot", "lot_id", "g9", "lot-missing"),
    ("lot", "root_id", "another", "lot-differs"),
    ("lot", "product", "another", "lot-differs"),
    ("lot", "verdict", "inside", "tally-differs"),
    ("lot_verdict", "lot_id", "g9", "verdict-missing"),
    ("lot_verdict", "origin_index", 5, "verdict-missing"),
    ("lot_verdict", "right", "another", "verdict-missing"),
    ("lot_verdict", "area_version", "another", "verdict-missing"),
    ("lot_verdict", "area_sha256", OTHER_HASH, "verdict-differs"),
    ("lot_verdict", "verdict", "inside", "verdict-differs"),
    ("lot_verdict", "distance_m", 12.0, "verdict-differs"),
    ("lot_verdict", "band_m", 12.0, "verdict-differs"),
    ("lot_verdict", "datum_path", "GCJ02>WGS84", "verdict-differs"),
    ("lot_verdict", "basis", "none", "verdict-differs"),
    ("lot_verdict", "formula_version", "origin-0", "verdict-differs"),
    ("lot_verdict", "adopted", False, "verdict-missing"),
]


@pytest.mark.parametrize(("table", "column", "value", "code"), ALTERED)
def test_an_altered_column_is_found_and_its_record_named(
    bureau: Bureau, lone_sender: Sender, table: str, column: str, value: Any, code: str
) -> None:
    second = lone_sender.sealed[1]
    key = {"record": "id", "observation": "id"}.get(table, "version_id")
    statement = f'UPDATE {table} SET "{column}" = :value WHERE {key} = :id'
    edit(bureau.engine, statement, value=value, id=second.id)
    report = verified(bureau)
    assert code in codes(report)
    named = {fault.record_id for fault in report.faults}
    positions = {fault.position for fault in report.faults}
    assert second.id in named or position_of(bureau, second.hash) in positions


def position_of(bureau: Bureau, digest: str) -> int | None:
    with reading(bureau.engine) as connection:
        return connection.scalar(
            sa.select(record.c.position).where(record.c.hash == digest)
        )


# What a row does not owe to the record's bytes: who wrote it with which version.
NOT_DERIVED = {
    "software_version",
    "needs_proof",
    "reason_field",
    "reason_zh",
    "reason_en",
}


def test_every_column_of_records_and_findings_is_among_those_altered() -> None:
    listed = {(table, column) for table, column, *_ in ALTERED}
    listed |= {("record", "jws"), ("record", "position"), ("observation", "id")}
    listed |= {(t, "version_id") for t in ("violation", "lot", "lot_verdict")}
    for name in ("record", "observation", "violation", "lot", "lot_verdict"):
        for column in metadata.tables[name].columns:
            is_listed = (name, str(column.name)) in listed
            assert is_listed or column.name in NOT_DERIVED, (name, column.name)


@pytest.mark.parametrize("place", [40, 300, -3])
def test_one_altered_byte_of_a_record_is_found(
    bureau: Bureau, lone_sender: Sender, place: int
) -> None:
    second = lone_sender.sealed[1]
    text = second.compact
    place %= len(text)
    altered = text[:place] + ("B" if text[place] == "A" else "A") + text[place + 1 :]
    edit(
        bureau.engine,
        "UPDATE record SET jws = :jws WHERE id = :id",
        jws=altered,
        id=second.id,
    )
    report = verified(bureau)
    faults = [fault for fault in report.faults if fault.record_id == second.id]
    assert {fault.code for fault in faults} & {"signature-bad", "jws-malformed"}


def test_a_deleted_record_is_named_by_its_receipt(
    any_bureau: Bureau, sender: Sender
) -> None:
    second = sender.sealed[1]
    edit(any_bureau.engine, "DELETE FROM record WHERE id = :id", id=second.id)
    report = verified(any_bureau)
    missing = [fault for fault in report.faults if fault.code == "record-missing"]
    assert [fault.record_id for fault in missing] == [second.id]
    assert {"position-missing", "observation-extra"} <= codes(report)


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
    assert {"record-doubled", "position-beyond-head"} <= codes(report)


def test_a_moved_record_is_named(any_bureau: Bureau, sender: Sender) -> None:
    second = sender.sealed[1]
    edit(
        any_bureau.engine,
        "UPDATE record SET position = 90 WHERE id = :id",
        id=second.id,
    )
    assert {"receipt-differs", "position-missing"} <= codes(verified(any_bureau))


@pytest.mark.parametrize(
    ("statement", "code"),
    [
        ("DELETE FROM receipt", "receipt-missing"),
        ("UPDATE receipt SET jws = 'x'", "receipt-invalid"),
        ("UPDATE receipt SET epoch = 9", "receipt-differs"),
        ("UPDATE receipt SET device_id = 'nobody'", "receipt-differs"),
        ("UPDATE receipt SET issued_at = '2020'", "receipt-differs"),
        ("DELETE FROM device", "device-missing"),
        ("UPDATE device SET unit_code = '360702'", "device-differs"),
        ("UPDATE device SET thumbprint = 'x'", "device-differs"),
        ("UPDATE device SET certificate = 'x'", "device-certificate"),
        ("UPDATE device SET jwk = '{}'", "device-certificate"),
        ("UPDATE device SET fork_from_seq = 1", "device-differs"),
        ("UPDATE device SET state = 'recovered'", "standing-differs"),
        ("UPDATE area SET sha256 = 'x'", "area-differs"),
        ("UPDATE area SET document = '{}'", "area-invalid"),
        ("UPDATE area SET in_force_to = '2020-01-01'", "area-differs"),
        ("UPDATE ledger_head SET position = 99", "position-missing"),
        ("DELETE FROM observation", "observation-missing"),
        ("DELETE FROM violation", "violation-missing"),
        ("DELETE FROM lot", "lot-missing"),
        ("DELETE FROM lot_verdict", "verdict-missing"),
        ("DELETE FROM status_event", "event-missing"),
        ("UPDATE status_event SET hash = 'x'", "event-differs"),
        ("UPDATE status_event SET record_position = 99", "event-without-record"),
    ],
)
def test_what_stands_around_the_records_is_checked_too(
    bureau: Bureau, lone_sender: Sender, statement: str, code: str
) -> None:
    edit(bureau.engine, "DELETE FROM enrolment_code")
    edit(bureau.engine, statement)
    assert code in codes(verified(bureau))


def test_a_row_without_a_record_behind_it_is_named(
    any_bureau: Bureau, sender: Sender
) -> None:
    """An act that nobody sealed: one row put into the tables by hand."""
    for table in ("violation", "lot"):
        columns = [str(column.name) for column in metadata.tables[table].columns]
        values = [
            "'invented'" if name in ("version_id", "root_id") else f'"{name}"'
            for name in columns
        ]
        names = ", ".join(f'"{name}"' for name in columns)
        edit(
            any_bureau.engine,
            f"INSERT INTO {table} ({names}) SELECT {', '.join(values)}"
            f" FROM {table} WHERE version_id = :id",
            id=sender.sealed[1].id,
        )
    assert {"violation-extra", "lot-extra"} <= codes(verified(any_bureau))


def test_a_verdict_is_derived_with_the_area_that_it_is_pinned_to(
    any_bureau: Bureau, sender: Sender
) -> None:
    """A newer area is in force now; what was decided under the older one stays."""
    edit(
        any_bureau.engine,
        "INSERT INTO area SELECT \"right\", 'later', sha256, document, in_force_from,"
        " in_force_to, version, imported_at FROM area",
    )
    report = verified(any_bureau)
    # The copy itself is named (its document says another version), no verdict is.
    assert codes(report) == {"area-differs"}


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
