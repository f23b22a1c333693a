"""Officials rule on records; each ruling is added, none is edited."""

from typing import Any

import pytest
import sqlalchemy as sa
from campaign import verified
from inspector import Inspector, outcomes, record_id

from server import quarantine
from server.bureau import Bureau
from server.database import reading, writing
from server.errors import NotHeld, RulingRefused
from server.intake import Intake
from server.ledger import SqlLedger
from server.reference_data import ReferenceData
from server.rulings import Ruling, RulingKind, rule, rulings_on
from server.tables import observation, record, ruling, status_event
from server.tally.query import TallyQuery
from server.tally.tally import take_tally
from sync.record import Sealed

OFFICIAL = "知识产权科 王某"


@pytest.fixture
def intake(any_bureau: Bureau) -> Intake:
    return Intake(
        any_bureau.settings, any_bureau.engine, any_bureau.key, any_bureau.clock
    )


@pytest.fixture
def inspector(any_bureau: Bureau) -> Inspector:
    return Inspector(any_bureau)


def make(
    bureau: Bureau,
    kind: RulingKind,
    ruled_on: Sealed,
    target: Sealed | None = None,
    reason: str = "核对原件",
) -> str:
    made = Ruling(
        kind,
        ruled_on.id,
        reason,
        OFFICIAL,
        hash=ruled_on.hash,
        target_id=target.id if target else None,
    )
    with writing(bureau.engine) as connection:
        reference = ReferenceData(convert_datum=True).current(connection)
        return rule(connection, made, reference, bureau.clock())


def column(bureau: Bureau, wanted: sa.Column[Any], order: sa.Column[Any]) -> list[Any]:
    with reading(bureau.engine) as connection:
        return list(connection.scalars(sa.select(wanted).order_by(order)))


def standings(bureau: Bureau) -> list[str]:
    return column(bureau, record.c.standing, record.c.position)


def statuses(bureau: Bureau) -> dict[str, tuple[str, bool]]:
    with reading(bureau.engine) as connection:
        found = connection.execute(
            sa.select(observation.c.id, observation.c.status, observation.c.counts)
        )
        return {id_: (status, bool(counts)) for id_, status, counts in found}


def acts_counted(bureau: Bureau) -> int:
    with reading(bureau.engine) as connection:
        return take_tally(connection, TallyQuery()).total["acts"]


def events(bureau: Bureau) -> list[str]:
    return column(bureau, status_event.c.status, status_event.c.position)


def test_an_accepted_record_of_a_foreign_unit_counts(
    any_bureau: Bureau, intake: Intake, inspector: Inspector
) -> None:
    sealed = inspector.observe(unit_code="360704")
    inspector.push(intake, sealed)
    make(any_bureau, RulingKind.ACCEPT, sealed)
    assert standings(any_bureau) == ["stored"]
    assert statuses(any_bureau) == {sealed.id: ("current", True)}
    assert events(any_bureau) == ["ruled", "released"]


def test_a_rejected_record_stops_counting_and_stays_readable(
    any_bureau: Bureau, intake: Intake, inspector: Inspector
) -> None:
    sealed = inspector.observe()
    inspector.push(intake, sealed)
    make(any_bureau, RulingKind.REJECT, sealed)
    assert standings(any_bureau) == ["quarantined"]
    assert statuses(any_bureau) == {sealed.id: ("excluded", False)}
    assert column(any_bureau, record.c.jws, record.c.position) == [sealed.compact]


def test_a_later_ruling_overrides_and_both_are_kept(
    any_bureau: Bureau, intake: Intake, inspector: Inspector
) -> None:
    sealed = inspector.observe()
    inspector.push(intake, sealed)
    make(any_bureau, RulingKind.REJECT, sealed, reason="看错了")
    make(any_bureau, RulingKind.ACCEPT, sealed, reason="核对后恢复")
    assert statuses(any_bureau) == {sealed.id: ("current", True)}
    with reading(any_bureau.engine) as connection:
        made = rulings_on(connection, [sealed.id])
    assert [one.reason for one in made] == ["看错了", "核对后恢复"]
    assert {one.made_by for one in made} == {OFFICIAL}


def test_rejecting_one_side_of_a_conflict_lets_the_other_count(
    any_bureau: Bureau, intake: Intake, inspector: Inspector
) -> None:
    one = inspector.observe(record_id(0xC1), campaign="one")
    other = inspector.observe(record_id(0xC1), campaign="other")
    inspector.push(intake, one, other)
    make(any_bureau, RulingKind.REJECT, one)
    assert statuses(any_bureau) == {one.id: ("current", True)}
    assert column(any_bureau, observation.c.campaign, observation.c.id) == ["other"]


