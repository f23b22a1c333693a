"""When the server was last heard, as the device remembers it."""

LAST_CONTACT = "last_contact_at"
"""The name of the fact in the outbox: an instant by the device's clock."""
