"""The schema that every part of a record is made from: unknown fields refused."""

from marshmallow import RAISE, Schema


class StrictSchema(Schema):
    """An object with named fields and no others."""

    error_messages = {"type": "not-an-object", "unknown": "unknown-field"}

    class Meta:
        """Refuse what is not named."""

        unknown = RAISE
