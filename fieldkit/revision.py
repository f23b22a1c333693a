"""What may be done to an observation after it was sealed: amend it, withdraw it."""

from dataclasses import dataclass
from typing import Any

from fieldkit.errors import AmendedMeanwhile, WrongTarget
from fieldkit.outbox import SqliteOutbox, StoredRecord
from fieldkit.vault.errors import refusal_of
from geo.errors import Message
from sync.record import open_record

_WITHDRAWN = Message(
    zh="该记录已撤回，不能再更正或撤回。",
    en="This record was withdrawn; it cannot be amended or withdrawn again.",
)
_FINALISED = Message(
    zh="该记录已定稿，只能补正（--kind addendum）。",
    en="This record is final; only an addendum is possible (--kind addendum).",
)


@dataclass(frozen=True, slots=True)
class Target:
    """The version that a change stands on: always the newest one held here."""

    amends: str
    root_id: str
    record_no: str | None
    current: dict[str, Any]
    earlier: list[dict[str, Any]]
    is_final: bool


def target_of(outbox: SqliteOutbox, stored: StoredRecord) -> Target:
    """Return what a change of this observation stands on.

    Raises
    ------
    WrongTarget
        It was withdrawn.
    """
    versions = outbox.versions(stored.root_id)
    newest = versions[-1]
    if newest.record.kind == "withdrawal":
        raise WrongTarget(_WITHDRAWN)
    payloads = [payload_of(version) for version in versions]
    bodies = [payload["body"] for payload in payloads]
    kinds = [body.get("amendment", {}).get("kind") for body in bodies]
    return Target(
        amends=newest.record.id,
        root_id=newest.root_id,
        record_no=newest.record_no,
        current=bodies[-1] | {"observed_offset_ms": _observed_offset(payloads[-1])},
        earlier=bodies,
        is_final="finalise" in kinds,
    )


def require_newest(target: Target, stands_on: str | None) -> None:
    """Pass if the change was made to the newest version, or does not say to which.

    Raises
    ------
    AmendedMeanwhile
        It was made to an earlier one.
    """
    if stands_on not in (None, target.amends):
        raise AmendedMeanwhile


def require_open(target: Target, kind: str) -> None:
    """Pass if an amendment of this kind may follow.

    Raises
    ------
    WrongTarget
        The record is final and this is no addendum.
    """
    if target.is_final and kind != "addendum":
        raise WrongTarget(_FINALISED)


def body_of(stored: StoredRecord) -> dict[str, Any]:
    """Return the sealed body; raises what `refusal_of` gives if it does not open."""
    body: dict[str, Any] = payload_of(stored).get("body", {})
    return body


def payload_of(stored: StoredRecord) -> dict[str, Any]:
    """Return what was sealed; raises what `refusal_of` gives if it does not open."""
    if stored.fault:
        raise refusal_of(stored.fault)
    return open_record(stored.record.compact).payload or {}


def _observed_offset(payload: dict[str, Any]) -> int:
    """Return how far the clock was ahead that showed the time of the visit."""
    at_sealing = payload["clock"]["offset_ms"]
    offset_ms: int = payload["body"].get("observed_offset_ms", at_sealing) or 0
    return offset_ms
