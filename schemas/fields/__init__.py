"""Marshmallow fields that say the same thing three times.

Each field checks a value, gives a stable reason when it refuses, and describes
itself as JSON Schema, from the same attributes: there is one place for a limit.
A value is never converted: what is checked is what was sealed.
"""

from schemas.fields.containers import ByKey, Many, Part
from schemas.fields.described import Described, Reason, refuse
from schemas.fields.text import (
    ADMIN_CODE,
    ITEM_ID,
    SHA256,
    SLUG,
    UUID7,
    Day,
    DecimalText,
    Instant,
    Text,
)
from schemas.fields.values import Choice, Flag, Number, Whole

__all__ = [
    "ADMIN_CODE",
    "ITEM_ID",
    "SHA256",
    "SLUG",
    "UUID7",
    "ByKey",
    "Choice",
    "Day",
    "DecimalText",
    "Described",
    "Flag",
    "Instant",
    "Many",
    "Number",
    "Part",
    "Reason",
    "Text",
    "Whole",
    "refuse",
]
