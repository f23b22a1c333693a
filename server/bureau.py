"""What a request needs of the server it came to."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

import sqlalchemy as sa

from server.settings import Settings
from sync.jws import SigningKey

_EXTENSION = "gi"


def utc_now() -> datetime:
    """Return the time; the only clock of the server's HTTP side."""
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Bureau:
    """Settings, database, signing key and clock of one running server."""

    settings: Settings
    engine: sa.Engine
    key: SigningKey
    clock: Callable[[], datetime] = utc_now


def the_bureau() -> Bureau:
    """Return the bureau of the application that serves the current request."""
    # Only here: the commands have a bureau without Flask, which is slow to import.
    from flask import current_app

    bureau: Bureau = current_app.extensions[_EXTENSION]
    return bureau
