"""The Flask application of a bureau's server."""

from collections.abc import Callable
from datetime import datetime

import sqlalchemy as sa
from flask import Flask

from server import (
    access,
    api,
    faults,
    field_app,
    hardening,
    health,
    logs,
    sign_in,
    status_page,
    trust_page,
)
from server.bureau import Bureau, utc_now
from server.database import open_engine
from server.intake import Intake
from server.keys import load_server_key
from server.settings import Settings
from server.thumbnails import view as thumbnails


def create_app(
    settings: Settings,
    engine: sa.Engine | None = None,
    clock: Callable[[], datetime] = utc_now,
) -> Flask:
    """Return an application on an initialised home; it opens no connection yet.

    Parameters
    ----------
    settings : Settings
        ``gi-server init`` was run with them.
    engine : sqlalchemy.Engine, optional
        By default one for ``settings.database_url``.
    clock : callable
        Returns the time, aware, in UTC.

    Raises
    ------
    KeyFault
        The home has no usable key.
    """
    app = Flask("server", static_folder=None)
    engine = engine or open_engine(settings.database_url)
    key = load_server_key(settings.keys_folder)
    app.extensions["gi"] = Bureau(settings, engine, key, clock)
    app.extensions["gi-intake"] = Intake(settings, engine, key, clock)
    logs.install(app)
    hardening.install(app)
    access.install(app, sign_in.require_device)
    faults.install(app)
    api.install(app)
    app.register_blueprint(health.blueprint)
    app.register_blueprint(status_page.blueprint)
    app.register_blueprint(field_app.blueprint)
    app.register_blueprint(thumbnails.blueprint)
    trust_page.install(app, settings)
    return app
