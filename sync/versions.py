"""Which version of an observation is the current one."""

from collections.abc import Collection, Iterable, Mapping
from enum import StrEnum
from typing import NamedTuple

from sync.ledger_port import Held, LedgerTransaction


class VersionStatus(StrEnum):
    """How an observation stands, from its records alone (rulings on it aside)."""

    CURRENT = "current"
    WITHDRAWN = "withdrawn"
    DISPUTED = "disputed"
    UNCOUNTED = "uncounted"


class Current(NamedTuple):
    """The version of an observation that holds; a withdrawal is not a version.

    `counts` is true for a current one, and for a disputed one that was not
    withdrawn before the dispute. An uncounted observation has no version.
    """

    root_id: str
    version_id: str | None
    version_hash: str | None
    version_position: int | None
    status: VersionStatus
    counts: bool


def current_versions(
    ledger: LedgerTransaction, root_ids: Collection[str]
) -> list[Current]:
    """Return the current version of each observation, in the order of `root_ids`."""
    if not root_ids:
        return []
    trees: dict[str, list[Held]] = {root_id: [] for root_id in root_ids}
    for row in ledger.tree_of(root_ids):
        trees[row.root_id or ""].append(row)
    forked = [
        version_id
        for rows in trees.values()
        for version_id, children in _children(rows).items()
        if len(children) > 1
    ]
    resolutions = ledger.resolutions(forked) if forked else {}
    return [
        current_version(root_id, rows, resolutions) for root_id, rows in trees.items()
    ]


def current_version(
    root_id: str, rows: Iterable[Held], resolutions: Mapping[str, str]
) -> Current:
    """Walk from the observation to the version that holds.

    From each version on to its only amendment; two or more amendments of one
    version dispute it, and it stays current until a ruling names the one that
    holds. A withdrawal as the last word withdraws; amending the withdrawal
    takes it back.

    Parameters
    ----------
    rows : Iterable of Held
        The records with standing stored that have this root.
    resolutions : Mapping
        Disputed version → the child that holds.
    """
    children = _children(rows := list(rows))
    last = next((row for row in rows if row.id == root_id), None)
    if last is None:
        return Current(root_id, None, None, None, VersionStatus.UNCOUNTED, False)
    version = last
    is_disputed = False
    while (following := children.get(last.id)) and not is_disputed:
        chosen = _the_one(following, resolutions.get(last.id))
        if chosen is None:
            is_disputed = True
            continue
        last = chosen
        version = version if last.kind == "withdrawal" else last
    is_withdrawn = last.kind == "withdrawal"
    status = VersionStatus.CURRENT
    if is_disputed:
        status = VersionStatus.DISPUTED
    elif is_withdrawn:
        status = VersionStatus.WITHDRAWN
    return Current(
        root_id, version.id, version.hash, version.position, status, not is_withdrawn
    )


def _the_one(children: list[Held], resolved_id: str | None) -> Held | None:
    if len(children) == 1:
        return children[0]
    return next((child for child in children if child.id == resolved_id), None)


def _children(rows: Iterable[Held]) -> dict[str, list[Held]]:
    children: dict[str, list[Held]] = {}
    for row in rows:
        if row.amends is not None:
            children.setdefault(row.amends, []).append(row)
    return children
