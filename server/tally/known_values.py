"""A filter for a value that is known nowhere is a slip, not a figure of zero."""

from collections.abc import Collection

import sqlalchemy as sa

from geo.errors import Message
from geo.package_data import load_counties
from schemas.codes import code_list
from schemas.products import products
from schemas.units import units
from server.tables import lot, observation, violation
from server.tally.query import (
    NO_COUNTY,
    NO_POSITION,
    NO_VIOLATION,
    OTHER_COUNTY,
    TallyQuery,
    TallyRefused,
)

_NAMES = {
    "unit": Message(zh="执法单位", en="unit"),
    "county": Message(zh="县", en="county"),
    "code": Message(zh="行为代码", en="violation code"),
    "product": Message(zh="产品", en="product"),
}
_REMEDIES = {
    "unit": Message(
        zh="代码见 gi-server tally --by unit", en="see gi-server tally --by unit"
    ),
    "county": Message(
        zh="代码见 gi-server tally --by county，另有 other、none、no_position",
        en="see gi-server tally --by county; also other, none and no_position",
    ),
    "code": Message(
        zh="出现过的代码见 gi-server tally --by code，另有 none",
        en="gi-server tally --by code lists those that occur; also none",
    ),
}


def require_known(connection: sa.Connection, query: TallyQuery) -> None:
    """Refuse a filter by a unit, county, code or product that is known nowhere.

    Known is what the shipped lists hold, and what any record has.

    Raises
    ------
    TallyRefused
        ``tally-unit``, ``tally-county``, ``tally-code`` or ``tally-product``.
    """
    for field, column in (
        ("unit", observation.c.unit_code),
        ("county", observation.c.county_code),
        ("code", violation.c.code),
        ("product", lot.c.product),
    ):
        value = getattr(query, field)
        if value is None or value in _shipped(field):
            continue
        occurs = sa.select(sa.literal(1)).where(column == value).limit(1)
        if connection.scalar(occurs) is None:
            raise TallyRefused(f"tally-{field}", _words(field, value))


def _shipped(field: str) -> Collection[str]:
    if field == "unit":
        return {unit.unit_code for unit in units()}
    if field == "county":
        return {*load_counties().codes, OTHER_COUNTY, NO_COUNTY, NO_POSITION}
    if field == "code":
        return {*(code.code for code in code_list()), NO_VIOLATION}
    return products().keys()


def _words(field: str, value: str) -> Message:
    name, listed = _NAMES[field], ", ".join(products())
    remedy = _REMEDIES.get(
        field, Message(zh=f"可用：{listed}", en=f"it is one of {listed}")
    )
    return Message(
        zh=f"没有{name.zh} {value}；{remedy.zh}",
        en=f"there is no {name.en} {value}; {remedy.en}",
    )
