"""The read model says what the counting records say, with the verdicts they got."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa
from bureau_rig import Clock
from campaign import verified
from inspector import Inspector, outcomes

from geo.area import Area
from geo.package_data import default_area
from schemas.assessment import assess, shipped_reference
from server.bureau import Bureau
from server.database import reading, writing
from server.intake import Intake
from server.projection import SOFTWARE_VERSION
from server.tables import area, lot, lot_verdict, observation, violation
from server.tally.query import TallyQuery
from server.tally.tally import take_tally
from sync.clock import acted_on


@pytest.fixture
def intake(any_bureau: Bureau) -> Intake:
    return Intake(
        any_bureau.settings, any_bureau.engine, any_bureau.key, any_bureau.clock
    )


@pytest.fixture
def inspector(any_bureau: Bureau) -> Inspector:
    return Inspector(any_bureau)


def rows(bureau: Bureau, table: sa.Table) -> list[dict[str, Any]]:
    with reading(bureau.engine) as connection:
        return [
            dict(row)
            for row in connection.execute(
                sa.select(table).order_by(*table.primary_key.columns)
            ).mappings()
        ]


def in_force_from_2023(bureau: Bureau, tolerance_m: float) -> Area:
    """Import a version that supersedes the shipped one."""
    newer = replace(
        default_area(),
        version="2023-test",
        supersedes=default_area().version,
        in_force_from=date(2023, 1, 1),
        tolerance_m=tolerance_m,
    )
    with writing(bureau.engine) as connection:
        connection.execute(
            area.insert().values(
                right=newer.right,
                version=newer.version,
                sha256=newer.sha256,
                document=newer.document_bytes.decode(),
                in_force_from=newer.in_force_from.isoformat(),
                supersedes=newer.supersedes,
                imported_at="",
            )
        )
    return newer


def test_the_xunwu_case_is_told_as_the_device_would_tell_it(
    any_bureau: Bureau, intake: Intake, inspector: Inspector
) -> None:
    """Site inside, evidenced origin (尤溪) outside: the lot is outside."""
    sealed = inspector.observe()
    inspector.push(intake, sealed)
    (seen,) = rows(any_bureau, observation)
    assert (seen["county_code"], seen["county_kind"]) == ("360734", "member")
    assert (seen["acted_on"], seen["status"], seen["counts"]) == (
        "2023-12-02",
        "current",
        True,
    )
    (verdict,) = rows(any_bureau, lot_verdict)
    assert (verdict["verdict"], verdict["basis"]) == ("outside", "admin-code")
    (act,) = rows(any_bureau, violation)
    assert (act["code"], bool(act["counts_as_act"])) == ("TM-202", True)
    (goods,) = rows(any_bureau, lot)
    assert (goods["product"], goods["verdict"]) == ("gannan-navel-orange", "outside")


def test_a_verdict_names_the_area_the_formula_and_the_software_it_rests_on(
    any_bureau: Bureau, intake: Intake, inspector: Inspector
) -> None:
    inspector.push(intake, inspector.observe())
    (verdict,) = rows(any_bureau, lot_verdict)
    shipped = default_area()
    assert verdict["area_version"] == shipped.version
    assert verdict["area_sha256"] == shipped.sha256
    assert verdict["formula_version"] == "origin-1"
    assert verdict["software_version"] == SOFTWARE_VERSION
    assert verdict["adopted"]


def test_the_servers_verdict_is_the_devices_advice(
    any_bureau: Bureau, intake: Intake, inspector: Inspector
) -> None:
    """One rule for both: a difference would itself be a finding."""
    body = inspector.body(site={**inspector.body()["site"], "premises_type": "orchard"})
    payload = {"body": body, "clock": {}}
    advice = assess(body, acted_on(payload), shipped_reference())
    inspector.push(intake, inspector.seal("observation", None, None, body))
    (verdict,) = rows(any_bureau, lot_verdict)
    (advised,) = advice.lots
    assert (verdict["verdict"], verdict["distance_m"], verdict["band_m"]) == (
        str(advised.verdict),
        advised.distance_m,
        advised.band_m,
    )
    assert verdict["origin_index"] == -1


def test_an_area_imported_later_changes_no_verdict_that_was_given(
    any_bureau: Bureau, intake: Intake, inspector: Inspector
) -> None:
    inspector.push(intake, inspector.observe())
    before = rows(any_bureau, lot_verdict)
    newer = in_force_from_2023(any_bureau, tolerance_m=10.0)
    inspector.push(intake, inspector.observe())
    after = rows(any_bureau, lot_verdict)
    assert before[0] in after
    versions = {(row["area_version"], row["area_sha256"]) for row in after}
    assert versions == {
        (default_area().version, default_area().sha256),
        (newer.version, newer.sha256),
    }


def test_an_amendment_takes_the_place_of_what_it_amends(
    any_bureau: Bureau, intake: Intake, inspector: Inspector
) -> None:
    first = inspector.observe()
    act = {"id": "v1", "code": "NV-000", "goods": []}
    second = inspector.amend(first, violations=[act])
    inspector.push(intake, first)
    inspector.push(intake, second)
    (seen,) = rows(any_bureau, observation)
    assert (seen["id"], seen["version_id"]) == (first.id, second.id)
    acts = rows(any_bureau, violation)
    assert [(row["version_position"], row["counts_as_act"]) for row in acts] == [
        (1, True),
        (2, False),
    ]


def test_an_act_found_not_established_is_counted_no_more(
    any_bureau: Bureau, intake: Intake, inspector: Inspector
) -> None:
    first = inspector.observe()
    (act,) = inspector.body()["violations"]
    ruled_out = {**act, "state": "not_established"}
    inspector.push(intake, first)
    inspector.push(intake, inspector.amend(first, violations=[ruled_out]))
    with reading(any_bureau.engine) as connection:
        total = take_tally(connection, TallyQuery()).total
    assert (total["observations"], total["acts"], total["primary_acts"]) == (1, 0, 0)
    assert not any(total[name] for name in total if "violations_" in name)
    assert verified(any_bureau).faults == []


def test_observation_and_amendment_in_one_batch_count_once(
    any_bureau: Bureau, intake: Intake, inspector: Inspector
) -> None:
    first = inspector.observe()
    inspector.push(intake, inspector.amend(first), first)
    assert len(rows(any_bureau, observation)) == 1


def test_a_withdrawal_stops_the_count_and_keeps_the_row(
    any_bureau: Bureau, intake: Intake, inspector: Inspector
) -> None:
    first = inspector.observe()
    inspector.push(intake, first)
    inspector.push(intake, inspector.withdraw(first))
    (seen,) = rows(any_bureau, observation)
    assert (seen["status"], bool(seen["counts"])) == ("withdrawn", False)


def test_an_amended_withdrawal_counts_again(
    any_bureau: Bureau, intake: Intake, inspector: Inspector
) -> None:
    first = inspector.observe()
    withdrawal = inspector.withdraw(first)
    back = inspector.amend(withdrawal, campaign="again")
    for record in (first, withdrawal, back):
        inspector.push(intake, record)
    (seen,) = rows(any_bureau, observation)
    assert (seen["status"], seen["campaign"]) == ("current", "again")


def test_two_amendments_of_one_version_dispute_it_and_it_stays(
    any_bureau: Bureau, intake: Intake, inspector: Inspector
) -> None:
    first = inspector.observe()
    one, other = inspector.amend(first), inspector.amend(first)
    assert outcomes(inspector.push(intake, first, one, other)) == ["stored"] * 3
    (seen,) = rows(any_bureau, observation)
    assert (seen["status"], seen["version_id"], bool(seen["counts"])) == (
        "disputed",
        first.id,
        True,
    )


def test_a_record_without_a_position_is_not_dropped(
    any_bureau: Bureau, intake: Intake, inspector: Inspector
) -> None:
    site = {**inspector.body()["site"], "fix": None, "no_fix_reason": "室内无信号"}
    inspector.push(intake, inspector.observe(site=site))
    (seen,) = rows(any_bureau, observation)
    assert (seen["county_kind"], seen["county_code"]) == ("no_position", None)
    assert seen["counts"]


def test_the_day_is_shanghais(
    any_bureau: Bureau, intake: Intake, inspector: Inspector, clock: Clock
) -> None:
    site = inspector.body()["site"]
    site["fix"] |= {"fixed_at": "2023-12-02T16:30:00Z"}
    inspector.push(intake, inspector.observe(site=site))
    (seen,) = rows(any_bureau, observation)
    assert seen["acted_on"] == "2023-12-03"


def test_the_reference_is_read_anew_only_when_an_area_changed(
    any_bureau: Bureau, intake: Intake
) -> None:
    references = intake._references
    with reading(any_bureau.engine) as connection:
        before = references.current(connection)
        assert references.current(connection) is before
    in_force_from_2023(any_bureau, tolerance_m=10.0)
    with reading(any_bureau.engine) as connection:
        after = references.current(connection)
    assert after is not before
    assert after.areas.get("gannan-navel-orange", "2023-test") is not None
