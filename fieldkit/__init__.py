"""The inspector's device: capture, outbox, sync."""
