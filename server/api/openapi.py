"""The API's description (OpenAPI 3.1), generated from the views' declarations."""

from collections.abc import Callable, Iterable
from typing import Any, TypeVar

import flask_smorest
from flask import Blueprint, Flask, current_app, jsonify
from flask.typing import ResponseReturnValue
from marshmallow import Schema
from werkzeug.routing import BaseConverter

from server.access import Access, access
from server.api.messages import Problem
from server.problems import CATALOGUE, MEDIA_TYPE

View = TypeVar("View", bound=Callable[..., Any])
_API = "gi-api"
TOKEN_SCHEME = "deviceToken"

blueprint = Blueprint("openapi", __name__)


class Sha256(BaseConverter):
    """A SHA-256 in lower-case hexadecimal; any other path is not there."""

    regex = "[0-9a-f]{64}"


class Api(flask_smorest.Api):  # type: ignore[misc]
    """flask-smorest, with our problems in place of its errors."""

    ERROR_SCHEMA = Problem

    def _register_responses(self) -> None:
        self.spec.components.response(
            self.DEFAULT_ERROR_RESPONSE_NAME,
            {
                "description": "A problem (RFC 9457)",
                "content": {MEDIA_TYPE: {"schema": Problem}},
            },
            lazy=True,
        )

    def _register_error_handlers(self) -> None:
        """Leave the errors to `server.faults`."""


def install(app: Flask, blueprints: Iterable[flask_smorest.Blueprint]) -> None:
    """Register the API's blueprints and describe them."""
    app.config |= {
        "API_TITLE": "GI Fieldkit",
        "API_VERSION": "v1",
        "OPENAPI_VERSION": "3.1.0",
        "API_SPEC_OPTIONS": {
            "info": {
                "description": "Protocol v1 between devices and a bureau's server.",
                "license": {"name": "MIT", "identifier": "MIT"},
            },
            "servers": [{"url": "/"}],
        },
    }
    app.url_map.converters["sha256"] = Sha256
    api = Api(app)
    api.register_converter(
        Sha256, lambda _converter: {"type": "string", "pattern": f"^{Sha256.regex}$"}
    )
    api.spec.components.security_scheme(
        TOKEN_SCHEME, {"type": "http", "scheme": "bearer", "bearerFormat": "JWS"}
    )
    for part in blueprints:
        api.register_blueprint(part, url_prefix="/api/v1")
    app.extensions[_API] = api
    app.register_blueprint(blueprint)


@blueprint.get("/api/v1/openapi.json")
@access(Access.LOOPBACK)
def openapi_json() -> ResponseReturnValue:
    """Serve the description."""
    return jsonify(current_app.extensions[_API].spec.to_dict())


def takes(
    schema: type[Schema] | None = None,
    *,
    media_type: str = "application/json",
    is_gzip_taken: bool = True,
) -> Callable[[View], View]:
    """Document the body that a view reads by itself."""
    content: Any = schema or {"type": "string", "format": "binary"}
    request_body = {"required": True, "content": {media_type: {"schema": content}}}
    if is_gzip_taken:
        request_body["description"] = "May be sent with Content-Encoding: gzip."
    declare: Callable[[View], View] = flask_smorest.Blueprint.doc(
        requestBody=request_body
    )
    return declare


def refuses(*codes: str) -> Callable[[View], View]:
    """Document the problems of a view, by the codes of the catalogue."""
    by_status: dict[int, list[str]] = {}
    for code in codes:
        by_status.setdefault(CATALOGUE[code].status, []).append(code)
    responses = {
        str(status): {
            "description": " / ".join(f"`{code}`" for code in sorted(group)),
            "content": {MEDIA_TYPE: {"schema": Problem}},
        }
        for status, group in by_status.items()
    }
    declare: Callable[[View], View] = flask_smorest.Blueprint.doc(responses=responses)
    return declare


def needs_token(view: View) -> View:
    """Declare that a view answers to enrolled devices, in code and in words."""
    document = flask_smorest.Blueprint.doc(security=[{TOKEN_SCHEME: []}])
    declared: View = access(Access.DEVICE)(
        document(refuses("token-missing", "token-invalid", "token-expired")(view))
    )
    return declared
