"""A push: what is kept, what is refused, and what the receipt attests."""

import json
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from bureau_rig import Clock
from inspector import Inspector, codes, only, outcomes, record_id

from server.bureau import Bureau
from server.database import reading
from server.errors import BatchRefused
from server.intake import Intake, Push
from server.tables import device, metadata, record, record_blob
from sync.jws import decode, encode
from sync.keys import P256_ORDER
from sync.receipt import open_receipt
from sync.record import MAX_RECORD_BYTES

GANXIAN = "360704"


@pytest.fixture
def intake(any_bureau: Bureau) -> Intake:
    return intake_of(any_bureau)


@pytest.fixture
def inspector(any_bureau: Bureau) -> Inspector:
    return Inspector(any_bureau)


def intake_of(bureau: Bureau) -> Intake:
    return Intake(bureau.settings, bureau.engine, bureau.key, bureau.clock)


def contents(bureau: Bureau) -> dict[str, list[Any]]:
    """Every row of every table but the time of the last contact."""
    with reading(bureau.engine) as connection:
        return {
            table.name: [
                {k: v for k, v in row.items() if k != "last_contact_at"}
                for row in connection.execute(
                    sa.select(table).order_by(*table.primary_key.columns)
                ).mappings()
            ]
            for table in metadata.sorted_tables
        }


def test_what_is_new_is_attested_by_one_signed_receipt(
    any_bureau: Bureau, intake: Intake, inspector: Inspector
) -> None:
    first, second = inspector.observe(), inspector.observe()
    reply = inspector.push(intake, first, second)
    assert outcomes(reply) == ["stored", "stored"]
    (compact,) = reply.receipts
    receipt = open_receipt(compact, any_bureau.key.verifying_key, inspector.id)
    assert receipt.covers(first.id, first.hash)
    assert receipt.covers(second.id, second.hash)
    assert [item.position for item in receipt.items] == [1, 2]
    assert receipt.epoch == reply.epoch == 1


def test_the_bytes_are_kept_as_they_were_received(
    any_bureau: Bureau, intake: Intake, inspector: Inspector
) -> None:
    sealed = inspector.observe()
    inspector.push(intake, sealed)
    with reading(any_bureau.engine) as connection:
        assert connection.scalar(sa.select(record.c.jws)) == sealed.compact


def test_a_repeat_returns_the_first_receipt_and_changes_nothing(
    any_bureau: Bureau, intake: Intake, inspector: Inspector, clock: Clock
) -> None:
    """MerginMaps/mobile#3642: the reply is lost after the commit."""
    records = [inspector.observe() for _ in range(3)]
    first = inspector.push(intake, *records)
    before = contents(any_bureau)
    clock.forward(days=1)
    again = inspector.push(intake, *records)
    assert outcomes(again) == ["replayed"] * 3
    assert again.receipts == first.receipts
    assert contents(any_bureau) == before


def test_a_batch_cut_otherwise_the_second_time_gets_every_receipt_it_needs(
    intake: Intake, inspector: Inspector
) -> None:
    a, b, c = (inspector.observe() for _ in range(3))
    first = inspector.push(intake, a)
    second = inspector.push(intake, b)
    third = inspector.push(intake, a, b, c)
    assert outcomes(third) == ["replayed", "replayed", "stored"]
    assert set(third.receipts[1:]) == {*first.receipts, *second.receipts}


def test_the_same_record_twice_in_one_batch_is_kept_once(
    any_bureau: Bureau, intake: Intake, inspector: Inspector
) -> None:
    sealed = inspector.observe()
    reply = inspector.push(intake, sealed, sealed)
    assert outcomes(reply) == ["stored", "replayed"]
    assert len(reply.receipts) == 1
    assert len(contents(any_bureau)["record"]) == 1


