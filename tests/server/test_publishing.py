"""Reference: immutable documents by hash under a manifest whose serial only grows."""

import gzip
import hashlib
import json
from datetime import date, timedelta

import pytest
import sqlalchemy as sa
from bureau_rig import Clock, Device, problem_of
from flask.testing import FlaskClient

from geo.area import area_from_document
from geo.package_data import default_area
from schemas.units import units_from_document
from server.bureau import Bureau
from server.database import reading, writing
from server.epochs import open_epoch
from server.initialising import initialise
from server.publishing import publish
from server.tables import area, reference_document, reference_manifest
from sync.reference import Manifest, is_document, open_manifest


def manifest_of(tablet: Device, min_serial: int = 0) -> Manifest:
    reply = tablet.get("/api/v1/reference")
    assert reply.status_code == 200
    key = tablet.bureau.key.verifying_key
    return open_manifest(reply.get_json()["manifest"], key, min_serial)


def document(tablet: Device, sha256: str, **headers: str) -> bytes:
    reply = tablet.get(f"/api/v1/reference/{sha256}", **headers)
    assert reply.status_code == 200
    assert reply.content_type == "application/json"
    assert "immutable" in reply.headers["Cache-Control"]
    return reply.data


def shrink_the_area(bureau: Bureau) -> None:
    """Import another version of the protected origin, as an official would."""
    terms = json.loads(default_area().document_bytes)
    terms["version"] = "2024-1"
    body = json.dumps(terms, ensure_ascii=False)
    with writing(bureau.engine) as connection:
        connection.execute(
            area.insert().values(
                right=default_area().right,
                version="2024-1",
                sha256=hashlib.sha256(body.encode()).hexdigest(),
                document=body,
                in_force_from="2024-01-01",
                supersedes=default_area().version,
                imported_at="2024-01-01T00:00:00.000Z",
            )
        )


def test_a_device_gets_all_it_needs_for_weeks_without_a_link(
    any_tablet: Device,
) -> None:
    manifest = manifest_of(any_tablet)
    kinds = {ref.kind for ref in manifest.documents}
    assert {"area", "counties", "codes", "units", "seasons"} <= kinds
    for ref in manifest.documents:
        assert is_document(ref, document(any_tablet, ref.sha256)), ref.name


def test_the_documents_are_what_the_lower_rooms_read(tablet: Device) -> None:
    by_kind = {ref.kind: ref for ref in manifest_of(tablet).documents}
    origin = area_from_document(json.loads(document(tablet, by_kind["area"].sha256)))
    assert (origin.right, origin.confirmed) == ("gannan-navel-orange", False)
    assert origin.sha256 == by_kind["area"].sha256
    assert origin.is_in_force(date(2023, 12, 2))
    units = units_from_document(json.loads(document(tablet, by_kind["units"].sha256)))
    assert len(units) == 20
    counties = json.loads(document(tablet, by_kind["counties"].sha256))
    assert len(counties["features"]) == 18 + 77


def test_a_thin_link_gets_the_counties_gzipped(tablet: Device) -> None:
    by_kind = {ref.kind: ref for ref in manifest_of(tablet).documents}
    ref = by_kind["counties"]
    packed = document(tablet, ref.sha256, **{"Accept-Encoding": "gzip"})
    assert is_document(ref, gzip.decompress(packed))
    assert len(packed) < ref.bytes / 2


def test_nothing_changed_keeps_the_serial(
    any_bureau: Bureau, any_tablet: Device, clock: Clock
) -> None:
    before = manifest_of(any_tablet)
    clock.forward(days=30)
    initialise(any_bureau.settings, clock)
    with writing(any_bureau.engine) as connection:
        serial = publish(connection, any_bureau.key, clock())
    assert serial == before.serial


def test_a_new_area_gets_a_new_serial_and_the_old_document_stays(
    any_bureau: Bureau, any_tablet: Device, clock: Clock
) -> None:
    before = manifest_of(any_tablet)
    shrink_the_area(any_bureau)
    clock.forward(minutes=1)
    with writing(any_bureau.engine) as connection:
        publish(connection, any_bureau.key, clock())
    after = manifest_of(any_tablet, before.serial)
    assert after.serial > before.serial
    names = {ref.name for ref in after.documents}
    assert "area/gannan-navel-orange/2024-1" in names
    for ref in before.documents:
        assert is_document(ref, document(any_tablet, ref.sha256))


def test_after_a_restore_devices_still_take_the_manifest(
    any_bureau: Bureau, any_tablet: Device, clock: Clock
) -> None:
    """The restored database forgot the serials that devices hold."""
    first = manifest_of(any_tablet)
    clock.forward(minutes=5)
    shrink_the_area(any_bureau)
    with writing(any_bureau.engine) as connection:
        lost = publish(connection, any_bureau.key, clock())
    assert lost > first.serial
    clock.forward(minutes=5)
    with writing(any_bureau.engine) as connection:
        newest = reference_manifest.c.serial == lost
        connection.execute(reference_manifest.delete().where(newest))
        connection.execute(area.delete().where(area.c.version == "2024-1"))
        open_epoch(connection, "restore", clock())
    after = manifest_of(any_tablet, min_serial=lost)
    assert after.serial > lost
    assert after.documents == first.documents


def test_a_clock_set_back_does_not_hide_the_manifest(
    bureau: Bureau, tablet: Device, clock: Clock
) -> None:
    clock.forward(minutes=30)
    with writing(bureau.engine) as connection:
        open_epoch(connection, "restore", clock())
    clock.forward(minutes=-20)
    serial = manifest_of(tablet).serial
    assert manifest_of(tablet).serial == serial


def test_an_official_area_is_not_overwritten_by_the_shipped_one(
    bureau: Bureau, clock: Clock
) -> None:
    shrink_the_area(bureau)
    with writing(bureau.engine) as connection:
        connection.execute(area.delete().where(area.c.version != "2024-1"))
    initialise(bureau.settings, clock)
    with reading(bureau.engine) as connection:
        assert connection.scalars(sa.select(area.c.version)).all() == ["2024-1"]


def test_a_document_that_never_was_is_a_problem(tablet: Device) -> None:
    reply = tablet.get(f"/api/v1/reference/{'0' * 64}")
    assert reply.status_code == 404
    assert problem_of(reply) == "document-unknown"


@pytest.mark.parametrize("path", ["/api/v1/reference", f"/api/v1/reference/{'0' * 64}"])
def test_only_devices_read_the_reference(http: FlaskClient, path: str) -> None:
    assert problem_of(http.get(path)) == "token-missing"


def test_a_document_is_kept_once(bureau: Bureau, clock: Clock) -> None:
    initialise(bureau.settings, lambda: clock() + timedelta(days=1))
    with reading(bureau.engine) as connection:
        rows = connection.execute(sa.select(reference_document)).all()
    assert len({row.sha256 for row in rows}) == len(rows)
    assert all(
        hashlib.sha256(row.body.encode()).hexdigest() == row.sha256 for row in rows
    )
