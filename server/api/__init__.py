"""The HTTP API, a blueprint per noun: each view parses, calls and dumps."""

from flask import Flask

from server.api import blobs, devices, openapi, records, reference, server


def install(app: Flask) -> None:
    """Register the API and its description."""
    nouns = (server, devices, records, blobs, reference)
    openapi.install(app, [noun.blueprint for noun in nouns])
