"""What one run of the local server holds between requests."""

from dataclasses import dataclass

from flask import current_app

from fieldkit.home import Home


@dataclass
class Bench:
    """The device's folder and what goes on beside the requests."""

    home: Home


def bench() -> Bench:
    """Return the bench of the application that answers this request."""
    found = current_app.extensions["fieldkit"]
    assert isinstance(found, Bench)
    return found
