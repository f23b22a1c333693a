"""A sync between a real device and a server in memory: what breaks, and what holds."""

import hashlib
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from journeys.field_device import FieldDevice
from journeys.memory_server import MemoryServer, key_of

from fieldkit.bundle import contents_of
from fieldkit.errors import NotEnrolled
from fieldkit.exit_codes import ExitCode
from fieldkit.link.transport import (
    LinkDown,
    ProtocolBroken,
    RequestRefused,
    ServerBusy,
    SignInRefused,
    TlsRefused,
    TransportError,
)
from fieldkit.outbox import open_outbox
from fieldkit.outbox.rows import PLACE, TEXT
from fieldkit.reference_store import ReferenceStore
from fieldkit.runner.contact import LAST_CONTACT
from fieldkit.runner.exchange import ReceiptNotBelieved
from fieldkit.runner.lock import SyncRunning, only_sync
from fieldkit.runner.report import Stage
from geo.errors import Message
from sync.parts import PART_BYTES

PHOTO = bytes(range(256)) * (PART_BYTES * 5 // 2 // 256)  # three parts
OTHER_PHOTO = b"\xff\xd8\xff" + b"orange" * 50


@pytest.fixture
def server() -> MemoryServer:
    return MemoryServer()


@pytest.fixture
def device(server: MemoryServer, tmp_path: Path) -> FieldDevice:
    """An enrolled device on a good link."""
    device = FieldDevice(tmp_path / "device", server.open)
    device.enrol(server, server.issue())
    server.calls.clear()
    return device


class Break:
    """Makes calls of one name fail, a number of times or always."""

    def __init__(self, name: str, error: TransportError, times: float = 1) -> None:
        self.name, self.error, self.times = name, error, times

    def __call__(self, name: str) -> None:
        if name == self.name and self.times > 0:
            self.times -= 1
            raise self.error


LOST = LinkDown("lost")


def test_a_recorded_observation_is_delivered_once(
    server: MemoryServer, device: FieldDevice
) -> None:
    first, second = device.record(), device.record()
    report = device.sync()
    assert report.stopped is None
    assert report.outcomes == {"stored": 2}
    assert server.held == [first, second]
    assert device.states == {first: "delivered", second: "delivered"}
    assert report.exit_code is ExitCode.DONE


def test_a_sync_with_nothing_to_send_still_shows_the_newest_receipt(
    server: MemoryServer, device: FieldDevice
) -> None:
    device.record()
    device.sync()
    server.calls.clear()
    assert device.sync().outcomes == {}
    assert server.calls.count("push") == 1


def test_a_lost_reply_doubles_nothing(
    server: MemoryServer, device: FieldDevice
) -> None:
    """Lesson 1 (MerginMaps/mobile#3642, formhub#678)."""
    record = device.record()
    server.after = Break("push", LOST)
    report = device.sync()
    assert report.stopped is LOST
    assert report.exit_code is ExitCode.UNREACHABLE
    assert server.held == [record]
    assert device.states == {record: "sealed"}
    again = device.sync()
    assert again.outcomes == {"replayed": 1}
    assert again.troubles == []
    assert server.held == [record]
    assert device.states == {record: "delivered"}


def test_each_batch_is_kept_before_the_next_goes_out(
    server: MemoryServer, device: FieldDevice
) -> None:
    """Lesson 4: ids written back only when the loop ends; a crash re-posts all."""
    records = device.record_many(501)
    second_push = Break("push", LOST)
    server.before = lambda name: (
        second_push(name) if server.calls.count("push") == 2 else None
    )
    device.sync()
    states = device.states
    assert [states[record] for record in records] == ["delivered"] * 500 + ["sealed"]


def test_one_bad_record_among_500_blocks_nobody(
    server: MemoryServer, device: FieldDevice
) -> None:
    """Lesson 6 (enketo#1226, QField#3068)."""
    records = device.record_many(500)
    bad = records[250]
    spoil(device, bad)
    report = device.sync()
    assert report.outcomes == {"stored": 499, "refused": 1}
    assert report.exit_code is ExitCode.ITEMS_NOT_TAKEN
    (trouble,) = report.troubles
    assert (trouble.name, trouble.code) == (bad, "bad-signature")
    assert trouble.reason is not None
    assert "签名" in trouble.reason.zh
    assert device.states == dict.fromkeys(records, "delivered") | {bad: "refused"}
    server.calls.clear()
    assert device.sync().outcomes == {}


def test_a_photograph_goes_though_its_delivered_record_cannot_be_opened_any_more(
    server: MemoryServer, device: FieldDevice
) -> None:
    """A bad block under one row must not keep intact evidence here for ever."""
    record = device.record(PHOTO)
    server.before = Break("blob", LOST)
    device.sync()
    assert device.states == {record: "delivered"}
    with open_outbox(device.home) as outbox:
        with outbox._writing() as connection:
            connection.execute("UPDATE record SET envelope = x'00'")
        contents = contents_of(outbox, outbox.require_identity())
    assert [blob.sha256 for blob in contents.blobs] == [
        hashlib.sha256(PHOTO).hexdigest()
    ]
    assert device.sync().photos_sent == 1
    assert set(server.store.blobs.values()) == {PHOTO}


def spoil(device: FieldDevice, record_id: str) -> None:
    """Damage a sealed record's signature on the disk, as a failing disk does."""
    with open_outbox(device.home) as outbox, outbox._writing() as connection:
        (text,) = connection.execute(
            f"SELECT {TEXT} FROM record WHERE id = ?", (record_id,)
        ).fetchone()
        spoilt = text[:-3] + ("AAA" if not text.endswith("AAA") else "BBB")
        connection.execute(
            f"UPDATE record SET envelope = sealed(?, {PLACE}) WHERE id = ?",
            (spoilt, record_id),
        )


def test_a_batch_too_large_for_the_server_is_halved(
    server: MemoryServer, device: FieldDevice
) -> None:
    records = device.record_many(40)
    inner = server.push

    def push(token, compacts, last_receipt, certificate):  # type: ignore[no-untyped-def]
        if len(compacts) > 12:
            raise RequestRefused(413, "body-too-large", Message("过大", "too large"))
        return inner(token, compacts, last_receipt, certificate)

    server.push = push  # type: ignore[method-assign]
    assert device.sync().outcomes == {"stored": 40}
    assert server.held == records


def test_a_record_that_alone_is_too_large_is_told_and_passed_over(
    server: MemoryServer, device: FieldDevice
) -> None:
    small, large, last = (
        device.record(),
        device.record(note="长" * 3000),
        device.record(),
    )
    inner = server.push

    def push(token, compacts, last_receipt, certificate):  # type: ignore[no-untyped-def]
        if sum(map(len, compacts)) > 9000:
            raise RequestRefused(413, "body-too-large", Message("过大", "too large"))
        return inner(token, compacts, last_receipt, certificate)

    server.push = push  # type: ignore[method-assign]
    report = device.sync()
    assert device.states == {small: "delivered", large: "refused", last: "delivered"}
    assert [trouble.code for trouble in report.troubles] == ["body-too-large"]


@pytest.mark.parametrize(
    "error",
    [
        SignInRefused(Message("不认识", "not known")),
        TlsRefused("CERTIFICATE_VERIFY_FAILED"),
        ProtocolBroken("text/html"),
        RequestRefused(400, "body-malformed", Message("不符", "malformed")),
    ],
)
def test_a_fatal_error_is_not_repeated(
    server: MemoryServer, device: FieldDevice, error: TransportError
) -> None:
    """Lesson 7 (collect#1939): a fatal error is repeated 1,000 times."""
    device.record_many(3)
    server.before = Break("push", error, times=1000)
    report = device.sync()
    assert report.stopped is error
    assert server.calls.count("push") == 1
    assert report.exit_code in (ExitCode.SIGN_IN_REFUSED, ExitCode.PROTOCOL)
    assert set(device.states.values()) == {"sealed"}


def test_receipts_from_a_foreign_key_are_not_believed(
    server: MemoryServer, device: FieldDevice
) -> None:
    record = device.record()
    server.receipt_key = key_of("impostor")
    report = device.sync()
    assert isinstance(report.stopped, ReceiptNotBelieved)
    assert report.exit_code is ExitCode.PROTOCOL
    assert device.states == {record: "sealed"}
    assert device.records[record].outcome is None
    assert "回执" in report.stopped.message.zh


def test_stored_without_a_receipt_is_not_delivered(
    server: MemoryServer, device: FieldDevice
) -> None:
    record = device.record()
    server._receipts = lambda *_arguments: ()  # type: ignore[method-assign]
    report = device.sync()
    assert device.states == {record: "sealed"}
    assert [trouble.code for trouble in report.troubles] == ["no-receipt"]
    assert report.exit_code is ExitCode.ITEMS_NOT_TAKEN


def test_a_receipt_for_other_bytes_delivers_nothing(
    server: MemoryServer, device: FieldDevice
) -> None:
    first = device.record()
    device.sync()
    receipts = tuple(server.store.receipts.values())
    second = device.record()
    server._receipts = lambda *_arguments: receipts  # type: ignore[method-assign]
    device.sync()
    assert device.states == {first: "delivered", second: "sealed"}


def test_an_expired_sign_in_is_renewed_by_signature(
    server: MemoryServer, device: FieldDevice
) -> None:
    record = device.record()
    server.now += timedelta(days=30)
    report = device.sync()
    assert report.stopped is None
    assert device.states == {record: "delivered"}
    assert server.calls.count("token") == 1
    server.calls.clear()
    device.sync()
    assert server.calls.count("token") == 0


def test_a_device_whose_key_is_gone_still_sends_while_its_token_holds(
    server: MemoryServer, device: FieldDevice
) -> None:
    record = device.record()
    for key in device.home.keys_path.glob("*.signing"):
        key.unlink()
    device.sync()
    assert device.states == {record: "delivered"}
    server.now += timedelta(days=1)
    with pytest.raises(NotEnrolled):
        device.sync()


def test_a_revoked_device_is_told_so_in_words(
    server: MemoryServer, device: FieldDevice
) -> None:
    """Lesson 11 (Cadasta#1036): quarantined, not lost."""
    trusted = device.record()
    device.sync()
    server.revoke(next(iter(server.store.certificates)), trusted_seq=1)
    later = device.record()
    report = device.sync()
    assert report.outcomes == {"quarantined": 1}
    (trouble,) = report.troubles
    assert trouble.code == "device-revoked"
    assert trouble.reason is not None
    assert "吊销" in trouble.reason.zh
    assert not trouble.is_unsent
    assert server.held == [trusted, later]
    assert device.records[later].code == "device-revoked"


def test_what_became_of_a_record_later_is_read_from_the_feed(
    server: MemoryServer, device: FieldDevice
) -> None:
    records = [device.record() for _ in range(5)]
    device.sync()
    server.revoke(next(iter(server.store.certificates)), trusted_seq=1)
    report = device.sync()
    assert report.events == 4
    assert [device.records[record].status for record in records] == [
        "stored",
        *["quarantined"] * 4,
    ]
    assert device.sync().events == 0


def test_a_restored_server_is_offered_again_what_it_lost(
    server: MemoryServer, device: FieldDevice
) -> None:
    """Lesson 10 (cht-core#8093)."""
    first = device.record(PHOTO)
    device.sync()
    backup = server.backup()
    second = device.record(OTHER_PHOTO)
    device.sync()
    server.restore(backup)
    report = device.sync()
    assert report.epoch == 2
    assert report.offered_again == 2
    assert report.outcomes == {"replayed": 1, "stored": 1}
    assert server.held == [first, second]
    assert set(device.states.values()) == {"delivered"}
    assert set(server.store.blobs.values()) == {PHOTO, OTHER_PHOTO}
    assert device.photo_counts(second) == (1, 1)
    assert device.sync().offered_again == 0


def test_a_device_enrolled_after_the_backup_shows_its_certificate(
    server: MemoryServer, tmp_path: Path
) -> None:
    backup = server.backup()
    device = FieldDevice(tmp_path / "late", server.open)
    device.enrol(server, server.issue())
    record = device.record()
    device.sync()
    server.restore(backup)
    server.now += timedelta(days=1)
    device.sync()
    assert server.held == [record]


def test_only_one_sync_runs_at_a_time(
    server: MemoryServer, device: FieldDevice
) -> None:
    """Lesson 5 (formhub#678, enketo-express#432)."""
    device.record()
    refused: list[SyncRunning] = []

    def sync_meanwhile(name: str) -> None:
        if name == "push":
            with pytest.raises(SyncRunning) as refusal:
                device.sync()
            refused.append(refusal.value)

    server.before = sync_meanwhile
    assert device.sync().outcomes == {"stored": 1}
    assert server.calls.count("push") == 1
    assert "另一个同步" in refused[0].message.zh


def test_the_lock_goes_with_whoever_held_it(device: FieldDevice) -> None:
    with only_sync(device.home.sync_lock_path):
        pass
    assert device.sync().stopped is None


def test_a_device_that_never_enrolled_has_nobody_to_sync_with(tmp_path: Path) -> None:
    device = FieldDevice(tmp_path, MemoryServer().open)
    with pytest.raises(NotEnrolled):
        device.sync()


def test_photographs_follow_their_records_in_parts(
    server: MemoryServer, device: FieldDevice
) -> None:
    record = device.record(PHOTO, OTHER_PHOTO)
    report = device.sync()
    assert set(server.store.blobs.values()) == {PHOTO, OTHER_PHOTO}
    assert report.photos_sent == 2
    assert server.calls.index("push") < server.calls.index("put_part")
    assert server.calls.count("put_part") == 4
    assert device.photo_counts(record) == (2, 2)
    assert (Stage.PHOTOS, 2, 2) in device.stages


def test_what_is_sealed_meanwhile_goes_before_any_more_of_a_photograph(
    server: MemoryServer, device: FieldDevice
) -> None:
    device.record(PHOTO)
    sealed: list[str] = []

    def meanwhile(name: str) -> None:
        if name == "put_part" and not sealed:
            sealed.append(device.record(OTHER_PHOTO))

    server.after = meanwhile
    report = device.sync()
    photos = server.calls[server.calls.index("status") + 1 :]
    first = ["blob", "put_part", "push", "put_part", "put_part"]
    assert photos == [*first, "blob", "put_part"]
    assert set(device.states.values()) == {"delivered"}
    assert (report.outcomes, report.photos_sent) == ({"stored": 2}, 2)
    assert (Stage.RECORDS, 2, 2) in device.stages


def test_parts_that_arrived_do_not_go_again(
    server: MemoryServer, device: FieldDevice
) -> None:
    """Lesson 19 (pouchdb#6828): large uploads never finish."""
    device.record(PHOTO)
    third_part = Break("put_part", LOST)
    server.before = lambda name: (
        third_part(name) if server.calls.count("put_part") == 3 else None
    )
    assert device.sync().stopped is LOST
    server.calls.clear()
    report = device.sync()
    assert server.calls.count("put_part") == 1
    held_bytes = [volume.bytes for volume in device.volumes]
    assert held_bytes[-4:] == [0, 2 * PART_BYTES, len(PHOTO), len(PHOTO)]
    assert {volume.bytes_total for volume in device.volumes} == {len(PHOTO)}
    assert report.photo_bytes == len(PHOTO) - 2 * PART_BYTES
    assert list(server.store.blobs.values()) == [PHOTO]


def test_a_lost_photo_receipt_costs_one_question(
    server: MemoryServer, device: FieldDevice
) -> None:
    record = device.record(OTHER_PHOTO)
    server.after = Break("put_part", LOST)
    device.sync()
    assert device.photo_counts(record) == (0, 1)
    server.calls.clear()
    device.sync()
    assert device.photo_counts(record) == (1, 1)
    assert server.calls.count("put_part") == 0


def test_a_photo_missing_on_disk_is_told_and_the_others_go(
    server: MemoryServer, device: FieldDevice
) -> None:
    """Lesson 16 (QFieldCloud#468): a path with no file behind it."""
    record = device.record(PHOTO, OTHER_PHOTO)
    device.lose_photo(PHOTO)
    report = device.sync()
    assert device.states == {record: "delivered"}
    assert device.photo_counts(record) == (1, 2)
    (trouble,) = report.troubles
    assert trouble.code == "photo-missing"
    assert trouble.reason is not None
    assert "照片" in trouble.reason.zh
    assert report.exit_code is ExitCode.ITEMS_NOT_TAKEN


def test_a_photo_that_was_missing_goes_when_it_is_back(
    server: MemoryServer, device: FieldDevice
) -> None:
    record = device.record(PHOTO)
    place = device.lose_photo(PHOTO)
    device.sync()
    assert [trouble.code for trouble in device.sync().troubles] == ["photo-missing"]
    place.write_bytes(PHOTO)
    assert device.sync().troubles == []
    assert device.photo_counts(record) == (1, 1)


def test_a_photo_that_the_server_does_not_want_is_told_and_the_others_go(
    server: MemoryServer, device: FieldDevice
) -> None:
    record = device.record(PHOTO, OTHER_PHOTO)
    inner, unwanted = server.blob, hashlib.sha256(PHOTO).hexdigest()

    def blob(token, sha256):  # type: ignore[no-untyped-def]
        if sha256 == unwanted:
            words = Message("未引用此文件", "not named")
            raise RequestRefused(404, "blob-not-named", words)
        return inner(token, sha256)

    server.blob = blob  # type: ignore[method-assign]
    report = device.sync()
    assert report.stopped is None
    (trouble,) = report.troubles
    assert (trouble.code, trouble.record_id) == ("blob-not-named", record)
    assert device.photo_counts(record) == (1, 2)


def test_a_photo_altered_on_disk_is_not_sent_for_the_original(
    server: MemoryServer, device: FieldDevice
) -> None:
    device.record(PHOTO)
    device.alter_photo(PHOTO)
    assert [trouble.code for trouble in device.sync().troubles] == ["photo-missing"]
    assert server.calls.count("put_part") == 0


def test_a_server_that_finds_a_photo_damaged_gets_its_parts_once_more(
    server: MemoryServer, device: FieldDevice
) -> None:
    record = device.record(PHOTO)
    inner = server.put_part
    damaged: list[int] = []

    def put_part(token, sha256, number, part):  # type: ignore[no-untyped-def]
        if not damaged:
            damaged.append(number)
            part = bytes(len(part))
        return inner(token, sha256, number, part)

    server.put_part = put_part  # type: ignore[method-assign]
    assert device.sync().troubles == []
    assert server.calls.count("put_part") == 6
    assert device.photo_counts(record) == (1, 1)


def test_a_photo_receipt_from_a_foreign_key_is_not_believed(
    server: MemoryServer, device: FieldDevice
) -> None:
    record = device.record(OTHER_PHOTO)
    server.before = lambda name: (
        setattr(server, "receipt_key", key_of("impostor")) if name == "blob" else None
    )
    assert isinstance(device.sync().stopped, ReceiptNotBelieved)
    assert device.photo_counts(record) == (0, 1)


def test_a_receipt_for_another_photo_is_not_believed(
    server: MemoryServer, device: FieldDevice
) -> None:
    device.record(PHOTO)
    device.sync()
    record = device.record(OTHER_PHOTO)
    inner = server.put_part

    def put_part(token, sha256, number, part):  # type: ignore[no-untyped-def]
        of_other = server.blob(token, hashlib.sha256(PHOTO).hexdigest())
        return replace(inner(token, sha256, number, part), receipt=of_other.receipt)

    server.put_part = put_part  # type: ignore[method-assign]
    assert isinstance(device.sync().stopped, ReceiptNotBelieved)
    assert device.photo_counts(record) == (0, 1)


def test_the_reference_comes_into_force_whole(
    server: MemoryServer, device: FieldDevice
) -> None:
    server.publish(7, areas=b'{"a": 1}', codes=b'{"c": 1}')
    server.before = Break("document", LOST)
    report = device.sync()
    assert report.stopped is None
    assert [trouble.stage for trouble in report.troubles] == [Stage.REFERENCE]
    assert held_serial(device) == 0
    device.sync()
    assert held_serial(device) == 7


def test_an_older_manifest_is_not_taken(
    server: MemoryServer, device: FieldDevice
) -> None:
    server.publish(7, areas=b'{"a": 2}')
    device.sync()
    server.publish(6, areas=b'{"a": 1}')
    record = device.record()
    report = device.sync()
    assert [trouble.code for trouble in report.troubles] == ["stale-manifest"]
    assert held_serial(device) == 7
    assert device.states == {record: "delivered"}


def test_a_manifest_by_a_foreign_key_is_not_taken(
    server: MemoryServer, device: FieldDevice
) -> None:
    server.manifest_text = server.sign_manifest(
        9, {"areas": b"{}"}, key=key_of("impostor")
    )
    report = device.sync()
    assert [trouble.code for trouble in report.troubles] == ["bad-signature"]
    assert held_serial(device) == 0


def test_a_document_altered_on_the_way_is_not_taken(
    server: MemoryServer, device: FieldDevice
) -> None:
    server.publish(7, areas=b'{"a": 2}')
    server.documents = dict.fromkeys(server.documents, b'{"a": 3}')
    report = device.sync()
    assert [trouble.code for trouble in report.troubles] == ["reference-altered"]
    assert held_serial(device) == 0


def test_documents_held_already_are_not_fetched_again(
    server: MemoryServer, device: FieldDevice
) -> None:
    server.publish(7, areas=b'{"a": 2}')
    device.sync()
    server.publish(8, areas=b'{"a": 2}', codes=b'{"c": 1}')
    server.calls.clear()
    device.sync()
    assert server.calls.count("document") == 1
    assert held_serial(device) == 8


def held_serial(device: FieldDevice) -> int:
    with ReferenceStore(device.home.outbox_path) as store:
        return store.serial()


def test_a_dead_link_keeps_everything_for_later(
    server: MemoryServer, device: FieldDevice
) -> None:
    record = device.record()
    server.before = Break("manifest", LOST, times=1000)
    report = device.sync()
    assert report.stopped is LOST
    assert server.calls == ["manifest"]
    assert device.states == {record: "sealed"}


def test_a_busy_server_is_left_alone_until_the_next_sync(
    server: MemoryServer, device: FieldDevice
) -> None:
    device.record()
    server.before = Break("push", ServerBusy(503, 600))
    report = device.sync()
    assert isinstance(report.stopped, ServerBusy)
    assert "600" in report.stopped.message.en
    assert server.calls.count("push") == 1


def test_the_last_contact_is_kept(server: MemoryServer, device: FieldDevice) -> None:
    device.sync()
    with open_outbox(device.home) as outbox:
        assert outbox.meta(LAST_CONTACT) is not None


def test_unsent_records_of_an_earlier_identity_still_go_out_under_it(
    server: MemoryServer, device: FieldDevice
) -> None:
    """A device that must enrol anew loses nothing that it had sealed."""
    old = device.record(PHOTO)
    device.enrol(server, server.issue("NEW0-CODE"))
    new = device.record(OTHER_PHOTO)
    report = device.sync()
    assert report.troubles == []
    assert report.outcomes == {"stored": 2}
    assert sorted(server.held) == sorted([old, new])
    assert set(device.states.values()) == {"delivered"}
    assert set(server.store.blobs.values()) == {PHOTO, OTHER_PHOTO}


def test_an_earlier_identity_whose_key_is_lost_keeps_none_of_the_others_back(
    server: MemoryServer, device: FieldDevice
) -> None:
    lost = device.record()
    with open_outbox(device.home) as outbox:
        first_id = outbox.require_identity().device_id
    device.enrol(server, server.issue("NEW0-CODE"))
    later = device.record()
    device.enrol(server, server.issue("NEW1-CODE"))
    newest = device.record()
    (device.home.keys_path / f"{first_id}.signing").unlink()
    report = device.sync()
    assert report.stopped is None
    assert sorted(server.held) == sorted([later, newest])
    assert device.states[lost] == "sealed"
    (trouble,) = report.troubles
    assert trouble.code == "not-enrolled"
    assert "1 条记录未送达" in (trouble.reason or Message("", "")).zh
    assert report.exit_code is ExitCode.ITEMS_NOT_TAKEN


@pytest.mark.parametrize("call", ["manifest", "push", "status", "blob", "put_part"])
@pytest.mark.parametrize("moment", ["before", "after"])
def test_a_sync_cut_at_any_call_goes_on_where_it_stopped(
    server: MemoryServer, device: FieldDevice, call: str, moment: str
) -> None:
    record = device.record(PHOTO, OTHER_PHOTO)
    setattr(server, moment, Break(call, LOST))
    assert device.sync().stopped is LOST
    assert device.sync().stopped is None
    assert server.held == [record]
    assert device.photo_counts(record) == (2, 2)
    with closing(ReferenceStore(device.home.outbox_path)) as store:
        assert store.serial() == 1
