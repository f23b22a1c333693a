"""The tablet's photographs: in parts, on Wi-Fi if so wished, or told as gone."""

import random
from collections import Counter

from journeys.field_device import observation
from journeys.hostile_proxy import CutUpload, HostileProxy
from journeys.scripted_tablet import ScriptedTablet, photo, sha256
from journeys.served import ServedBureau

PART = ("PUT", "/parts/")


def test_a_photograph_resumes_where_the_link_broke(
    served: ServedBureau, proxy: HostileProxy, app: ScriptedTablet
) -> None:
    content = photo(10 * 65_536)
    app.record(observation(), content)
    proxy.rule("PUT", "/parts/6$", CutUpload(after_bytes=900), times=1000)
    first = app.sync()
    assert first["stopped"]["code"] == "link-down"
    assert first["photo_bytes"] == 6 * 65_536
    proxy.heal()
    second = app.sync()
    assert second["photo_bytes"] == 4 * 65_536
    assert second["photos_sent"] == 1
    assert served.photos == {sha256(content)}
    sent = Counter(seen.path for seen in proxy.seen if seen.method == "PUT")
    assert sum(sent.values()) == 10 + 5  # the sixth part, five times in vain
    assert app.sync()["photos_sent"] == 0


def test_photographs_get_through_a_link_that_is_cut_every_few_hundred_kilobytes(
    served: ServedBureau, proxy: HostileProxy, app: ScriptedTablet
) -> None:
    """Lesson 19, as the laptop: 2.5 MB through a link cut every 30 to 400 KB."""
    app.sync()
    content = photo(2_500_000)
    record = app.record(observation(), content)
    cuts, before = random.Random(7), proxy.bytes_through
    proxy.cut_link_every(*(cuts.randint(30_000, 400_000) for _ in range(40)))
    syncs = 1
    while app.sync()["stopped"] is not None:
        syncs += 1
        assert syncs < 20
    assert served.photos == {sha256(content)}
    assert app.do("photoCounts", id=record) == [1, 1]
    assert proxy.link_cuts >= 5
    assert proxy.bytes_through - before < 1.4 * len(content)


def test_without_wifi_photographs_wait_and_records_go(
    served: ServedBureau, proxy: HostileProxy, app: ScriptedTablet
) -> None:
    record = app.record(observation(), photo(900))
    report = app.sync(mayUploadPhotos=False)
    assert report["outcomes"] == {"stored": 1}
    assert (report["photos_sent"], report["troubles"]) == (0, [])
    assert proxy.count(*PART) == 0
    assert app.do("photoCounts", id=record) == [0, 1]
    assert app.sync()["photos_sent"] == 1


def test_a_photograph_that_is_gone_is_told_and_passed_over(
    served: ServedBureau, app: ScriptedTablet
) -> None:
    gone, here = photo(900, 1), photo(900, 2)
    app.record(observation(), gone, here)
    app.do("losePhoto", sha256=sha256(gone))
    report = app.sync()
    (trouble,) = report["troubles"]
    assert (trouble["stage"], trouble["code"]) == ("photos", "photo-missing")
    assert trouble["id"] == sha256(gone)
    assert report["stopped"] is None
    assert served.photos == {sha256(here)}


def test_a_sync_can_be_stopped_and_goes_on_later(
    served: ServedBureau, app: ScriptedTablet
) -> None:
    app.record(observation(), photo(900))
    report = app.sync(stopAfter="status")
    assert report["stopped"]["code"] == "sync-cancelled"
    assert served.photos == set()
    assert app.sync()["photos_sent"] == 1
