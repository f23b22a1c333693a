"""Bad records from end to end: a device, the real server, and what both say of it."""

from typing import Any

import pytest
from journeys.conftest import enrol_over, new_device
from journeys.field_device import FieldDevice
from journeys.raw_push import PushedRaw, push_raw, resealed
from journeys.served import ServedBureau

from fieldkit.exit_codes import ExitCode
from fieldkit.outbox import open_outbox
from fieldkit.outbox.rows import PLACE
from server.database import reading
from server.devices import list_devices
from server.quarantine import accept, reject
from server.tables import observation
from server.tables import record as record_table
from server.tally.query import TallyQuery
from server.tally.tally import take_tally
from server.verify.faults import Report
from server.verify.verify import verify
from sync.at_rest import record_text
from sync.jws import decode, encode

P256_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
GANXIAN = "360704"


@pytest.fixture
def colleague(served: ServedBureau, tablet: FieldDevice) -> FieldDevice:
    """A second device of the same unit."""
    device = new_device(tablet.home.path.parent / "colleague")
    enrol_over(device, served.url, served.new_code())
    return device


@pytest.fixture(autouse=True)
def _nothing_is_faulty_afterwards(served: ServedBureau) -> Any:
    """Whatever came in, every stored record and every figure derives again."""
    yield
    assert verified(served).faults == []


def verified(served: ServedBureau) -> Report:
    return verify(served.bureau, lambda *_progress: None)


def acts(served: ServedBureau) -> int:
    """The acts of the whole tally, as a county would read it."""
    with reading(served.bureau.engine) as connection:
        total = take_tally(connection, TallyQuery()).total
    return int(total["acts"])


def raw(tablet: FieldDevice, record: str) -> str:
    return tablet.records[record].compact


def told(tablet: FieldDevice, record: str) -> tuple[str, str | None, bool]:
    """How the device shows a record: its newest status, its code, a reason in zh."""
    shown = tablet.records[record]
    reason = shown.reason
    return shown.status or "", shown.code, bool(reason and reason.zh and reason.en)


def test_a_malleated_signature_makes_no_second_record(
    served: ServedBureau, tablet: FieldDevice
) -> None:
    """ES256: whoever carries a record can turn (r, s) into (r, n - s)."""
    record = tablet.record()
    head, _, signature = raw(tablet, record).rpartition(".")
    r, s = decode(signature.encode())[:32], decode(signature.encode())[32:]
    other_s = (P256_ORDER - int.from_bytes(s, "big")).to_bytes(32, "big")
    malleated = f"{head}.{encode(r + other_s)}"
    first = push_raw(tablet, malleated)
    assert first.outcomes == ["stored"]
    again = push_raw(tablet, raw(tablet, record), malleated)
    assert again.outcomes == ["replayed", "replayed"]
    assert again.receipts == first.receipts
    assert tablet.sync().outcomes == {"replayed": 1}
    assert tablet.states == {record: "delivered"}
    assert served.rows(record_table, "jws") == [(malleated,)]
    assert acts(served) == 1


def test_the_same_record_twice_in_one_batch_is_kept_once(
    served: ServedBureau, tablet: FieldDevice
) -> None:
    record = raw(tablet, tablet.record())
    pushed = push_raw(tablet, record, record)
    assert pushed.outcomes == ["stored", "replayed"]
    assert len(pushed.receipts) == 1
    assert acts(served) == len(served.held) == 1


def test_the_same_id_with_other_content_waits_for_a_ruling_and_says_so(
    served: ServedBureau, tablet: FieldDevice
) -> None:
    """Lesson 2 (enketo#1405, collect#5317): both bodies are kept."""
    record = tablet.record()
    tablet.sync()
    other = resealed(tablet, record, note="other content")
    assert push_raw(tablet, other.compact).outcomes == ["conflict"]
    assert served.held == [record, record]
    assert acts(served) == 0
    tablet.sync()
    assert told(tablet, record) == ("conflict", "same-id-other-content", True)
    reject(served.bureau, other.hash, "编号被重复使用", "科长")
    assert acts(served) == 1
    tablet.sync()
    assert tablet.records[record].status == "released"


