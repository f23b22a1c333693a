"""The status feed: each device's own events, each once, in the order of commits."""

import pytest
from bureau_rig import Device, problem_of

from server.devices import TrustedUntil, revoke_device
from sync.record import Sealed

FEED = "/api/v1/records/status"


def feed(tablet: Device, query: str = "") -> dict[str, object]:
    reply = tablet.get(FEED + query)
    assert reply.status_code == 200, reply.text
    document: dict[str, object] = reply.get_json()
    return document


def events_of(page: dict[str, object]) -> list[dict[str, object]]:
    found = page["events"]
    assert isinstance(found, list)
    return found


def set_aside(tablet: Device, count: int) -> list[Sealed]:
    """Let records be kept, and then lose all trust but in the first."""
    first, *rest = records = [tablet.seal() for _ in range(count + 1)]
    tablet.push(*records)
    revoke_device(tablet.bureau, tablet.id, TrustedUntil(first.seq, first.hash))
    return rest


def test_an_event_names_record_status_and_reason(any_tablet: Device) -> None:
    (record,) = set_aside(any_tablet, 1)
    (event,) = events_of(feed(any_tablet))
    assert (event["id"], event["hash"]) == (record.id, record.hash)
    assert (event["status"], event["code"]) == ("quarantined", "device-revoked")
    reason = event["reason"]
    assert isinstance(reason, dict)
    assert reason["zh"]
    assert reason["en"]


def test_pages_hold_every_event_once_in_order(any_tablet: Device) -> None:
    records = set_aside(any_tablet, 7)
    seen, after, more = [], 0, True
    while more:
        page = feed(any_tablet, f"?after={after}&limit=3")
        assert len(events_of(page)) <= 3
        seen += events_of(page)
        after, more = page["next"], page["more"]
    assert [event["id"] for event in seen] == [record.id for record in records]
    positions = [event["position"] for event in seen]
    assert positions == sorted(positions)  # type: ignore[type-var]
    assert after == positions[-1]


def test_a_feed_read_to_its_end_is_empty_and_keeps_its_cursor(
    any_tablet: Device,
) -> None:
    set_aside(any_tablet, 2)
    end = feed(any_tablet)["next"]
    assert feed(any_tablet, f"?after={end}") == {
        "events": [],
        "next": end,
        "more": False,
    }


def test_no_device_hears_of_anothers_records(any_tablet: Device) -> None:
    other = Device.enrol(any_tablet.http, any_tablet.bureau, number=2)
    set_aside(other, 3)
    assert events_of(feed(any_tablet)) == []
    assert len(events_of(feed(other))) == 3


@pytest.mark.parametrize(
    "query",
    [
        "?after=-1",
        "?after=x",
        "?limit=0",
        "?limit=501",
        f"?after={10**30}",
        "?after=" + "9" * 5000,
    ],
)
def test_a_cursor_that_is_none_is_refused(tablet: Device, query: str) -> None:
    reply = tablet.get(FEED + query)
    assert reply.status_code == 422
    assert problem_of(reply) == "request-invalid"