def test_what_took_the_place_of_a_rejected_content_has_findings_of_its_own(
    any_bureau: Bureau, intake: Intake, inspector: Inspector
) -> None:
    act = {"id": "v1", "code": "NV-000", "goods": []}
    one = inspector.observe(record_id(0xC2))
    other = inspector.observe(record_id(0xC2), violations=[act])
    inspector.push(intake, one)
    make(any_bureau, RulingKind.REJECT, one)
    assert outcomes(inspector.push(intake, other)) == ["stored"]
    with reading(any_bureau.engine) as connection:
        rows = take_tally(connection, TallyQuery(by=("code",))).rows
    assert [row.key for row in rows] == [("NV-000",)]
    assert column(any_bureau, observation.c.version_hash, observation.c.id) == [
        other.hash
    ]


@pytest.mark.parametrize(
    ("kind", "stands"),
    [
        (RulingKind.WITHDRAW, ("withdrawn", False)),
        (RulingKind.DUPLICATE_OF, ("excluded", False)),
    ],
)
def test_a_ruling_made_before_an_observation_ever_counted_holds(
    any_bureau: Bureau,
    intake: Intake,
    inspector: Inspector,
    kind: RulingKind,
    stands: tuple[str, bool],
) -> None:
    """Two fork, one is taken back, the other rejected: neither counts."""
    kept = inspector.observe()
    inspector.push(intake, kept)
    clone = inspector.clone()
    one, other = inspector.observe(), clone.observe()
    assert outcomes(inspector.push(intake, one, other)) == ["fork", "fork"]
    make(any_bureau, kind, one, target=kept)
    make(any_bureau, RulingKind.REJECT, other)
    assert statuses(any_bureau) == {kept.id: ("current", True), one.id: stands}
    assert verified(any_bureau).faults == []


def test_an_amendments_id_that_comes_again_as_an_observation_blocks_no_push(
    any_bureau: Bureau, intake: Intake, inspector: Inspector
) -> None:
    """The old content's acts stay on file and count no more; the new one's do."""
    first = inspector.observe()
    amendment = inspector.amend(first, record_id(0xC4))
    inspector.push(intake, first, amendment)
    make(any_bureau, RulingKind.REJECT, amendment)
    again, good = inspector.observe(record_id(0xC4)), inspector.observe()
    assert outcomes(inspector.push(intake, again, good)) == ["stored", "stored"]
    assert acts_counted(any_bureau) == 3
    assert verified(any_bureau).faults == []


@pytest.mark.parametrize("is_first_rejected", [True, False])
def test_of_an_amendment_and_an_observation_with_one_id_either_can_be_rejected(
    any_bureau: Bureau,
    intake: Intake,
    inspector: Inspector,
    is_first_rejected: bool,
) -> None:
    first = inspector.observe()
    amendment = inspector.amend(first, record_id(0xC5))
    inspector.push(intake, first, amendment)
    nothing = {"id": "v1", "code": "NV-000", "goods": []}
    other = inspector.observe(record_id(0xC5), violations=[nothing])
    assert outcomes(inspector.push(intake, other)) == ["conflict"]
    make(any_bureau, RulingKind.REJECT, amendment if is_first_rejected else other)
    assert verified(any_bureau).faults == []
    make(any_bureau, RulingKind.REJECT, other if is_first_rejected else amendment)
    make(any_bureau, RulingKind.ACCEPT, amendment if is_first_rejected else other)
    assert acts_counted(any_bureau) == 1
    assert verified(any_bureau).faults == []


def test_an_id_with_two_contents_must_be_named_by_hash(
    any_bureau: Bureau, intake: Intake, inspector: Inspector
) -> None:
    one = inspector.observe(record_id(0xC3), campaign="one")
    other = inspector.observe(record_id(0xC3), campaign="other")
    inspector.push(intake, one, other)
    with pytest.raises(RulingRefused, match=one.hash) as refusal:
        quarantine.reject(any_bureau, one.id, "重复", OFFICIAL)
    assert refusal.value.code == "ruling-needs-hash"
    quarantine.reject(any_bureau, other.hash, "重复", OFFICIAL)
    assert column(any_bureau, observation.c.campaign, observation.c.id) == ["one"]


def test_a_duplicate_does_not_count_and_can_be_taken_back(
    any_bureau: Bureau, intake: Intake, inspector: Inspector
) -> None:
    one, again = inspector.observe(), inspector.observe()
    inspector.push(intake, one, again)
    make(any_bureau, RulingKind.DUPLICATE_OF, again, one)
    assert statuses(any_bureau)[again.id] == ("excluded", False)
    assert statuses(any_bureau)[one.id] == ("current", True)
    make(any_bureau, RulingKind.ACCEPT, again)
    assert statuses(any_bureau)[again.id] == ("current", True)


def test_two_observations_cannot_be_each_others_duplicate(
    any_bureau: Bureau, intake: Intake, inspector: Inspector
) -> None:
    one, again = inspector.observe(), inspector.observe()
    inspector.push(intake, one, again)
    make(any_bureau, RulingKind.DUPLICATE_OF, again, one)
    with pytest.raises(RulingRefused) as refusal:
        make(any_bureau, RulingKind.DUPLICATE_OF, one, again)
    assert refusal.value.code == "ruling-target"
    assert statuses(any_bureau)[one.id] == ("current", True)


