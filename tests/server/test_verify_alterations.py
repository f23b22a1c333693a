"""Verification: each stored column altered in turn, and what stands around it."""

from typing import Any

import pytest
from campaign import Sender, campaign_in, edit, fault_codes, position_of, verified

from server.bureau import Bureau
from server.tables import metadata


@pytest.fixture
def lone_sender(bureau: Bureau) -> Sender:
    """The same, on SQLite only: for what is tried many times."""
    return campaign_in(bureau)


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
    ("violation", "code", "GI-101", "tally-differs"),
    ("violation", "is_primary", False, "tally-differs"),
    ("violation", "counts_as_act", False, "tally-differs"),
    ("violation", "support", "contradicts", "tally-differs"),
    ("lot", "lot_id", "g9", "lot-missing"),
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
    key = {"record": "position", "observation": "id"}.get(table, "version_position")
    row = second.id if key == "id" else position_of(bureau, second.hash)
    statement = f'UPDATE {table} SET "{column}" = :value WHERE {key} = :row'
    edit(bureau.engine, statement, value=value, row=row)
    report = verified(bureau)
    assert code in fault_codes(report)
    named = {fault.record_id for fault in report.faults}
    positions = {fault.position for fault in report.faults}
    assert second.id in named or position_of(bureau, second.hash) in positions


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
    listed |= {(t, "version_position") for t in ("violation", "lot", "lot_verdict")}
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
        ("UPDATE device SET state = 'x'", "device-differs"),
        ("UPDATE record SET standing = 'x'", "record-differs"),
        ("UPDATE record SET outcome = 'x'", "record-differs"),
        ("UPDATE record SET ruling = 'x'", "record-differs"),
        ("UPDATE area SET sha256 = 'x'", "area-differs"),
        ("UPDATE area SET document = '{}'", "area-differs"),
        ("UPDATE area SET in_force_to = '2020-01-01'", "area-differs"),
        ("UPDATE area SET \"right\" = 'x'", "area-unpublished"),
        ("UPDATE reference_manifest SET jws = 'x'", "manifest-invalid"),
        ("UPDATE reference_manifest SET serial = 1", "manifest-differs"),
        ("UPDATE reference_manifest SET issued_at = '2020'", "manifest-differs"),
        ("UPDATE reference_document SET body = '{}'", "document-altered"),
        ("DELETE FROM reference_document", "document-missing"),
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
    assert code in fault_codes(verified(bureau))
