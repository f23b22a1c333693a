"""Quantities: a decimal with its unit, never a binary float."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from schemas.errors import Message, UnreadableQuantity
from schemas.fields.text import DECIMAL
from schemas.vocabulary import words

KG_PER_UNIT: Mapping[str, Decimal] = {
    "jin": Decimal("0.5"),
    "wan_jin": Decimal(5000),
    "kg": Decimal(1),
    "t": Decimal(1000),
}
_DECIMAL = re.compile(DECIMAL)


@dataclass(frozen=True, slots=True)
class Quantity:
    """A mass in one of four units, or a count of boxes or stickers."""

    value: Decimal
    unit: str

    @property
    def is_mass(self) -> bool:
        """Whether the unit is one of mass, so that `kg` is a number."""
        return self.unit in KG_PER_UNIT

    @property
    def kg(self) -> Decimal | None:
        """The mass in kilograms, exact; None for a count.

        Examples
        --------
        >>> quantity("36", "wan_jin").kg == quantity("360000", "jin").kg
        True
        >>> quantity("4530", "box").kg is None
        True
        """
        return self.value * KG_PER_UNIT[self.unit] if self.is_mass else None


def quantity(value: str, unit: str) -> Quantity:
    """Return the quantity that a body writes as ``{"value": …, "unit": …}``.

    Raises
    ------
    UnreadableQuantity
        ``decimal-malformed`` if the value is no plain decimal text,
        ``quantity-unit-unknown`` if the unit is not one of the six.
    """
    if _DECIMAL.fullmatch(value) is None:
        words_for_value = Message(f"“{value}”不是十进制数", f"{value!r} is no decimal")
        raise UnreadableQuantity("decimal-malformed", words_for_value)
    if unit not in words("quantity_unit"):
        words_for_unit = Message(f"没有单位“{unit}”", f"there is no unit {unit!r}")
        raise UnreadableQuantity("quantity-unit-unknown", words_for_unit)
    return Quantity(Decimal(value), unit)
