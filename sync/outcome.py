"""What becomes of each item of a push, said to the device item by item."""

from enum import StrEnum
from typing import Any, NamedTuple

from geo.errors import Message


class Outcome(StrEnum):
    """The answer to one pushed record."""

    STORED = "stored"
    REPLAYED = "replayed"
    PARKED = "parked"
    QUARANTINED = "quarantined"
    CONFLICT = "conflict"
    FORK = "fork"
    REFUSED = "refused"
    RETRY = "retry"

    @property
    def keeps_bytes(self) -> bool:
        """Whether the server holds the record for ever after this answer."""
        return self not in (Outcome.REFUSED, Outcome.RETRY)


class Standing(StrEnum):
    """How a kept record stands now; only `STORED` counts."""

    STORED = "stored"
    PARKED = "parked"
    QUARANTINED = "quarantined"
    CONFLICT = "conflict"
    FORK = "fork"


class ItemOutcome(NamedTuple):
    """The outcome of one item, in the order of the request.

    `id` and `hash` are None only for an item that could not be read at all.
    `standing` is how the record stands now, which for a replay may differ
    from what its receipt attests.
    """

    id: str | None
    hash: str | None
    outcome: Outcome
    code: str | None = None
    field: str | None = None
    reason: Message | None = None
    position: int | None = None
    received_at: str | None = None
    receipt_id: str | None = None
    standing: Standing | None = None

    def to_json(self) -> dict[str, Any]:
        """Return the item as it stands in the reply to a push."""
        reason = self.reason
        return {
            **self._asdict(),
            "reason": None if reason is None else {"zh": reason.zh, "en": reason.en},
        }

    @classmethod
    def from_json(cls, item: dict[str, Any]) -> "ItemOutcome":
        """Return the outcome that `to_json` wrote; unknown members are ignored.

        Raises
        ------
        KeyError, ValueError
            If a member is missing, or the outcome is none of ours.
        """
        reason, standing = item.get("reason"), item.get("standing")
        return cls(
            id=item["id"],
            hash=item["hash"],
            outcome=Outcome(item["outcome"]),
            code=item.get("code"),
            field=item.get("field"),
            reason=None if reason is None else Message(reason["zh"], reason["en"]),
            position=item.get("position"),
            received_at=item.get("received_at"),
            receipt_id=item.get("receipt_id"),
            standing=None if standing is None else Standing(standing),
        )
