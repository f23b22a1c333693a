"""A device and the real server over a link that does its worst."""

import gzip
import hashlib
import json
import random

import pytest
from journeys.field_device import FieldDevice
from journeys.hostile_proxy import (
    CutUpload,
    HostileProxy,
    LoseReply,
    TruncateReply,
    busy,
    captive_portal,
)
from journeys.served import ServedBureau

from fieldkit.exit_codes import ExitCode
from fieldkit.link.transport import LinkDown, ProtocolBroken, ServerBusy

PUSH = ("POST", "/records$")
PART = ("PUT", "/parts/")


def photo(size_bytes: int, seed: int = 0) -> bytes:
    """Bytes that compress as badly as a photograph's."""
    return b"\xff\xd8\xff" + random.Random(seed).randbytes(size_bytes - 3)


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def test_a_record_and_its_photographs_arrive(
    served: ServedBureau, tablet: FieldDevice
) -> None:
    small, large = photo(900), photo(300_000)
    record = tablet.record(small, large)
    report = tablet.sync()
    assert report.stopped is None
    assert report.troubles == []
    assert served.held == [record]
    assert served.counted == {record}
    assert served.photos == {sha256(small), sha256(large)}
    assert tablet.photo_counts(record) == (2, 2)


def test_a_reply_lost_after_the_commit_doubles_nothing(
    served: ServedBureau, proxy: HostileProxy, tablet: FieldDevice
) -> None:
    """Lesson 1 (MerginMaps/mobile#3642, formhub#678)."""
    record = tablet.record()
    proxy.rule(*PUSH, LoseReply())
    report = tablet.sync()
    assert report.outcomes == {"replayed": 1}
    assert proxy.count(*PUSH) == 2
    assert served.held == [record]
    assert served.counted == {record}
    assert tablet.states == {record: "delivered"}


def test_a_reply_lost_every_time_leaves_the_record_here_and_there(
    served: ServedBureau, proxy: HostileProxy, tablet: FieldDevice
) -> None:
    record = tablet.record()
    proxy.rule(*PUSH, LoseReply(), times=1000)
    report = tablet.sync()
    assert isinstance(report.stopped, LinkDown)
    assert proxy.count(*PUSH) == 5
    assert served.held == [record]
    assert tablet.states == {record: "sealed"}
    proxy.heal()
    assert tablet.sync().outcomes == {"replayed": 1}
    assert tablet.states == {record: "delivered"}


def test_an_upload_cut_in_the_middle_leaves_nothing_half_done(
    served: ServedBureau, proxy: HostileProxy, tablet: FieldDevice
) -> None:
    """Lesson 8 (mobile#582): no lock is left behind, and no half batch."""
    records = tablet.record_many(20)
    proxy.rule(*PUSH, CutUpload(after_bytes=700), times=1000)
    assert isinstance(tablet.sync().stopped, LinkDown)
    assert served.held == []
    proxy.heal()
    assert tablet.sync().outcomes == {"stored": 20}
    assert served.held == records


def test_a_truncated_reply_is_no_reply(
    served: ServedBureau, proxy: HostileProxy, tablet: FieldDevice
) -> None:
    record = tablet.record()
    proxy.rule(*PUSH, TruncateReply(after_bytes=40))
    assert tablet.sync().outcomes == {"replayed": 1}
    assert served.held == [record]


def test_a_busy_server_is_asked_again_after_its_time(
    served: ServedBureau, proxy: HostileProxy, tablet: FieldDevice
) -> None:
    record = tablet.record()
    proxy.rule(*PUSH, busy(retry_after_s=2), times=2)
    assert tablet.sync().outcomes == {"stored": 1}
    assert served.held == [record]


def test_a_server_busy_for_long_is_left_alone(
    served: ServedBureau, proxy: HostileProxy, tablet: FieldDevice
) -> None:
    tablet.record()
    proxy.rule(*PUSH, busy(retry_after_s=1800), times=1000)
    report = tablet.sync()
    assert isinstance(report.stopped, ServerBusy)
    assert proxy.count(*PUSH) == 1
    assert report.exit_code is ExitCode.UNREACHABLE


