"""The outbox as the field app asks for it, under ``/local/v1``: one noun a module."""

from importlib import import_module

from flask import Flask

NOUNS = (
    "device",
    "records",
    "drafts",
    "photos",
    "imports",
    "reference",
    "sync",
    "bundles",
    "settings",
    "changes",
    "positions",
)
PREFIX = "/local/v1"


def install(app: Flask) -> None:
    """Register every noun's addresses."""
    for noun in NOUNS:
        blueprint = import_module(f"fieldkit.local.api.{noun}").blueprint
        app.register_blueprint(blueprint, url_prefix=PREFIX)
