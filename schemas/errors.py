"""What `schemas` raises, and what it returns about a body that is not accepted.

SchemaError
├── UnknownCode        a violation code, unit or product that no list has
└── UnreadableQuantity a decimal text or unit that cannot be read
"""

from dataclasses import dataclass

from geo.errors import Message

__all__ = ["Fault", "Message", "SchemaError", "UnknownCode", "UnreadableQuantity"]


class SchemaError(Exception):
    """Root of the errors of this package; ``code`` is stable, ``message`` is shown."""

    def __init__(self, code: str, message: Message) -> None:
        super().__init__(code, message)
        self.code = code
        self.message = message

    def __str__(self) -> str:
        """Say the reason in English."""
        return self.message.en


class UnknownCode(SchemaError):
    """A code list was asked for an entry that it does not have."""


class UnreadableQuantity(SchemaError):
    """A quantity is no decimal text with a known unit."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One reason why a payload or a body is not accepted.

    ``field`` is the path inside the body, ``goods[0].quantity.value``; a field
    of the envelope has its own name, ``seq``. Empty: the payload as a whole.
    """

    field: str
    code: str
    message: Message
