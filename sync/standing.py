"""How a kept record stands, as a function of what is kept and nothing else.

Nothing here knows what came first, so any order, cut or repetition of the same
records ends in the same standings (``docs/protocol.md``, "How a record stands").
"""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from sync.ledger_port import DeviceStanding, DeviceState, Held, RecordRuling
from sync.outcome import Standing

TARGET_OF_OTHER_UNIT = "target-of-other-unit"
DEVICE_REVOKED = "device-revoked"


class Settled(NamedTuple):
    """The standing that a record has by the rules."""

    standing: Standing
    code: str | None
    root_id: str | None


def untrusted_hashes(rows: Iterable[Held], device: DeviceStanding) -> set[str]:
    """Return the hashes of a device's records that its revocation sets aside.

    The chain is walked down from the last trusted record, as far as it is
    held without a gap: what it reaches is proven, what it contradicts is
    untrusted, and so is everything after it. Where it does not reach, a
    record is trusted if it was here before the revocation, and untrusted if
    it came after (``needs_proof``) until the records between have come too.
    """
    if device.state is not DeviceState.REVOKED:
        return set()
    rows = list(rows)
    expected = _expected_hashes(rows, device)
    return {row.hash for row in rows if not _is_trusted(row, device, expected)}


def _expected_hashes(
    rows: Iterable[Held], device: DeviceStanding
) -> Mapping[int, str | None]:
    seq, hash_ = device.trusted_seq, device.trusted_hash
    if seq is None:
        return {}
    by_hash = {row.hash: row for row in rows}
    expected: dict[int, str | None] = {}
    while hash_ is not None:
        expected[seq] = hash_
        link = by_hash.get(hash_)
        if link is None or link.seq != seq:
            break
        seq, hash_ = seq - 1, link.prev
    return expected


def _is_trusted(
    row: Held, device: DeviceStanding, expected: Mapping[int, str | None]
) -> bool:
    if row.seq is None or device.trusted_seq is None:
        return not row.needs_proof
    if row.seq > device.trusted_seq:
        return False
    if row.seq in expected:
        return expected[row.seq] == row.hash
    return not row.needs_proof


def fork_point(rows: Iterable[Held]) -> int | None:
    """Return the lowest seq at which a device's records are known to fork.

    Two records at one seq fork there. A record that names another predecessor
    than the one held says that there are two at the seq before it, so the
    fork is there, whether or not the other one ever comes.
    """
    by_seq: dict[int, list[Held]] = {}
    for row in rows:
        if row.seq is not None:
            by_seq.setdefault(row.seq, []).append(row)
    lowest = None
    for seq, there in by_seq.items():
        point = _fork_at(seq, there, by_seq.get(seq - 1))
        if point is not None and (lowest is None or point < lowest):
            lowest = point
    return lowest


def _fork_at(seq: int, there: list[Held], before: list[Held] | None) -> int | None:
    if before is not None:
        for row in there:
            if row.prev is not None and any(row.prev != b.hash for b in before):
                return seq - 1
    return seq if len(there) > 1 else None


def takes_part_in_chain(row: Held, is_untrusted: bool) -> bool:
    """Tell whether a record can show that its device's chain forked."""
    return not is_untrusted and row.ruling is not RecordRuling.REJECT


def contests_id(row: Held, is_untrusted: bool) -> bool:
    """Tell whether a record can put others of its id in conflict.

    One set aside by a revocation or rejected cannot, so a stolen device
    harms nothing that was genuine; once accepted by a ruling it can.
    """
    if row.ruling is RecordRuling.REJECT:
        return False
    return not is_untrusted or row.ruling is RecordRuling.ACCEPT


def own_block(
    row: Held,
    device: DeviceStanding,
    *,
    is_untrusted: bool,
    is_contested: bool,
    fork_from_seq: int | None,
) -> tuple[Standing, str] | None:
    """Return what keeps a record from counting by itself, its target aside.

    The first that applies: rejected, (accepted: nothing), device revoked,
    device unknown, its own fault, a conflict, a fork; None if nothing does.
    """
    if row.ruling is RecordRuling.REJECT:
        return Standing.QUARANTINED, "ruled-rejected"
    if row.ruling is RecordRuling.ACCEPT and is_readable(row):
        return None
    if is_untrusted:
        return Standing.QUARANTINED, DEVICE_REVOKED
    if device.state is DeviceState.RECOVERED:
        return Standing.QUARANTINED, "device-unknown"
    if row.fault is not None:
        return Standing.QUARANTINED, row.fault
    if is_contested:
        return Standing.CONFLICT, "same-id-other-content"
    if fork_from_seq is not None and row.seq is not None and row.seq >= fork_from_seq:
        return Standing.FORK, "device-forked"
    return None


def is_readable(row: Held) -> bool:
    """Tell whether a record says what it is; otherwise no ruling makes it count."""
    return row.kind == "observation" or (
        row.kind is not None and row.amends is not None
    )


def waits_for_target_only(row: Held) -> bool:
    """Tell from a settled row that nothing but its target decides over it."""
    return (
        row.standing is Standing.STORED
        or row.standing is Standing.PARKED
        or row.code == TARGET_OF_OTHER_UNIT
    )


def settle_amendments(
    amendments: Iterable[Held], stored: dict[str, tuple[str, str]]
) -> dict[str, Settled]:
    """Return how amendments and withdrawals stand, by hash.

    Parameters
    ----------
    amendments : Iterable of Held
        Those that nothing but their target keeps from counting.
    stored : dict
        Of each id that counts without them: the unit and the root. Those of
        the amendments that count are added.

    Notes
    -----
    The least fixpoint: an amendment counts if its target does. A ring of
    amendments that name each other never counts.
    """
    waiting: dict[str, list[Held]] = {}
    for row in amendments:
        waiting.setdefault(row.amends or "", []).append(row)
    settled: dict[str, Settled] = {}
    ready = [target for target in waiting if target in stored]
    while ready:
        target = ready.pop()
        unit_code, root_id = stored[target]
        for row in waiting.pop(target):
            if row.unit_code != unit_code and row.ruling is not RecordRuling.ACCEPT:
                settled[row.hash] = Settled(
                    Standing.QUARANTINED, TARGET_OF_OTHER_UNIT, None
                )
                continue
            settled[row.hash] = Settled(Standing.STORED, None, root_id)
            stored[row.id] = row.unit_code, root_id
            if row.id in waiting:
                ready.append(row.id)
    for rows in waiting.values():
        for row in rows:
            settled[row.hash] = Settled(Standing.PARKED, "target-missing", None)
    return settled
