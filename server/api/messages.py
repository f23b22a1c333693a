"""The shapes of requests and answers, as OpenAPI documents them.

Small requests are read through these schemas too; the hot path (`POST
/records`) and every answer are not: what they hold is built by hand, and a
test holds the two equal.
"""

from typing import Any

from marshmallow import Schema, fields, validate

from sync.batch import MAX_RECORDS

MAX_JWS_CHARS = 8 * 1024
MAX_RECEIPT_CHARS = 512 * 1024  # a receipt attests up to 500 records
SHA256 = validate.Regexp(r"^[0-9a-f]{64}\Z")


def _text(*, max_chars: int = 200, **options: Any) -> fields.String:
    options.setdefault("required", True)
    options.setdefault("validate", validate.Length(min=1, max=max_chars))
    return fields.String(**options)


def _instant() -> fields.String:
    return fields.String(
        required=True, metadata={"format": "date-time", "description": "UTC, …Z"}
    )


def _jws(max_chars: int = MAX_JWS_CHARS, **options: Any) -> fields.String:
    options.setdefault("metadata", {"description": "JWS, compact (RFC 7515)"})
    return _text(max_chars=max_chars, **options)


def _jwk() -> fields.Dict:
    return fields.Dict(
        keys=fields.String(),
        required=True,
        validate=validate.Length(max=16),
        metadata={"description": "public key (RFC 7517), EC P-256 or Ed25519"},
    )


class Words(Schema):
    """A reason in Chinese and in English."""

    zh = fields.String(required=True)
    en = fields.String(required=True)


class ProblemWords(Schema):
    """The problem in Chinese."""

    title = fields.String(required=True)
    detail = fields.String(required=True)


class ProblemFault(Schema):
    """One field of a request that is not as it should be."""

    field = fields.String(required=True)
    code = fields.String(required=True)
    reason = fields.Nested(Words, required=True)


class Problem(Schema):
    """RFC 9457, with a stable ``code`` and the words in both languages."""

    type = fields.String(required=True)
    title = fields.String(required=True)
    status = fields.Integer(required=True)
    code = fields.String(required=True)
    detail = fields.String(required=True)
    zh = fields.Nested(ProblemWords, required=True)
    errors = fields.List(fields.Nested(ProblemFault))


class ServerReply(Schema):
    """Who this server is."""

    jwk = _jwk()
    thumbprint = fields.String(required=True, metadata={"description": "RFC 7638"})
    epoch = fields.Integer(required=True)
    server_time = _instant()
    name = fields.String(required=True)


class EnrolRequest(Schema):
    """A one-time code, the device's public key, and proof that it holds it."""

    code = _text(max_chars=40)
    jwk = _jwk()
    proof = _jws()


class Unit(Schema):
    """An enforcement unit."""

    code = fields.String(required=True)
    name = fields.String(required=True)


class Officer(Schema):
    """An officer whom the bureau named for this device."""

    name = fields.String(required=True)
    certificate_no = fields.String(required=True)


class EnrolReply(Schema):
    """What makes a key a device of this bureau."""

    device_id = fields.String(required=True)
    certificate = _jws()
    token = _jws()
    token_expires_at = _instant()
    server_jwk = _jwk()
    epoch = fields.Integer(required=True)
    unit = fields.Nested(Unit, required=True)
    officers = fields.List(fields.Nested(Officer), required=True)


class ChallengeRequest(Schema):
    """Which device asks for something to sign."""

    device_id = _text(max_chars=64)


class ChallengeReply(Schema):
    """Something to sign within two minutes of the server's clock."""

    challenge = _jws()


class TokenRequest(Schema):
    """The certificate, and the challenge signed by its key."""

    certificate = _jws()
    proof = _jws()


class TokenReply(Schema):
    """A new token."""

    token = _jws()
    token_expires_at = _instant()


class RecordsRequest(Schema):
    """A batch of sealed records."""

    records = fields.List(
        fields.String(), required=True, validate=validate.Length(max=MAX_RECORDS)
    )
    last_receipt = _jws(MAX_RECEIPT_CHARS, required=False, allow_none=True)
    certificate = _jws(required=False, allow_none=True)


class Item(Schema):
    """What became of one record of the batch, in the order of the request."""

    id = fields.String(required=True, allow_none=True)
    hash = fields.String(required=True, allow_none=True)
    outcome = fields.String(required=True)
    code = fields.String(required=True, allow_none=True)
    field = fields.String(required=True, allow_none=True)
    reason = fields.Nested(Words, required=True, allow_none=True)
    position = fields.Integer(required=True, allow_none=True)
    received_at = fields.String(required=True, allow_none=True)
    receipt_id = fields.String(required=True, allow_none=True)
    standing = fields.String(
        required=True,
        allow_none=True,
        metadata={"description": "how it stands now; a replay's may have changed"},
    )


class RecordsReply(Schema):
    """Receipts, and an outcome for each record."""

    epoch = fields.Integer(required=True)
    server_time = _instant()
    receipts = fields.List(_jws(MAX_RECEIPT_CHARS), required=True)
    items = fields.List(fields.Nested(Item), required=True)


class StatusEvent(Schema):
    """What became of a record later."""

    position = fields.Integer(required=True)
    id = fields.String(required=True, allow_none=True)
    hash = fields.String(required=True, allow_none=True)
    status = fields.String(required=True)
    code = fields.String(required=True, allow_none=True)
    reason = fields.Nested(Words, required=True, allow_none=True)
    at = _instant()
    detail = fields.String(required=True, allow_none=True)


class StatusReply(Schema):
    """Events after a cursor; ``next`` is the cursor for the following call."""

    events = fields.List(fields.Nested(StatusEvent), required=True)
    next = fields.Integer(required=True)
    more = fields.Boolean(required=True)


class BlobReply(Schema):
    """How far a photograph has come."""

    sha256 = fields.String(required=True, validate=SHA256)
    bytes = fields.Integer(required=True)
    part_bytes = fields.Integer(required=True)
    missing = fields.List(fields.Integer(), required=True)
    state = fields.String(
        required=True, validate=validate.OneOf(["partial", "complete"])
    )
    receipt = _jws(required=True, allow_none=True)


class ManifestReply(Schema):
    """The signed list of reference documents."""

    manifest = fields.String(required=True)
