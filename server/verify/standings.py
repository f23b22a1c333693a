"""How every record must stand, worked out from all of them at once.

Intake decides by looking at the neighbourhood of what arrives; here the same
rules (`sync.standing`) see the whole ledger, so an error in one shows.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from server.verify.faults import Report
from server.verify.signers import SignerOnFile
from sync.ledger_port import DeviceStanding, Held, RecordRuling
from sync.outcome import Standing
from sync.standing import (
    Settled,
    contests_id,
    fork_point,
    own_block,
    settle_amendments,
    takes_part_in_chain,
    untrusted_hashes,
)


def check_standings(
    held: Sequence[Held], signers: Mapping[str, SignerOnFile], report: Report
) -> dict[str, Settled]:
    """Compare each record's standing with the one it must have; return those."""
    known = [row for row in held if row.device_id in signers]
    by_device: dict[str, list[Held]] = {}
    for row in known:
        by_device.setdefault(row.device_id, []).append(row)
    untrusted: set[str] = set()
    forks: dict[str, int | None] = {}
    for device_id, signer in signers.items():
        rows = by_device.get(device_id, [])
        untrusted |= untrusted_hashes(rows, signer.standing)
        forks[device_id] = fork_point(
            row for row in rows if takes_part_in_chain(row, row.hash in untrusted)
        )
        _report_fork(signer.standing, forks[device_id], report)
        report.notes["gaps"] += _gaps(rows)
    settled = _settled(known, signers, untrusted, forks)
    for row in known:
        _compare(row, settled[row.hash], report)
    return settled


def _settled(
    rows: Sequence[Held],
    signers: Mapping[str, SignerOnFile],
    untrusted: set[str],
    forks: Mapping[str, int | None],
) -> dict[str, Settled]:
    contestants = Counter(
        row.id for row in rows if contests_id(row, row.hash in untrusted)
    )
    accepted = Counter(row.id for row in rows if row.ruling is RecordRuling.ACCEPT)
    settled: dict[str, Settled] = {}
    stored: dict[str, tuple[str, str]] = {}
    amendments = []
    for row in rows:
        block = own_block(
            row,
            signers[row.device_id].standing,
            is_untrusted=row.hash in untrusted,
            is_contested=contestants[row.id] > 1,
            fork_from_seq=forks[row.device_id],
        )
        if block is None and accepted[row.id] > 1:
            block = Standing.CONFLICT, "same-id-other-content"
        if block is not None:
            root_id = row.id if row.kind == "observation" else None
            settled[row.hash] = Settled(*block, root_id)
        elif row.kind == "observation":
            settled[row.hash] = Settled(Standing.STORED, None, row.id)
            stored[row.id] = row.unit_code, row.id
        else:
            amendments.append(row)
    settled.update(settle_amendments(amendments, stored))
    return settled


def _compare(row: Held, settled: Settled, report: Report) -> None:
    report.compare(
        "standing-differs",
        "record",
        (
            ("standing", str(row.standing), str(settled.standing)),
            ("code", row.code, settled.code),
            ("root_id", row.root_id, settled.root_id),
        ),
        (row.id, row.position),
    )


def _report_fork(device: DeviceStanding, point: int | None, report: Report) -> None:
    report.compare(
        "device-differs",
        f"device {device.device_id}",
        [("fork_from_seq", device.fork_from_seq, point)],
        (None, None),
    )


def _gaps(rows: Iterable[Held]) -> int:
    """Return how many records of a device are still to come, as its chain tells."""
    seqs = {row.seq for row in rows if row.seq is not None}
    return max(seqs, default=0) - len(seqs)
