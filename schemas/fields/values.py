"""Words from a list, flags and numbers."""

import math
from collections.abc import Sequence
from typing import Any

from schemas.fields.described import Described, refuse


class Choice(Described):
    """One of a few words."""

    def __init__(
        self, words: Sequence[str], *, code: str = "not-a-choice", **kwargs: Any
    ) -> None:
        super().__init__(**kwargs)
        self.words, self.code = tuple(words), code

    def _require(self, value: Any) -> None:
        if not isinstance(value, str):
            raise refuse("not-a-text")
        if value not in self.words:
            raise refuse(self.code, words=", ".join(self.words))

    def _describe(self) -> dict[str, Any]:
        return {"type": "string", "enum": list(self.words)}


class Flag(Described):
    """True or false."""

    def _require(self, value: Any) -> None:
        if not isinstance(value, bool):
            raise refuse("not-a-flag")

    def _describe(self) -> dict[str, Any]:
        return {"type": "boolean"}


class Whole(Described):
    """A whole number between two limits, both allowed; 1.0 is whole, as in JSON."""

    def __init__(self, least: int, most: int, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.least, self.most = least, most

    def _require(self, value: Any) -> None:
        if not _is_whole(value):
            raise refuse("not-a-whole-number")
        if not self.least <= value <= self.most:
            raise refuse("number-out-of-range", min=self.least, max=self.most)

    def _describe(self) -> dict[str, Any]:
        return {"type": "integer", "minimum": self.least, "maximum": self.most}


def _is_whole(value: object) -> bool:
    if isinstance(value, bool):
        return False
    return isinstance(value, int) or (isinstance(value, float) and value.is_integer())


class Number(Described):
    """A finite number up to ``most``; from ``least``, or above ``above``."""

    def __init__(
        self,
        *,
        most: float,
        least: float | None = None,
        above: float | None = None,
        code: str = "number-out-of-range",
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.most, self.least, self.above, self.code = most, least, above, code

    def _require(self, value: Any) -> None:
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise refuse("not-a-number")
        if isinstance(value, float) and not math.isfinite(value):
            raise refuse("not-a-number")
        is_low = self.least is not None and value < self.least
        is_not_above = self.above is not None and value <= self.above
        if is_low or is_not_above or value > self.most:
            raise refuse(self.code, min=self.least, max=self.most)

    def _describe(self) -> dict[str, Any]:
        found: dict[str, Any] = {"type": "number", "maximum": self.most}
        if self.least is not None:
            found["minimum"] = self.least
        if self.above is not None:
            found["exclusiveMinimum"] = self.above
        return found
