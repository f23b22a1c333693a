"""The schema that every part of a record is made from: unknown fields refused."""

from marshmallow import RAISE, Schema

CODES = {"type": "not-an-object", "unknown": "unknown-field"}


class StrictSchema(Schema):
    """An object with named fields and no others."""

    error_messages = CODES

    class Meta:
        """Refuse what is not named."""

        unknown = RAISE
