"""``/devices``: enrolment, and tokens for enrolled devices."""

from flask import request
from flask_smorest import Blueprint

from server.access import Access, access
from server.api import messages
from server.api.bodies import read_small
from server.api.openapi import refuses, takes
from server.bureau import the_bureau
from server.enrolment import enrol
from server.sign_in import new_challenge, new_token, renew_token

blueprint = Blueprint("devices", __name__, description="Enrolment and tokens")
BAD_BODIES = (
    "body-malformed",
    "body-truncated",
    "encoding-malformed",
    "content-type",
    "content-encoding",
    "body-too-large",
    "request-invalid",
)


@blueprint.route("/devices", methods=["POST"])
@access(Access.ENROLMENT)
@takes(messages.EnrolRequest)
@refuses(
    *BAD_BODIES,
    "key-unsupported",
    "proof-invalid",
    "code-unknown",
    "code-expired",
    "code-used",
    "key-enrolled",
    "device-revoked",
    "too-many-guesses",
    "storage-full",
    "database-unavailable",
)
@blueprint.alt_response(
    200, schema=messages.EnrolReply, description="The same code and key again"
)
@blueprint.response(201, messages.EnrolReply)
def post_device() -> tuple[dict[str, object], int]:
    """Enrol a device with a one-time code.

    Idempotent by (code, key): a repeat returns the same device and
    certificate, with a new token.
    """
    bureau = the_bureau()
    asked = read_small(messages.EnrolRequest())
    enrolled = enrol(bureau, **asked, source=request.remote_addr or "")
    token = new_token(bureau, enrolled.device_id)
    return {
        "device_id": enrolled.device_id,
        "certificate": enrolled.certificate,
        "token": token.token,
        "token_expires_at": token.expires_at,
        "server_jwk": bureau.key.public_jwk,
        "epoch": enrolled.epoch,
        "unit": {"code": enrolled.unit_code, "name": enrolled.unit_name},
        "officers": enrolled.officers,
    }, 201 if enrolled.is_new else 200


@blueprint.route("/devices/challenge", methods=["POST"])
@access(Access.ENROLMENT)
@takes(messages.ChallengeRequest)
@refuses(*BAD_BODIES)
@blueprint.response(200, messages.ChallengeReply)
def post_challenge() -> dict[str, object]:
    """Return something to sign; a device's wrong clock plays no part."""
    asked = read_small(messages.ChallengeRequest())
    return {"challenge": new_challenge(the_bureau(), asked["device_id"])}


@blueprint.route("/devices/token", methods=["POST"])
@access(Access.ENROLMENT)
@takes(messages.TokenRequest)
@refuses(*BAD_BODIES, "certificate-invalid", "challenge-invalid", "proof-invalid")
@blueprint.response(200, messages.TokenReply)
def post_token() -> dict[str, object]:
    """Return a new token for a signed challenge."""
    asked = read_small(messages.TokenRequest())
    token = renew_token(the_bureau(), asked["certificate"], asked["proof"])
    return {"token": token.token, "token_expires_at": token.expires_at}