def test_a_gap_holds_nothing_up_and_closes_in_any_order(
    served: ServedBureau, tablet: FieldDevice
) -> None:
    first, second, third = tablet.record_many(3)
    assert push_raw(tablet, raw(tablet, third)).outcomes == ["stored"]
    assert push_raw(tablet, raw(tablet, first)).outcomes == ["stored"]
    assert served.counted == {first, third}
    assert verified(served).notes["gaps"] == 1
    (row,) = list_devices(served.bureau)
    assert (row["newest_seq"], row["missing_records"]) == (3, 1)
    assert row["newest_hash"] == tablet.records[third].hash
    assert tablet.sync().outcomes == {"stored": 1, "replayed": 2}
    assert served.held == [third, first, second]
    assert served.counted == {first, second, third}
    assert verified(served).notes["gaps"] == 0
    assert list_devices(served.bureau)[0]["missing_records"] == 0


def test_an_amendment_that_comes_first_waits_in_sight_and_is_released(
    served: ServedBureau, tablet: FieldDevice, colleague: FieldDevice
) -> None:
    """Lesson 9 (central#669, #805)."""
    target = tablet.record()
    amendment = colleague.amend(target, campaign="amended")
    report = colleague.sync()
    assert [trouble.outcome for trouble in report.troubles] == ["parked"]
    assert report.exit_code is ExitCode.DONE
    assert told(colleague, amendment) == ("parked", "target-missing", True)
    assert acts(served) == 0
    tablet.sync()
    assert acts(served) == 1
    assert served.rows(observation, "id", "version_id") == [(target, amendment)]
    colleague.sync()
    assert colleague.records[amendment].status == "released"


def test_two_amendments_of_one_version_count_once_and_wait_for_a_ruling(
    served: ServedBureau, tablet: FieldDevice, colleague: FieldDevice
) -> None:
    target = tablet.record()
    tablet.sync()
    mine = tablet.amend(target, campaign="mine")
    theirs = colleague.amend(target, campaign="theirs")
    tablet.sync()
    colleague.sync()
    states = ("id", "version_id", "status")
    assert served.rows(observation, *states) == [(target, target, "disputed")]
    assert acts(served) == 1
    reject(served.bureau, theirs, "以现场笔录为准", "科长")
    assert served.rows(observation, *states) == [(target, mine, "current")]
    assert acts(served) == 1
    assert served.held == [target, mine, theirs]


def test_one_bad_record_among_500_blocks_no_other(
    served: ServedBureau, tablet: FieldDevice
) -> None:
    """Lesson 6 (enketo#1226, QField#3068): wiping all was the only cure."""
    records = tablet.record_many(500)
    bad = records[250]
    spoil_signature(tablet, bad)
    report = tablet.sync()
    assert report.stopped is None
    assert report.outcomes == {"stored": 499, "refused": 1}
    assert report.exit_code is ExitCode.ITEMS_NOT_TAKEN
    assert (tablet.states[bad], tablet.records[bad].code) == (
        "refused",
        "bad-signature",
    )
    assert told(tablet, bad)[2]
    assert acts(served) == len(served.held) == 499
    later = tablet.record()
    assert tablet.sync().outcomes == {"stored": 1}
    assert tablet.states[later] == "delivered"


def spoil_signature(tablet: FieldDevice, record: str) -> None:
    """A bit of it flips on the device's disk."""
    compact = raw(tablet, record)
    flipped = "B" if compact[-20] == "A" else "A"
    spoilt = compact[:-20] + flipped + compact[-19:]
    with open_outbox(tablet.home) as outbox, outbox._writing() as connection:
        connection.execute(
            f"UPDATE record SET envelope = sealed(?, {PLACE}) WHERE id = ?",
            (record_text(None, spoilt), record),
        )


def test_a_record_of_another_unit_is_kept_apart_until_it_is_accepted(
    served: ServedBureau, tablet: FieldDevice
) -> None:
    """Lesson 11 (Cadasta#1036): rights are checked at submission."""
    record = tablet.record(unit_code=GANXIAN)
    report = tablet.sync()
    assert [trouble.code for trouble in report.troubles] == ["foreign-unit"]
    assert told(tablet, record) == ("quarantined", "foreign-unit", True)
    assert acts(served) == 0
    accept(served.bureau, record, "代赣县区局录入", "科长")
    assert acts(served) == 1
    tablet.sync()
    assert tablet.records[record].status == "released"


def test_another_devices_record_is_not_taken_from_this_one(
    served: ServedBureau, tablet: FieldDevice, colleague: FieldDevice
) -> None:
    theirs = raw(colleague, colleague.record())
    pushed: PushedRaw = push_raw(tablet, theirs)
    assert (pushed.outcomes, pushed.codes) == (["refused"], ["not-your-device"])
    assert served.held == []
    assert pushed.receipts == ()
