"""Devices: listed without their officers, and revoked without losing evidence."""

import json
from typing import Any

import pytest
import sqlalchemy as sa
from bureau_rig import Device, device_key, new_code, offer
from flask.testing import FlaskClient

from server.bureau import Bureau
from server.database import writing
from server.devices import (
    TrustedUntil,
    apply_kept_revocations,
    list_devices,
    revoke_device,
)
from server.errors import NotHeld
from server.keys import kept_revocations
from server.tables import device
from sync.record import Sealed


def outcomes(tablet: Device, *records: Sealed) -> list[str]:
    items: list[dict[str, Any]] = tablet.push(*records).get_json()["items"]
    return [item["outcome"] for item in items]


def statuses(tablet: Device) -> list[tuple[str, str]]:
    page = tablet.get("/api/v1/records/status").get_json()
    return [(event["id"], event["status"]) for event in page["events"]]


def test_the_list_shows_keys_and_states_but_no_officer(
    any_tablet: Device, any_bureau: Bureau
) -> None:
    (row,) = list_devices(any_bureau)
    assert row["id"] == any_tablet.id
    assert row["thumbprint"] == any_tablet.key.thumbprint
    assert (row["unit_code"], row["unit_name"]) == ("360734", "寻乌县")
    assert row["state"] == "active"
    assert "张三" not in json.dumps(row, ensure_ascii=False)


def test_what_was_held_stays_and_what_comes_later_is_quarantined(
    any_tablet: Device, any_bureau: Bureau
) -> None:
    """Lesson 11: quarantined, not lost."""
    before, after = any_tablet.seal(), any_tablet.seal()
    assert outcomes(any_tablet, before) == ["stored"]
    assert revoke_device(any_bureau, any_tablet.id) == 0
    reply = any_tablet.push(after).get_json()
    assert reply["items"][0]["outcome"] == "quarantined"
    assert reply["items"][0]["code"] == "device-revoked"
    assert len(reply["receipts"]) == 1
    assert outcomes(any_tablet, before) == ["replayed"]


def test_only_the_ancestors_of_the_last_trusted_record_stay_trusted(
    any_tablet: Device, any_bureau: Bureau
) -> None:
    first, second, third = (any_tablet.seal() for _ in range(3))
    outcomes(any_tablet, first, second, third)
    trusted = TrustedUntil(second.seq, second.hash)
    assert revoke_device(any_bureau, any_tablet.id, trusted) == 1
    assert statuses(any_tablet) == [(third.id, "quarantined")]


def test_a_second_revocation_gives_back_no_trust(
    any_tablet: Device, any_bureau: Bureau
) -> None:
    first, second = any_tablet.seal(), any_tablet.seal()
    outcomes(any_tablet, first, second)
    revoke_device(any_bureau, any_tablet.id, TrustedUntil(first.seq, first.hash))
    assert revoke_device(any_bureau, any_tablet.id) == 0
    assert statuses(any_tablet) == [(second.id, "quarantined")]


def test_a_second_revocation_gives_back_no_trust_that_the_database_forgot(
    any_tablet: Device, any_bureau: Bureau
) -> None:
    """The database was put back as a file: it knows of no revocation."""
    first, second = any_tablet.seal(), any_tablet.seal()
    outcomes(any_tablet, first, second)
    with writing(any_bureau.engine) as connection:
        before = connection.execute(sa.select(device)).mappings().one()
    revoke_device(any_bureau, any_tablet.id, TrustedUntil(first.seq, first.hash))
    with writing(any_bureau.engine) as connection:
        connection.execute(device.update().values(**before))
    revoke_device(any_bureau, any_tablet.id)
    kept = kept_revocations(any_bureau.settings.keys_folder)[any_tablet.id]
    assert (kept.trusted_seq, kept.trusted_hash) == (first.seq, first.hash)
    assert list_devices(any_bureau)[0]["trusted_seq"] == first.seq


def test_a_hash_that_is_not_at_that_seq_is_refused(
    tablet: Device, bureau: Bureau
) -> None:
    outcomes(tablet, tablet.seal())
    with pytest.raises(NotHeld) as refusal:
        revoke_device(bureau, tablet.id, TrustedUntil(1, "0" * 64))
    assert refusal.value.code == "record-unknown"
    assert kept_revocations(bureau.settings.keys_folder) == {}


def test_a_device_that_never_was_cannot_be_revoked(bureau: Bureau) -> None:
    with pytest.raises(NotHeld) as refusal:
        revoke_device(bureau, "nobody")
    assert refusal.value.code == "device-unknown"


def test_a_revocation_outlives_a_restore_of_the_database(
    any_tablet: Device, any_bureau: Bureau
) -> None:
    """The database of yesterday believes that the device is trusted."""
    revoke_device(any_bureau, any_tablet.id)
    with writing(any_bureau.engine) as connection:
        connection.execute(device.update().values(state="active", revoked_at=None))
    apply_kept_revocations(any_bureau)
    assert outcomes(any_tablet, any_tablet.seal()) == ["quarantined"]
    assert list_devices(any_bureau)[0]["state"] == "revoked"


def test_a_later_revocation_outlives_a_restore_to_the_earlier_one(
    any_tablet: Device, any_bureau: Bureau
) -> None:
    first, second, third = (any_tablet.seal() for _ in range(3))
    outcomes(any_tablet, first, second, third)
    revoke_device(any_bureau, any_tablet.id, TrustedUntil(second.seq, second.hash))
    with writing(any_bureau.engine) as connection:
        before = connection.execute(sa.select(device)).mappings().one()
    revoke_device(any_bureau, any_tablet.id, TrustedUntil(first.seq, first.hash))
    with writing(any_bureau.engine) as connection:
        connection.execute(device.update().values(**before))
    apply_kept_revocations(any_bureau)
    assert list_devices(any_bureau)[0]["trusted_seq"] == first.seq


def test_a_device_enrols_anew_after_its_revocation(
    tablet: Device, http: FlaskClient, bureau: Bureau
) -> None:
    revoke_device(bureau, tablet.id)
    again = offer(http, bureau, device_key(2), new_code(bureau))
    assert again.status_code == 201
    assert again.get_json()["device_id"] != tablet.id
