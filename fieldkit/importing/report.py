"""What an import took, what not, and why: for people and for programs."""

from dataclasses import dataclass, field
from typing import Any

from fieldkit.errors import FieldkitError
from fieldkit.importing.errors import Fault, ImportRefused
from fieldkit.language import say
from geo.errors import Message


@dataclass(frozen=True, slots=True)
class Taken:
    """A draft begun; ``remarks`` say what is doubtful about it."""

    file: str
    line: int | None
    kind: str
    draft: int
    fix: dict[str, Any] | None
    observed_at: str
    remarks: tuple[Message, ...]

    def to_json(self) -> dict[str, Any]:
        """Return it as ``--json`` tells it."""
        return {
            "file": self.file,
            "line": self.line,
            "kind": self.kind,
            "draft": self.draft,
            "fix": self.fix,
            "observed_at": self.observed_at,
            "remarks": [{"zh": m.zh, "en": m.en} for m in self.remarks],
        }


@dataclass(frozen=True, slots=True)
class Known:
    """What was taken before; ``draft`` is null where a record holds it."""

    file: str
    line: int | None
    draft: int | None

    def to_json(self) -> dict[str, Any]:
        """Return it as ``--json`` tells it."""
        return {"file": self.file, "line": self.line, "draft": self.draft}


@dataclass(frozen=True, slots=True)
class NotTaken:
    """A file of which nothing was taken, for one of its faults."""

    file: str
    fault: Fault
    error: FieldkitError

    def to_json(self) -> dict[str, Any]:
        """Return it as ``--json`` tells it."""
        message = self.fault.message
        return {
            "file": self.file,
            "line": self.fault.line,
            "code": self.error.code,
            "field": self.fault.field or None,
            "reason": say(message),
            "reasons": {"zh": message.zh, "en": message.en},
        }


@dataclass(slots=True)
class Report:
    """What came of one import; ``tracks`` counts the segments of tracks read."""

    taken: list[Taken] = field(default_factory=list)
    known: list[Known] = field(default_factory=list)
    not_taken: list[NotTaken] = field(default_factory=list)
    tracks: int = 0

    def refuse(self, file: str, error: FieldkitError) -> None:
        """Note why nothing of a file was taken."""
        faults = [Fault(None, getattr(error, "field", ""), error.message)]
        if isinstance(error, ImportRefused):
            faults = [*error.faults]
        self.not_taken += [NotTaken(file, fault, error) for fault in faults]

    def to_json(self) -> dict[str, Any]:
        """Return it as ``--json`` tells it."""
        return {
            "taken": [one.to_json() for one in self.taken],
            "known": [one.to_json() for one in self.known],
            "not_taken": [one.to_json() for one in self.not_taken],
            "tracks": self.tracks,
        }