def test_a_sign_in_page_on_the_way_is_not_taken_for_the_server(
    served: ServedBureau, proxy: HostileProxy, tablet: FieldDevice
) -> None:
    """Lesson 7 (collect#1939): a fatal error is not repeated."""
    record = tablet.record()
    proxy.choose = lambda _seen: captive_portal()
    before = len(proxy.seen)
    report = tablet.sync()
    assert isinstance(report.stopped, ProtocolBroken)
    assert len(proxy.seen) == before + 1
    assert tablet.states == {record: "sealed"}
    assert "认证页面" in report.stopped.message.zh


def test_records_are_gzipped_on_the_wire(
    served: ServedBureau, proxy: HostileProxy, tablet: FieldDevice
) -> None:
    tablet.record_many(50)
    tablet.sync()
    (pushed,) = [seen for seen in proxy.seen if seen.path.endswith("/records")]
    assert pushed.headers["content-encoding"] == "gzip"
    plain = gzip.decompress(pushed.body)
    assert len(json.loads(plain)["records"]) == 50
    assert len(pushed.body) < 0.8 * len(plain)
    assert served.held == list(tablet.states)


def test_photographs_get_through_a_link_that_is_cut_every_few_hundred_kilobytes(
    served: ServedBureau, proxy: HostileProxy, tablet: FieldDevice
) -> None:
    """Lesson 19: 2.5 MB through a link cut every 30 to 400 KB."""
    tablet.sync()
    content = photo(2_500_000)
    record = tablet.record(content)
    cuts, before = random.Random(7), proxy.bytes_through
    proxy.cut_link_every(*(cuts.randint(30_000, 400_000) for _ in range(40)))
    syncs = 1
    while tablet.sync().stopped is not None:
        syncs += 1
        assert syncs < 20
    assert served.photos == {sha256(content)}
    assert tablet.photo_counts(record) == (1, 1)
    assert proxy.link_cuts >= 5
    assert proxy.bytes_through - before < 1.4 * len(content)


def test_a_part_whose_answer_is_lost_is_not_asked_for_again(
    served: ServedBureau, proxy: HostileProxy, tablet: FieldDevice
) -> None:
    content = photo(250_000)
    tablet.record(content)
    proxy.rule("PUT", "/parts/1$", LoseReply(), times=1000)
    assert isinstance(tablet.sync().stopped, LinkDown)
    proxy.heal()
    proxy.seen.clear()
    tablet.sync()
    assert served.photos == {sha256(content)}
    sent = sorted(seen.path[-1] for seen in proxy.seen if seen.method == "PUT")
    assert sent == ["2", "3"]


def test_a_photo_missing_on_disk_is_told_and_counted(
    served: ServedBureau, tablet: FieldDevice
) -> None:
    """Lesson 16 (QFieldCloud#468, QField#4765): 2 of 3 photos."""
    contents = [photo(1000, seed) for seed in range(3)]
    record = tablet.record(*contents)
    tablet.lose_photo(contents[1])
    report = tablet.sync()
    assert served.held == [record]
    assert served.photos == {sha256(contents[0]), sha256(contents[2])}
    assert tablet.photo_counts(record) == (2, 3)
    assert [trouble.code for trouble in report.troubles] == ["photo-missing"]


def test_the_same_photograph_in_two_records_is_sent_once(
    served: ServedBureau, proxy: HostileProxy, tablet: FieldDevice
) -> None:
    """Lesson 17 (central-backend#299, #330)."""
    content = photo(1000)
    first, second = tablet.record(content), tablet.record(content)
    tablet.sync()
    assert proxy.count(*PART) == 1
    assert tablet.photo_counts(first) == tablet.photo_counts(second) == (1, 1)


@pytest.mark.parametrize("seed", range(3))
def test_whatever_the_link_does_a_good_one_empties_the_queue(
    served: ServedBureau, proxy: HostileProxy, tablet: FieldDevice, seed: int
) -> None:
    whims = random.Random(seed)
    faults = [
        None,
        None,
        LoseReply(),
        CutUpload(200),
        TruncateReply(30),
        busy(1),
        captive_portal(),
    ]
    proxy.choose = lambda _seen: whims.choice(faults)
    records = []
    for number in range(4):
        records.append(tablet.record(photo(200_000, number)))
        tablet.sync()
    proxy.heal()
    report = tablet.sync()
    assert report.stopped is None
    assert report.troubles == []
    assert served.held == records
    assert served.counted == set(records)
    assert set(tablet.states.values()) == {"delivered"}
    assert served.photos == {sha256(photo(200_000, n)) for n in range(4)}
