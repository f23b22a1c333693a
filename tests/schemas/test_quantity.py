"""Quantities are exact decimals; boxes and stickers have no mass."""

from decimal import Decimal

import pytest

from schemas.errors import UnreadableQuantity
from schemas.quantity import quantity


def test_36_wan_jin_are_180_tonnes():
    assert quantity("36", "wan_jin").kg == Decimal(180_000)
    assert quantity("360000", "jin").kg == quantity("180", "t").kg


def test_tenths_stay_tenths():
    assert quantity("0.1", "kg").kg + quantity("0.4", "jin").kg == Decimal("0.3")


@pytest.mark.parametrize("unit", ["box", "sticker"])
def test_counts_have_no_mass(unit):
    assert quantity("4530", unit).kg is None
    assert not quantity("4530", unit).is_mass


@pytest.mark.parametrize("value", ["", "-1", "1e3", "1,5", ".5", "5.", "0x1", "٣"])
def test_what_is_no_plain_decimal_is_refused(value):
    with pytest.raises(UnreadableQuantity) as refused:
        quantity(value, "kg")
    assert refused.value.code == "decimal-malformed"


def test_an_unknown_unit_is_refused():
    with pytest.raises(UnreadableQuantity) as refused:
        quantity("1", "lb")
    assert refused.value.code == "quantity-unit-unknown"
