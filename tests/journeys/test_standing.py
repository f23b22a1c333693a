"""Who is believed, and for how long: devices, servers, clocks and backups."""

import json
import shutil
from datetime import timedelta
from pathlib import Path

import pytest
from journeys.conftest import enrol_over, new_device
from journeys.field_device import FieldDevice
from journeys.hostile_proxy import HostileProxy, LoseReply
from journeys.served import ServedBureau

from fieldkit.bundle import contents_of, write_bundle
from fieldkit.enrolment import ServerMistaken
from fieldkit.exit_codes import ExitCode
from fieldkit.link.http import over_http
from fieldkit.link.transport import RequestRefused, SignInRefused
from fieldkit.outbox import open_outbox
from fieldkit.photos import PhotoStore
from fieldkit.reference_store import ReferenceStore
from server.bundle_import import import_bundle
from server.devices import TrustedUntil, revoke_device
from server.tables import observation
from server.tables import record as record_table
from sync.jws import parse

PHOTO = b"\xff\xd8\xff" + b"orange" * 100


def test_a_lost_reply_to_enrolling_leaves_one_device(
    served: ServedBureau, proxy: HostileProxy, tmp_path: Path, unpaused: None
) -> None:
    device = new_device(tmp_path / "tablet")
    proxy.rule("POST", "/devices$", LoseReply(), times=2)
    enrol_over(device, proxy.url, served.new_code())
    assert proxy.count("POST", "/devices$") == 3
    assert len(served.devices) == 1
    record = device.record()
    device.sync()
    assert served.held == [record]


def test_enrolling_again_with_the_same_code_gives_the_same_identity(
    served: ServedBureau, tmp_path: Path, unpaused: None
) -> None:
    device, code = new_device(tmp_path / "tablet"), served.new_code()
    with device.open_transport(served.url) as transport:
        first = device.enrol(transport, code, url=served.url)
        second = device.enrol(transport, code.lower().replace("-", ""), url=served.url)
    assert first.identity.device_id == second.identity.device_id
    assert first.device_thumbprint == second.device_thumbprint
    assert len(served.devices) == 1


def test_a_code_lets_only_one_device_in(
    served: ServedBureau, tmp_path: Path, unpaused: None
) -> None:
    code = served.new_code()
    enrol_over(new_device(tmp_path / "first"), served.url, code)
    with pytest.raises(RequestRefused) as refusal:
        enrol_over(new_device(tmp_path / "second"), served.url, code)
    assert refusal.value.problem_code == "code-used"
    assert refusal.value.message.zh


def test_a_server_with_another_key_than_the_code_names_is_refused(
    served: ServedBureau, tmp_path: Path, unpaused: None
) -> None:
    device = new_device(tmp_path / "tablet")
    with (
        device.open_transport(served.url) as transport,
        pytest.raises(ServerMistaken) as refusal,
    ):
        device.enrol(transport, served.new_code(), thumbprint="x" * 43)
    assert served.bureau.key.thumbprint in refusal.value.message.zh
    assert served.devices == []


def test_an_impostor_at_the_servers_address_gets_no_record(
    served: ServedBureau, proxy: HostileProxy, tablet: FieldDevice, tmp_path: Path
) -> None:
    record = tablet.record()
    with ServedBureau(tmp_path / "impostor") as impostor:
        report = tablet.sync(
            lambda _url: over_http(impostor.url, lambda: 0.0, lambda _s, _e: None)
        )
        assert isinstance(report.stopped, SignInRefused)
        assert impostor.held == []
    assert report.exit_code is ExitCode.SIGN_IN_REFUSED
    assert tablet.states == {record: "sealed"}
    assert tablet.sync().outcomes == {"stored": 1}


def test_a_device_of_one_bureau_does_not_enrol_with_another(
    served: ServedBureau, tablet: FieldDevice, tmp_path: Path
) -> None:
    with (
        ServedBureau(tmp_path / "other") as other,
        pytest.raises(ServerMistaken) as refusal,
    ):
        enrol_over(tablet, other.url, other.new_code())
    assert "FIELDKIT_HOME" in refusal.value.message.en


def test_an_expired_sign_in_is_renewed_by_signature(
    served: ServedBureau, proxy: HostileProxy, tablet: FieldDevice
) -> None:
    record = tablet.record()
    served.clock.forward(days=40)
    assert tablet.sync().outcomes == {"stored": 1}
    assert proxy.count("POST", "/devices/token$") == 1
    assert served.held == [record]


def test_a_revoked_device_is_told_so_in_words_and_loses_nothing(
    served: ServedBureau, tablet: FieldDevice
) -> None:
    """Lesson 11 (Cadasta#1036)."""
    trusted = tablet.record()
    tablet.sync()
    row = tablet.records[trusted]
    revoke_device(served.bureau, served.devices[0], TrustedUntil(row.seq, row.hash))
    served.clock.forward(days=1)
    later = tablet.record(PHOTO)
    report = tablet.sync()
    assert report.stopped is None
    (trouble,) = report.troubles
    assert (trouble.outcome, trouble.code) == ("quarantined", "device-revoked")
    assert trouble.reason is not None
    assert "吊销" in trouble.reason.zh
    assert served.held == [trusted, later]
    assert served.counted == {trusted}
    # That its photographs are complete does not hide how the record stands.
    assert tablet.sync().events == 1
    assert tablet.records[later].status == "quarantined"
    assert tablet.records[later].code == "device-revoked"
    assert tablet.photo_counts(later) == (1, 1)


