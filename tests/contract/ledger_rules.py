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
    chains: dict[str, list[OpenedRecord]] = {device_id: [] for device_id in devices}
    for record in records:
        if record.ruling != "reject" and is_trusted(record, records, devices):
            chains[record.opened.device_id].append(record.opened)
    points: dict[str, int | None] = {}
    for device_id, chain in chains.items():
        held = {(opened.seq, opened.hash) for opened in chain}
        held_seqs = {seq for seq, _ in held}
        named = {
            (opened.seq - 1, opened.prev)
            for opened in chain
            if opened.seq and opened.prev and opened.seq - 1 in held_seqs
        }
        seqs = [seq for seq, _ in held | named if seq is not None]
        points[device_id] = min({s for s in seqs if seqs.count(s) > 1}, default=None)
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
    result: Standings = {}
    counting: dict[str, tuple[str, str]] = {}
    unblocked = []
    for record in records:
        same_id = [other for other in records if other.opened.id == record.opened.id]
        device = devices[record.opened.device_id]
        blocked = _blocked_by_a_ruling(record, same_id)
        if record.ruling is None:
            blocked = _blocked_by_itself(record, device, trusted) or _blocked_by_others(
                record, same_id, points[device.device_id], trusted
            )
        if blocked is None:
            unblocked.append(record)
        else:
            is_root = record.opened.kind == "observation"
            root = record.opened.id if is_root else None
            result[record.opened.hash] = (*blocked, root)
    for _ in range(len(records) + 1):
        for record in unblocked:
            unit_code = devices[record.opened.device_id].unit_code
            result[record.opened.hash] = _by_target(record, unit_code, counting)
    return result


def _blocked_by_a_ruling(
    record: Delivered, same_id: Sequence[Delivered]
) -> tuple[str, str] | None:
    if record.ruling == "reject":
        return "quarantined", "ruled-rejected"
    if sum(other.ruling == "accept" for other in same_id) > 1:
        return "conflict", "same-id-other-content"
    return None


def _blocked_by_itself(
    record: Delivered, device: DeviceStanding, trusted: Mapping[str, bool]
) -> tuple[str, str] | None:
    if not trusted[record.opened.hash]:
        return "quarantined", "device-revoked"
    if device.state == "recovered":
        return "quarantined", "device-unknown"
    return ("quarantined", record.fault) if record.fault else None


def _blocked_by_others(
    record: Delivered,
    same_id: Sequence[Delivered],
    fork_point: int | None,
    trusted: Mapping[str, bool],
) -> tuple[str, str] | None:
    contestants = [
        other
        for other in same_id
        if other.ruling == "accept"
        or (other.ruling != "reject" and trusted[other.opened.hash])
    ]
    if len(contestants) > 1:
        return "conflict", "same-id-other-content"
    seq = record.opened.seq
    if fork_point is not None and seq is not None and seq >= fork_point:
        return "fork", "device-forked"
    return None


def _by_target(
    record: Delivered, unit_code: str, counting: dict[str, tuple[str, str]]
) -> tuple[str, str | None, str | None]:
    opened = record.opened
    if opened.kind == "observation":
        counting[opened.id] = unit_code, opened.id
        return "stored", None, opened.id
    if opened.amends not in counting:
        return "parked", "target-missing", None
    target_unit_code, root = counting[opened.amends]
    if target_unit_code != unit_code and record.ruling != "accept":
        return "quarantined", "target-of-other-unit", None
    counting[opened.id] = unit_code, root
    return "stored", None, root


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
