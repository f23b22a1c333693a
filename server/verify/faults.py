"""What a verification found wrong, and what it looked at."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from typing import Any

from geo.errors import Message


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is not as it must be.

    `record_id` and `position` name the record; both are None for a fault of
    the ledger as a whole.
    """

    code: str
    message: Message
    record_id: str | None = None
    position: int | None = None

    def document(self) -> dict[str, Any]:
        """Return the fault as JSON values."""
        return asdict(self)


@dataclass(slots=True)
class Report:
    """Everything that was checked, counted, and every fault that was found.

    `notes` count what is no fault but worth knowing: gaps in devices' chains,
    photographs still to come.
    """

    checked: Counter[str] = field(default_factory=Counter)
    notes: Counter[str] = field(default_factory=Counter)
    faults: list[Fault] = field(default_factory=list)

    @property
    def is_sound(self) -> bool:
        """Whether nothing is wrong."""
        return not self.faults

    def add(
        self,
        code: str,
        zh: str,
        en: str,
        record_id: str | None = None,
        position: int | None = None,
    ) -> None:
        """Note a fault."""
        self.faults.append(Fault(code, Message(zh, en), record_id, position))

    def compare(
        self,
        code: str,
        what: str,
        pairs: Iterable[tuple[str, Any, Any]],
        where: tuple[str | None, int | None],
    ) -> None:
        """Note a fault for each (name, stored, derived) that differs.

        A number may differ by the last bits of a double, not by more.
        """
        for name, stored, derived in pairs:
            if not is_same(stored, derived):
                self.add(
                    code,
                    f"{what} {name}：存储为 {stored!r}，应为 {derived!r}",
                    f"{what} {name}: stored {stored!r}, derived {derived!r}",
                    *where,
                )

    def document(self) -> dict[str, Any]:
        """Return the report as the JSON document that ``verify --json`` prints."""
        return {
            "sound": self.is_sound,
            "checked": dict(self.checked),
            "notes": dict(self.notes),
            "faults": [fault.document() for fault in self.faults],
        }


def is_same(stored: Any, derived: Any) -> bool:
    """Tell whether a stored value is the derived one."""
    if isinstance(stored, float) and isinstance(derived, float):
        return abs(stored - derived) <= 1e-6
    return bool(stored == derived)