@pytest.mark.parametrize("years", [-10, 10])
def test_a_clock_ten_years_off_hinders_nothing(
    served: ServedBureau, tmp_path: Path, unpaused: None, years: int
) -> None:
    """Lesson 27 (mapeo-core#55, cht-core#6284): clocks never reject."""
    device = new_device(tmp_path / "tablet")
    device.offset = timedelta(days=365 * years)
    enrol_over(device, served.url, served.new_code())
    by_gnss = device.record()
    assert device.sync().outcomes == {"stored": 1}
    by_clock = device.record(
        observed_at=(device.clock().now).isoformat(),
        site={"premises_type": "shop", "fix": None, "no_fix_reason": "室内"},
    )
    assert device.sync().outcomes == {"stored": 1}
    acted_on = dict(served.rows(observation, "id", "acted_on"))
    assert acted_on[by_gnss] == "2023-12-02"
    # The server's clock of these tests stands at that very day.
    assert acted_on[by_clock] == "2023-12-02"
    clocks = {
        row[0]: json.loads(parse(row[1]).payload)["clock"]
        for row in served.rows(record_table, "id", "jws")
    }
    assert clocks[by_clock]["offset_source"] == "server"


def test_a_server_put_back_to_an_old_file_is_offered_again_what_it_lost(
    served: ServedBureau, tablet: FieldDevice, tmp_path: Path
) -> None:
    """Lesson 10 (cht-core#8093): restored behind everybody's back."""
    kept = tablet.record(PHOTO)
    tablet.sync()
    served.stop()
    old = tmp_path / "old.sqlite3"
    shutil.copy(served.database, old)
    served.start()
    lost = tablet.record(PHOTO + b"2")
    tablet.sync()
    late = new_device(tmp_path / "late")
    enrol_over(late, served.url, served.new_code())
    of_late = late.record()
    late.sync()
    served.stop()
    shutil.copy(old, served.database)
    served.start()
    assert served.held == [kept]
    report = tablet.sync()
    assert report.stopped is None
    assert report.epoch == 2
    assert report.offered_again == 2
    assert report.outcomes == {"replayed": 1, "stored": 1}
    assert served.held == [kept, lost]
    assert set(tablet.states.values()) == {"delivered"}
    assert tablet.photo_counts(lost) == (1, 1)
    assert tablet.sync().offered_again == 0
    # Enrolled after that backup too: its certificate speaks for it.
    late.sync()
    assert served.held == [kept, lost, of_late]
    assert late.states == {of_late: "delivered"}


def test_the_device_holds_the_servers_reference_and_knows_its_age(
    served: ServedBureau, tablet: FieldDevice
) -> None:
    tablet.sync()
    with ReferenceStore(tablet.home.outbox_path) as store:
        held = store.held(served.bureau.key.verifying_key)
        assert held is not None
        kinds = {ref.kind for ref in held.manifest.documents}
        assert {"area", "counties", "codes", "units", "seasons"} <= kinds
        assert all(store.body(ref) for ref in held.manifest.documents)
        assert held.age(tablet.clock().now + timedelta(days=21)).days == 21


def test_a_bundle_by_stick_and_a_sync_by_wire_make_one_record(
    served: ServedBureau, tablet: FieldDevice, tmp_path: Path
) -> None:
    """Lesson 14: the same records by the same idempotent path."""
    record = tablet.record(PHOTO)
    with open_outbox(tablet.home) as outbox:
        contents = contents_of(outbox, outbox.require_identity())
    stick = tmp_path / "stick.gi"
    photos = PhotoStore(tablet.home.photos_path)
    write_bundle(stick, contents, photos, tablet.clock().now)
    for _twice in range(2):
        imported = import_bundle(served.bureau, stick, lambda *_progress: None)
        assert imported.faults == []
    assert served.held == [record]
    assert imported.photographs_complete == 1
    assert tablet.states == {record: "sealed"}
    assert tablet.sync().outcomes == {"replayed": 1}
    assert tablet.states == {record: "delivered"}
    assert tablet.photo_counts(record) == (1, 1)
    assert served.held == [record]


def test_a_device_that_had_to_enrol_anew_still_delivers_its_old_records(
    served: ServedBureau, proxy: HostileProxy, tablet: FieldDevice
) -> None:
    """Lesson 12 (EarthRanger, ndb-core#4178): signing out wipes the queue."""
    old = tablet.record(PHOTO)
    enrol_over(tablet, proxy.url, served.new_code())
    new = tablet.record()
    report = tablet.sync()
    assert report.troubles == []
    assert sorted(served.held) == sorted([old, new])
    assert served.counted == {old, new}
    assert len(served.devices) == 2
    assert tablet.photo_counts(old) == (1, 1)


def test_a_cloned_outbox_is_told_to_enrol_anew(
    served: ServedBureau, tablet: FieldDevice, tmp_path: Path
) -> None:
    shutil.copytree(tablet.home.path, tmp_path / "clone")
    clone = new_device(tmp_path / "clone")
    mine, theirs = tablet.record(), clone.record()
    tablet.sync()
    report = clone.sync()
    (trouble,) = report.troubles
    assert trouble.outcome == "fork"
    assert trouble.reason is not None
    assert sorted(served.held) == sorted([mine, theirs])
    assert served.counted == set()
    tablet.sync()
    assert tablet.records[mine].status == "fork"
