"""The payload of a sealed record: what sync signs, with its body."""

from schemas.evidence import BlobSchema
from schemas.fields import SHA256, UUID7, Choice, Instant, Many, Part, Text, Whole
from schemas.observation import (
    MAX_OFFSET_MS,
    AmendedObservationSchema,
    ObservationSchema,
    WithdrawalSchema,
)
from schemas.proceedings import MAX_EVIDENCE
from schemas.strict import StrictSchema

MAX_SEQ = 2**53 - 1
DEVICE_ID = r"[A-Za-z0-9_-]{1,64}"


class ClockSchema(StrictSchema):
    """The device's clock at sealing; the offset is device minus measured time."""

    boot_id = Text(64, required=True)
    uptime_ms = Whole(0, MAX_SEQ, required=True)
    offset_ms = Whole(-MAX_OFFSET_MS, MAX_OFFSET_MS, required=True, allow_none=True)
    offset_source = Choice(("gnss", "server"), required=True, allow_none=True)


class EnvelopeSchema(StrictSchema):
    """What the three kinds of record have in common."""

    v = Whole(1, 1, required=True)
    id = Text(36, pattern=UUID7, code="record-id-malformed", required=True)
    device_id = Text(64, pattern=DEVICE_ID, code="id-malformed", required=True)
    seq = Whole(1, MAX_SEQ, required=True)
    prev = Text(
        64, pattern=SHA256, code="sha256-malformed", required=True, allow_none=True
    )
    sealed_at = Instant(required=True)
    clock = Part(ClockSchema, required=True)
    blobs = Many(Part(BlobSchema), MAX_EVIDENCE, required=True)


class ObservationRecordSchema(EnvelopeSchema):
    """A first version."""

    kind = Choice(("observation",), code="kind-unknown", required=True)
    amends = Text(
        36, pattern=UUID7, code="record-id-malformed", required=True, allow_none=True
    )
    body = Part(ObservationSchema, required=True)


class AmendmentRecordSchema(EnvelopeSchema):
    """A later version; ``amends`` is the id of the version it stands on."""

    kind = Choice(("amendment",), code="kind-unknown", required=True)
    amends = Text(36, pattern=UUID7, code="record-id-malformed", required=True)
    body = Part(AmendedObservationSchema, required=True)


class WithdrawalRecordSchema(EnvelopeSchema):
    """The end of a record; ``amends`` is the id of the version withdrawn."""

    kind = Choice(("withdrawal",), code="kind-unknown", required=True)
    amends = Text(36, pattern=UUID7, code="record-id-malformed", required=True)
    body = Part(WithdrawalSchema, required=True)


BY_KIND: dict[str, type[EnvelopeSchema]] = {
    "observation": ObservationRecordSchema,
    "amendment": AmendmentRecordSchema,
    "withdrawal": WithdrawalRecordSchema,
}
