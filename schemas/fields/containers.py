"""Objects and lists, with limits on their size."""

from typing import Any

from marshmallow import Schema, ValidationError, fields

from schemas.fields.described import CODES, Described, refuse
from schemas.fields.text import Text


class Part(fields.Nested):
    """An object of its own schema."""

    default_error_messages = CODES

    def __init__(self, part: type[Schema], **kwargs: Any) -> None:
        super().__init__(part, **kwargs)
        self.part = part


class Many(fields.List[Any]):
    """A list of limited length; ``unique`` refuses the same text twice."""

    default_error_messages = CODES

    def __init__(
        self,
        item: fields.Field[Any],
        max_items: int,
        *,
        min_items: int = 0,
        unique: bool = False,
        **kwargs: Any,
    ) -> None:
        super().__init__(item, **kwargs)
        self.item = item
        self.max_items, self.min_items, self.unique = max_items, min_items, unique

    def _deserialize(self, value: Any, *args: Any, **kwargs: Any) -> list[Any]:
        if not isinstance(value, list):
            raise refuse("not-a-list")
        if len(value) > self.max_items:
            raise refuse("list-too-long", max=self.max_items)
        if len(value) < self.min_items:
            raise refuse("list-too-short", min=self.min_items)
        found: list[Any] = super()._deserialize(value, *args, **kwargs)
        if self.unique and len(set(found)) < len(found):
            raise refuse("list-repeats-itself")
        return found


class ByKey(Described):
    """An object whose keys follow one pattern and whose values follow one schema."""

    def __init__(
        self, key_pattern: str, part: type[Schema], max_items: int, **kwargs: Any
    ) -> None:
        super().__init__(**kwargs)
        self.key_pattern, self.part, self.max_items = key_pattern, part, max_items
        self._key = Text(200, pattern=key_pattern, code="key-malformed")

    def _require(self, value: Any) -> None:
        if not isinstance(value, dict):
            raise refuse("not-an-object")
        if len(value) > self.max_items:
            raise refuse("list-too-long", max=self.max_items)
        faults: dict[str, Any] = {}
        for key, item in value.items():
            try:
                self._key._require(key)
                self.part().load(item)
            except ValidationError as refused:
                faults[key] = refused.messages
        if faults:
            raise ValidationError(faults)