def test_a_malleated_signature_is_the_same_record(
    any_bureau: Bureau, intake: Intake, inspector: Inspector
) -> None:
    """ES256: (r, n - s) verifies too, so the signature is no part of the identity."""
    sealed = inspector.observe()
    head, _, signature = sealed.compact.rpartition(".")
    raw = decode(signature.encode())
    other_s = P256_ORDER - int.from_bytes(raw[32:], "big")
    malleated = f"{head}.{encode(raw[:32] + other_s.to_bytes(32, 'big'))}"
    assert malleated != sealed.compact
    assert outcomes(inspector.push(intake, malleated, sealed)) == ["stored", "replayed"]
    assert len(contents(any_bureau)["record"]) == 1


def test_one_bad_record_among_500_blocks_no_other(
    any_bureau: Bureau, intake: Intake, inspector: Inspector
) -> None:
    """enketo#1226, QField#3068: one bad record blocks the queue."""
    records = [inspector.observe().compact for _ in range(500)]
    records[250] = records[250][:-8] + "AAAAAAAA"
    reply = inspector.push(intake, *records)
    assert outcomes(reply).count("stored") == 499
    assert (reply.items[250].outcome, reply.items[250].code) == (
        "refused",
        "bad-signature",
    )
    assert len(contents(any_bureau)["observation"]) == 499


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("not.a.jws", "malformed"),
        ("", "malformed"),
        ("a" * (MAX_RECORD_BYTES + 1), "over-size"),
    ],
)
def test_what_is_no_record_is_refused_by_its_reason(
    any_bureau: Bureau, intake: Intake, inspector: Inspector, text: str, code: str
) -> None:
    item = only(inspector.push(intake, text))
    assert (item.outcome, item.code) == ("refused", code)
    assert item.reason
    assert contents(any_bureau)["record"] == []


def test_another_devices_record_is_refused(
    any_bureau: Bureau, intake: Intake, inspector: Inspector
) -> None:
    other = Inspector(any_bureau, number=2)
    assert codes(inspector.push(intake, other.observe())) == ["not-your-device"]


def test_an_unknown_device_is_refused_item_by_item(intake: Intake) -> None:
    reply = intake.push(Push("018c2824-1a40-7000-8000-00000000dead", ["x", "y"]))
    assert outcomes(reply) == ["refused", "refused"]
    assert codes(reply) == ["unknown-device"] * 2
    assert reply.receipts == []


def test_more_than_500_records_are_refused_as_a_whole(
    any_bureau: Bureau, intake: Intake, inspector: Inspector
) -> None:
    with pytest.raises(BatchRefused) as refusal:
        intake.push(Push(inspector.id, ["x"] * 501))
    assert refusal.value.code == "too-many-records"


def test_a_schema_fault_is_kept_with_its_field_and_reason(
    any_bureau: Bureau, intake: Intake, inspector: Inspector
) -> None:
    goods = [
        {**inspector.body()["goods"][0], "quantity": {"value": "x", "unit": "jin"}}
    ]
    item = only(inspector.push(intake, inspector.observe(goods=goods)))
    assert (item.outcome, item.code) == ("quarantined", "schema-fault")
    assert item.field == "goods[0].quantity.value"
    assert item.reason is not None
    assert item.reason.zh
    assert contents(any_bureau)["observation"] == []


def test_an_unknown_field_with_a_zero_byte_in_its_name_breaks_no_database(
    any_bureau: Bureau, intake: Intake, inspector: Inspector
) -> None:
    """PostgreSQL stores no U+0000 in a text; the batch must not fall with it."""
    good = inspector.observe()
    bad = inspector.observe(**{"a\0b" + "c" * 3000: 1})
    reply = inspector.push(intake, good, bad)
    assert outcomes(reply) == ["stored", "quarantined"]


def test_a_foreign_unit_is_quarantined(intake: Intake, inspector: Inspector) -> None:
    item = only(inspector.push(intake, inspector.observe(unit_code=GANXIAN)))
    assert (item.outcome, item.code, item.field) == (
        "quarantined",
        "foreign-unit",
        "unit_code",
    )


