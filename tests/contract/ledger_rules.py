"""The ledger's rules a second time, slowly, from the whole set at once.

Written against docs/protocol.md, not against the code: no neighbourhoods, no
increments, every rule a sentence over all records.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sync.ledger_port import DeviceStanding
from sync.record import OpenedRecord


@dataclass(frozen=True)
class Delivered:
    """A record that came, and what is known of it besides its bytes."""

    opened: OpenedRecord
    fault: str | None = None
    after_revocation: bool = False
    ruling: str | None = None


Standings = dict[str, tuple[str, str | None, str | None]]


def fork_points(
    records: Sequence[Delivered], devices: Mapping[str, DeviceStanding]
) -> dict[str, int | None]:
    """The lowest seq of which two records are known to exist, by device."""
    points: dict[str, int | None] = {}
    for device_id in devices:
        known_hashes: dict[int, set[str]] = {}
        for record in records:
            opened = record.opened
            if opened.device_id != device_id or opened.seq is None:
                continue
            if record.ruling == "reject" or not is_trusted(record, records, devices):
                continue
            known_hashes.setdefault(opened.seq, set()).add(opened.hash)
        held = {seq for seq, hashes in known_hashes.items() if hashes}
        for record in records:
            opened = record.opened
            if opened.device_id == device_id and opened.seq and opened.prev:
                in_chain = opened.hash in known_hashes.get(opened.seq, ())
                if in_chain and opened.seq - 1 in held:
                    known_hashes[opened.seq - 1].add(opened.prev)
        forked = [seq for seq, hashes in known_hashes.items() if len(hashes) > 1]
        points[device_id] = min(forked, default=None)
    return points


def is_trusted(
    record: Delivered,
    records: Sequence[Delivered],
    devices: Mapping[str, DeviceStanding],
) -> bool:
    device = devices[record.opened.device_id]
    if device.state != "revoked":
        return True
    seq = record.opened.seq
    if device.trusted_seq is None or seq is None:
        return not record.after_revocation
    if seq > device.trusted_seq:
        return False
    by_hash = {other.opened.hash: other.opened for other in records}
    at, wanted = device.trusted_seq, device.trusted_hash
    while at > seq:
        link = by_hash.get(wanted or "")
        if link is None or link.seq != at or link.prev is None:
            return not record.after_revocation
        at, wanted = at - 1, link.prev
    return wanted == record.opened.hash


def standings(
    records: Sequence[Delivered], devices: Mapping[str, DeviceStanding]
) -> Standings:
    """How each record stands, by hash: (standing, code, root)."""
    points = fork_points(records, devices)
    trusted = {
        record.opened.hash: is_trusted(record, records, devices) for record in records
    }

    def block(record: Delivered) -> tuple[str, str] | None:
        opened, device = record.opened, devices[record.opened.device_id]
        if record.ruling == "reject":
            return "quarantined", "ruled-rejected"
        same_id = [other for other in records if other.opened.id == opened.id]
        if record.ruling == "accept":
            accepted = sum(other.ruling == "accept" for other in same_id)
            return ("conflict", "same-id-other-content") if accepted > 1 else None
        if not trusted[opened.hash]:
            return "quarantined", "device-revoked"
        if device.state == "recovered":
            return "quarantined", "device-unknown"
        if record.fault:
            return "quarantined", record.fault
        contestants = [
            other
            for other in same_id
            if other.ruling != "reject"
            and (other.ruling == "accept" or trusted[other.opened.hash])
        ]
        if len(contestants) > 1:
            return "conflict", "same-id-other-content"
        point = points[opened.device_id]
        if point is not None and opened.seq is not None and opened.seq >= point:
            return "fork", "device-forked"
        return None

    blocks = {record.opened.hash: block(record) for record in records}
    counting: dict[str, tuple[str, str]] = {}
    result: Standings = {}
    for _ in range(len(records) + 1):
        for record in records:
            opened = record.opened
            unit = devices[opened.device_id].unit_code
            blocked = blocks[opened.hash]
            if blocked is not None:
                root = opened.id if opened.kind == "observation" else None
                result[opened.hash] = (*blocked, root)
            elif opened.kind == "observation":
                counting[opened.id] = unit, opened.id
                result[opened.hash] = "stored", None, opened.id
            elif opened.amends not in counting:
                result[opened.hash] = "parked", "target-missing", None
            elif counting[opened.amends][0] != unit and record.ruling != "accept":
                result[opened.hash] = "quarantined", "target-of-other-unit", None
            else:
                root = counting[opened.amends][1]
                counting[opened.id] = unit, root
                result[opened.hash] = "stored", None, root
    return result


def current_hashes(
    records: Sequence[Delivered], stood: Standings
) -> dict[str, tuple[str | None, str]]:
    """Of each observation: the hash of the version that holds, and its status."""
    stored = [r.opened for r in records if stood[r.opened.hash][0] == "stored"]
    currents: dict[str, tuple[str | None, str]] = {}
    for root in [opened for opened in stored if opened.kind == "observation"]:
        version, last, status = root, root, "current"
        while True:
            children = [opened for opened in stored if opened.amends == last.id]
            if len(children) != 1:
                break
            last = children[0]
            version = version if last.kind == "withdrawal" else last
        if len(children) > 1:
            status = "disputed"
        elif last.kind == "withdrawal":
            status = "withdrawn"
        currents[root.id] = version.hash, status
    return currents
