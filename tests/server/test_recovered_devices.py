"""A device that a restore forgot: what it sends waits, and an official decides."""

from typing import Any

import pytest
import sqlalchemy as sa
from bureau_rig import Clock
from inspector import Inspector, outcomes

from server import quarantine
from server.bureau import Bureau
from server.database import reading, writing
from server.devices import revoke_device
from server.intake import Intake
from server.keys import kept_revocations
from server.tables import device, observation, record
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


def forgotten(bureau: Bureau, intake: Intake, inspector: Inspector) -> Sealed:
    """Let a restored database forget the device, and the device push a record."""
    with writing(bureau.engine) as connection:
        connection.exec_driver_sql("UPDATE enrolment_code SET device_id = NULL")
        connection.execute(device.delete())
    sealed = inspector.observe()
    reply = inspector.push(intake, sealed)
    assert [(str(i.outcome), i.code) for i in reply.items] == [
        ("quarantined", "device-unknown")
    ]
    return sealed


def test_a_recovered_device_is_one_line_and_accepting_it_counts_its_records(
    any_bureau: Bureau, intake: Intake, inspector: Inspector
) -> None:
    sealed = forgotten(any_bureau, intake, inspector)
    with reading(any_bureau.engine) as connection:
        (line,) = quarantine.list_set_aside(connection)
    assert (line.id, line.records) == (inspector.id, 1)
    quarantine.accept(any_bureau, inspector.id, "设备在手", OFFICIAL)
    assert statuses(any_bureau) == {sealed.id: ("current", True)}
    assert outcomes(inspector.push(intake, inspector.observe())) == ["stored"]
    with reading(any_bureau.engine) as connection:
        assert quarantine.list_set_aside(connection) == []


def test_a_rejected_recovered_device_never_counts_and_stays_revoked(
    any_bureau: Bureau, intake: Intake, inspector: Inspector, clock: Clock
) -> None:
    forgotten(any_bureau, intake, inspector)
    quarantine.reject(any_bureau, inspector.id, "设备被盗", OFFICIAL)
    reply = inspector.push(intake, inspector.observe())
    assert [item.code for item in reply.items] == ["device-revoked"]
    assert standings(any_bureau) == ["quarantined", "quarantined"]
    assert statuses(any_bureau) == {}
    assert inspector.id in kept_revocations(any_bureau.settings.keys_folder)


def test_revoking_a_recovered_device_lets_nothing_of_it_count(
    any_bureau: Bureau, intake: Intake, inspector: Inspector
) -> None:
    """Nobody has confirmed it yet: to take trust away cannot give it any."""
    forgotten(any_bureau, intake, inspector)
    revoke_device(any_bureau, inspector.id)
    assert standings(any_bureau) == ["quarantined"]
    assert statuses(any_bureau) == {}
