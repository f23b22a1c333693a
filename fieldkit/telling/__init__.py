"""What the device tells as JSON: the same for ``--json`` and for the field app."""
