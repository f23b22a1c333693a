"""A field that checks a value and describes itself as JSON Schema."""

from collections.abc import Mapping
from typing import Any

from marshmallow import ValidationError, fields

# Marshmallow's own refusals, as our codes.
CODES: dict[str, str | list[Any] | dict[Any, Any]] = {
    "required": "required",
    "null": "null",
    "invalid": "not-a-list",
    "validator_failed": "not-accepted",
}


class Reason(str):
    """A message code with the limits that its words name."""

    __slots__ = ("limits",)
    limits: Mapping[str, object]

    def __new__(cls, code: str, **limits: object) -> "Reason":
        """Return the code as text that carries its limits."""
        reason = super().__new__(cls, code)
        reason.limits = limits
        return reason


def refuse(code: str, **limits: object) -> ValidationError:
    """Return the error by which a field refuses a value."""
    return ValidationError([Reason(code, **limits)])


class Described(fields.Field[Any]):
    """A field that can describe itself.

    A subclass says the same limits twice: ``_require`` raises
    ``ValidationError`` unless a value is accepted, ``_describe`` is the JSON
    Schema of the values that are.
    """

    default_error_messages = CODES

    def json_schema(self) -> dict[str, Any]:
        """Return the JSON Schema of a value that is not null."""
        return self._describe()

    def _describe(self) -> dict[str, Any]:
        raise NotImplementedError

    def _require(self, value: Any) -> None:
        raise NotImplementedError

    def _deserialize(
        self,
        value: Any,
        attr: str | None,
        data: Mapping[str, Any] | None,
        **kwargs: Any,
    ) -> Any:
        self._require(value)
        return value
