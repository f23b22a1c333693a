"""What a sync did, what it could not do, and why: in words, item by item."""

from collections import Counter
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from fieldkit.errors import FieldkitError
from fieldkit.exit_codes import ExitCode, exit_code_of
from geo.errors import Message
from sync.outcome import ItemOutcome, Outcome


class Stage(StrEnum):
    """The steps of a sync, in their order."""

    REFERENCE = "reference"
    RECORDS = "records"
    STATUS = "status"
    PHOTOS = "photos"


@dataclass(frozen=True, slots=True)
class Trouble:
    """One item that did not go as it should; the sync went on past it.

    ``is_unsent`` tells what stays on the device only from what the server
    holds but does not count; ``record_id`` names the record that is concerned.
    """

    stage: Stage
    name: str
    outcome: str
    code: str | None
    reason: Message | None
    is_unsent: bool
    record_id: str | None = None

    def to_json(self) -> dict[str, Any]:
        """Return the trouble as ``fieldkit sync --json`` prints it."""
        return {
            "stage": str(self.stage),
            "id": self.name,
            "record_id": self.record_id,
            "outcome": self.outcome,
            "code": self.code,
            "reason": words(self.reason),
        }


@dataclass
class SyncReport:
    """The account of one sync; ``stopped`` is the error that ended it early."""

    outcomes: Counter[str] = field(default_factory=Counter)
    troubles: list[Trouble] = field(default_factory=list)
    offered_again: int = 0
    events: int = 0
    photos_sent: int = 0
    photo_bytes: int = 0
    epoch: int | None = None
    stopped: FieldkitError | None = None

    def note_item(self, item: ItemOutcome) -> None:
        """Count an answer, and keep what a person should know of it."""
        self.outcomes[str(item.outcome)] += 1
        standing = str(item.standing or item.outcome)
        if item.outcome is Outcome.REPLAYED and standing in ("stored", "replayed"):
            return
        if item.outcome is not Outcome.STORED:
            self.troubles.append(
                Trouble(
                    Stage.RECORDS,
                    item.id or "",
                    standing,
                    item.code,
                    item.reason,
                    is_unsent=not item.outcome.keeps_bytes,
                    record_id=item.id,
                )
            )

    def note_trouble(
        self,
        stage: Stage,
        name: str,
        code: str,
        reason: Message | None,
        record_id: str | None = None,
    ) -> None:
        """Keep what could not be fetched or sent this time."""
        trouble = Trouble(stage, name, "retry", code, reason, True, record_id)
        self.troubles.append(trouble)

    @property
    def exit_code(self) -> ExitCode:
        """What the sync's end means to a script."""
        if self.stopped is not None:
            return exit_code_of(self.stopped)
        if any(trouble.is_unsent for trouble in self.troubles):
            return ExitCode.ITEMS_NOT_TAKEN
        return ExitCode.DONE

    def to_json(self) -> dict[str, Any]:
        """Return the account as ``fieldkit sync --json`` prints it."""
        stopped = self.stopped
        return {
            "outcomes": dict(self.outcomes),
            "troubles": [trouble.to_json() for trouble in self.troubles],
            "offered_again": self.offered_again,
            "status_events": self.events,
            "photos_sent": self.photos_sent,
            "photo_bytes": self.photo_bytes,
            "epoch": self.epoch,
            "stopped": None
            if stopped is None
            else {"code": stopped.code, "reason": words(stopped.message)},
        }


def words(message: Message | None) -> dict[str, str] | None:
    """Return a message as JSON has it."""
    return None if message is None else {"zh": message.zh, "en": message.en}
