"""Text, and what is written as text: decimals, instants, days."""

import re
from typing import Any

from schemas.fields.described import Described, refuse

CONTROL = r"\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f"
BLANK = r"\x20\u00a0\u3000"
LINE = rf"[^{CONTROL}\t\n\r]*"
LINES = rf"[^{CONTROL}]*"
# Blanks, then a word's first character: only one way to match, so one pass.
WORDED_LINE = rf"[{BLANK}]*[^{CONTROL}\t\n\r{BLANK}]{LINE}"
WORDED_LINES = rf"[\t\n\r{BLANK}]*[^{CONTROL}\t\n\r{BLANK}]{LINES}"
CENTURY = r"(19|20|21)"
LEAP_YEAR = rf"({CENTURY}(0[48]|[2468][048]|[13579][26])|2000)"
# Only days that exist, so that JSON Schema says all of it.
DAY = (
    rf"({CENTURY}[0-9]{{2}}-((0[13578]|1[02])-(0[1-9]|[12][0-9]|3[01])"
    r"|(0[469]|11)-(0[1-9]|[12][0-9]|30)|02-(0[1-9]|1[0-9]|2[0-8]))"
    rf"|{LEAP_YEAR}-02-29)"
)
INSTANT = (
    DAY + r"T([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](\.[0-9]{1,6})?"
    r"(Z|[+-](0[0-9]|1[0-4]):[0-5][0-9])"
)
DECIMAL = r"(0|[1-9][0-9]{0,8})(\.[0-9]{1,3})?"
ITEM_ID = r"[A-Za-z0-9][A-Za-z0-9_-]{0,35}"
UUID7 = r"[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}"
SHA256 = r"[0-9a-f]{64}"
SLUG = r"[a-z0-9][a-z0-9-]{0,63}"
ADMIN_CODE = r"[1-9][0-9]([0-9]{2}([0-9]{2}([0-9]{3}([0-9]{3})?)?)?)?"


class Text(Described):
    """Text of limited length without control characters, or of one pattern.

    ``code`` is the reason given when the pattern does not fit. ``lines`` allows
    line breaks and tabs. Text that must be there (``min_chars``) is not blank.
    A lone surrogate is no character and is refused.
    """

    def __init__(
        self,
        max_chars: int,
        *,
        min_chars: int = 1,
        pattern: str | None = None,
        code: str = "text-unfit",
        lines: bool = False,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.max_chars, self.min_chars, self.code = max_chars, min_chars, code
        worded, free = (WORDED_LINES, LINES) if lines else (WORDED_LINE, LINE)
        self.pattern = pattern or (worded if min_chars else free)
        self._compiled = re.compile(self.pattern)

    def _require(self, value: Any) -> None:
        if not isinstance(value, str):
            raise refuse("not-a-text")
        if len(value) < self.min_chars:
            raise refuse("text-empty")
        if len(value) > self.max_chars:
            raise refuse("text-too-long", max=self.max_chars)
        if self._compiled.fullmatch(value) is None or not is_unicode(value):
            raise refuse(self.code)

    def _describe(self) -> dict[str, Any]:
        found: dict[str, Any] = {"type": "string", "maxLength": self.max_chars}
        if self.min_chars:
            found["minLength"] = self.min_chars
        found["pattern"] = f"^{self.pattern}$"
        return found


class DecimalText(Text):
    """A decimal as text: not negative, ≤ 9 digits before and ≤ 3 after the point."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(13, pattern=DECIMAL, code="decimal-malformed", **kwargs)


class Instant(Text):
    """An instant as RFC 3339 text with its offset, on a day that exists.

    Years 1900 to 2199; no leap second, which `datetime` does not know.
    """

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(32, pattern=INSTANT, code="time-not-aware", **kwargs)

    def _describe(self) -> dict[str, Any]:
        return super()._describe() | {"format": "date-time"}


class Day(Text):
    """A calendar day that exists, as ISO 8601 text."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(10, pattern=DAY, code="day-malformed", **kwargs)

    def _describe(self) -> dict[str, Any]:
        return super()._describe() | {"format": "date"}


def is_unicode(text: str) -> bool:
    """Tell whether a text has a UTF-8 form (lone surrogates have none)."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
