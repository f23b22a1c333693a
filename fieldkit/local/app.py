"""The Flask application that serves the field app on a laptop."""

from flask import Flask, Response, redirect, request

from fieldkit.local import api, front_end, headers, problems
from fieldkit.local.bench import Bench
from fieldkit.local.gate import Gate
from schemas.evidence import MAX_FILE_BYTES

MAX_BODY_BYTES = MAX_FILE_BYTES


def create_app(gate: Gate, bench: Bench) -> Flask:
    """Return the application; every request passes the gate before its view runs."""
    app = Flask("fieldkit.local", static_folder=None)
    app.json.ensure_ascii = False  # type: ignore[attr-defined]
    app.json.sort_keys = False  # type: ignore[attr-defined]
    app.config["MAX_CONTENT_LENGTH"] = MAX_BODY_BYTES
    app.extensions["fieldkit"] = bench
    headers.install(app)
    problems.install(app)
    _install_gate(app, gate)
    app.register_blueprint(front_end.blueprint)
    api.install(app)
    return app


def _install_gate(app: Flask, gate: Gate) -> None:
    @app.before_request
    def let_in() -> None:
        gate.require_ours(request)
        if request.endpoint != enter.__name__:
            gate.require_session(request)

    @app.get("/enter")
    def enter() -> Response:
        gate.require_own_account(request)
        session = gate.enter(request.args.get("token", ""))
        # Leads away from the address with the token, and out of the history.
        answer = redirect("/field/", 303)
        answer.set_cookie(
            gate.cookie_name, session, httponly=True, samesite="Strict", path="/"
        )
        assert isinstance(answer, Response)
        return answer
