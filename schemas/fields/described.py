"""A field that checks a value and describes itself as JSON Schema."""

from collections.abc import Mapping
from typing import Any

from marshmallow import ValidationError, fields


class Reason(str):
    """A message code with the limits that its words name."""

    __slots__ = ("limits",)
    limits: Mapping[str, object]

    def __new__(cls, code: str, **limits: object) -> "Reason":
        reason = super().__new__(cls, code)
        reason.limits = limits
        return reason


def refuse(code: str, **limits: object) -> ValidationError:
    """Return the error by which a field refuses a value."""
    return ValidationError([Reason(code, **limits)])


class Described(fields.Field[Any]):
    """A field that can describe itself; subclasses check in ``require``."""

    default_error_messages = {
        "required": "required",
        "null": "null",
        "validator_failed": "not-accepted",
    }

    def json_schema(self) -> dict[str, Any]:
        """Return the JSON Schema of a value that is not null."""
        raise NotImplementedError

    def require(self, value: Any) -> None:
        """Raise ``ValidationError`` unless the value is accepted."""
        raise NotImplementedError

    def _deserialize(
        self,
        value: Any,
        attr: str | None,
        data: Mapping[str, Any] | None,
        **kwargs: Any,
    ) -> Any:
        self.require(value)
        return value