def test_an_observation_withdrawn_by_the_office_stays_so_when_it_is_amended(
    any_bureau: Bureau, intake: Intake, inspector: Inspector
) -> None:
    sealed = inspector.observe()
    inspector.push(intake, sealed)
    make(any_bureau, RulingKind.WITHDRAW, sealed)
    assert statuses(any_bureau) == {sealed.id: ("withdrawn", False)}
    inspector.push(intake, inspector.amend(sealed))
    assert statuses(any_bureau) == {sealed.id: ("withdrawn", False)}


def test_a_dispute_is_resolved_by_naming_the_amendment_that_holds(
    any_bureau: Bureau, intake: Intake, inspector: Inspector
) -> None:
    first = inspector.observe()
    one = inspector.amend(first, campaign="one")
    other = inspector.amend(first, campaign="other")
    inspector.push(intake, first, one, other)
    make(any_bureau, RulingKind.RESOLVE, first, other)
    assert statuses(any_bureau) == {first.id: ("current", True)}
    assert column(any_bureau, observation.c.campaign, observation.c.id) == ["other"]


def test_the_newest_word_on_a_dispute_holds_wherever_its_row_lies(
    any_bureau: Bureau,
) -> None:
    """A database that was put back, or vacuumed, returns rows in another order."""
    row = {"record_id": "disputed", "kind": "resolve", "reason": "x", "made_by": "x"}
    row |= {"made_at": "2023"}
    with writing(any_bureau.engine) as connection:
        for position, target in ((9, "newer"), (8, "older")):
            named = {"id": str(position), "position": position, "target_id": target}
            connection.execute(ruling.insert().values(row | named))
        found = SqlLedger(connection).resolutions(["disputed"])
    assert found == {"disputed": "newer"}


def test_a_dispute_is_not_resolved_by_a_stranger(
    any_bureau: Bureau, intake: Intake, inspector: Inspector
) -> None:
    first, stranger = inspector.observe(), inspector.observe()
    inspector.push(intake, first, stranger)
    with pytest.raises(RulingRefused) as refusal:
        make(any_bureau, RulingKind.RESOLVE, first, stranger)
    assert refusal.value.code == "ruling-target"


def test_a_body_that_fits_no_schema_is_never_accepted(
    any_bureau: Bureau, intake: Intake, inspector: Inspector
) -> None:
    sealed = inspector.observe(unheard_of=1)
    inspector.push(intake, sealed)
    with pytest.raises(RulingRefused) as refusal:
        make(any_bureau, RulingKind.ACCEPT, sealed)
    assert refusal.value.code == "ruling-body"
    assert standings(any_bureau) == ["quarantined"]


@pytest.mark.parametrize("reason", ["", "  ", "x" * 2001, "a\0b"])
def test_a_ruling_has_a_reason(
    any_bureau: Bureau, intake: Intake, inspector: Inspector, reason: str
) -> None:
    sealed = inspector.observe()
    inspector.push(intake, sealed)
    with pytest.raises(RulingRefused) as refusal:
        make(any_bureau, RulingKind.REJECT, sealed, reason=reason)
    assert refusal.value.code == "ruling-reason"


def test_what_is_not_held_cannot_be_ruled_on(
    any_bureau: Bureau, inspector: Inspector
) -> None:
    with pytest.raises(NotHeld):
        make(any_bureau, RulingKind.REJECT, inspector.observe())


def test_the_list_names_what_waits_for_an_official_with_field_and_reason(
    any_bureau: Bureau, intake: Intake, inspector: Inspector
) -> None:
    faulty = inspector.observe(unheard_of=1)
    parked = inspector.amend(inspector.observe())
    inspector.push(intake, faulty, parked)
    with reading(any_bureau.engine) as connection:
        (line,) = quarantine.list_set_aside(connection)
    assert (line.id, line.code, line.field) == (
        faulty.id,
        "schema-fault",
        "unheard_of",
    )
    assert line.reason_zh
    assert line.reason_en


def test_a_field_named_to_command_the_officials_terminal_is_shown_without_it(
    any_bureau: Bureau, intake: Intake, inspector: Inspector
) -> None:
    named = {"\x1b]0;accepted\x07\x9b2J\u202e": 1}
    inspector.push(intake, inspector.observe(**named))
    with reading(any_bureau.engine) as connection:
        (line,) = quarantine.list_set_aside(connection)
    assert line.field == "\ufffd]0;accepted\ufffd\ufffd2J\ufffd"


def test_a_conflict_and_a_fork_are_on_the_list_too(
    any_bureau: Bureau, intake: Intake, inspector: Inspector
) -> None:
    clone = inspector.clone()
    inspector.push(intake, inspector.observe(), clone.observe())
    with reading(any_bureau.engine) as connection:
        lines = quarantine.list_set_aside(connection)
    assert [line.standing for line in lines] == ["fork", "fork"]