def test_the_same_id_with_other_content_keeps_both_and_counts_neither(
    any_bureau: Bureau, intake: Intake, inspector: Inspector
) -> None:
    """enketo#1405, collect#5317."""
    one = inspector.observe(record_id(0xC0), note="one")
    inspector.push(intake, one)
    other = inspector.observe(record_id(0xC0), note="other")
    assert outcomes(inspector.push(intake, other)) == ["conflict"]
    rows = contents(any_bureau)
    assert [row["standing"] for row in rows["record"]] == ["conflict", "conflict"]
    (seen,) = rows["observation"]
    assert (seen["status"], bool(seen["counts"])) == ("excluded", False)


def test_a_cloned_outbox_forks_and_neither_branch_counts(
    any_bureau: Bureau, intake: Intake, inspector: Inspector
) -> None:
    shared = inspector.observe()
    clone = inspector.clone()
    ours, theirs = inspector.observe(), clone.observe()
    inspector.push(intake, shared, ours)
    assert outcomes(inspector.push(intake, theirs)) == ["fork"]
    rows = contents(any_bureau)
    assert [row["standing"] for row in rows["record"]] == ["stored", "fork", "fork"]
    assert [bool(row["counts"]) for row in rows["observation"]] == [True, False]
    (this_device,) = rows["device"]
    assert this_device["fork_from_seq"] == 2


def test_a_gap_is_stored_and_counted_and_closes_in_any_order(
    any_bureau: Bureau, intake: Intake, inspector: Inspector
) -> None:
    first, second, third = (inspector.observe() for _ in range(3))
    assert outcomes(inspector.push(intake, third, first)) == ["stored", "stored"]
    assert outcomes(inspector.push(intake, second)) == ["stored"]
    assert all(row["counts"] for row in contents(any_bureau)["observation"])


def test_an_amendment_that_comes_first_is_parked_and_released_by_its_target(
    any_bureau: Bureau, intake: Intake, inspector: Inspector
) -> None:
    """central#669, #805: edits arrive out of order."""
    target = inspector.observe()
    amendment = inspector.amend(target, campaign="amended")
    parked = inspector.push(intake, amendment)
    assert outcomes(parked) == ["parked"]
    assert len(parked.receipts) == 1
    inspector.push(intake, target)
    rows = contents(any_bureau)
    (seen,) = rows["observation"]
    assert (seen["version_id"], seen["campaign"]) == (amendment.id, "amended")
    assert [event["status"] for event in rows["status_event"]] == ["released"]


def test_a_clock_ten_years_off_rejects_nothing(
    any_bureau: Bureau, intake: Intake, inspector: Inspector, clock: Clock
) -> None:
    """mapeo-core#55, cht-core#6284."""
    clock.now += timedelta(days=3653)
    assert outcomes(inspector.push(intake, inspector.observe())) == ["stored"]


def test_the_named_photographs_are_known_for_every_kept_record(
    any_bureau: Bureau, intake: Intake, inspector: Inspector
) -> None:
    good, bad = inspector.observe(), inspector.observe(unheard_of=1)
    inspector.push(intake, good, bad)
    with reading(any_bureau.engine) as connection:
        ids = connection.scalars(sa.select(record_blob.c.record_id)).all()
    assert set(ids) == {good.id, bad.id}


def test_the_contact_of_the_device_is_noted(
    any_bureau: Bureau, intake: Intake, inspector: Inspector, clock: Clock
) -> None:
    inspector.push(intake)
    with reading(any_bureau.engine) as connection:
        seen = connection.scalar(sa.select(device.c.last_contact_at))
    assert seen == "2023-12-02T02:20:00.000Z"


def test_the_answer_is_the_protocols_json(intake: Intake, inspector: Inspector) -> None:
    document = json.loads(inspector.push(intake, inspector.observe()).to_json())
    assert set(document) == {"epoch", "server_time", "receipts", "items"}
    assert document["items"][0]["outcome"] == "stored"
    assert document["items"][0]["reason"] is None
