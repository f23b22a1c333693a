"""The body of an observation as `fieldkit record --from` takes it.

Looser than what is sealed: what the device knows may be left out, and
evidence is a path until the file is copied in and hashed.
"""

from schemas.evidence import (
    EvidenceSchema,
    byte_count,
    media_type,
    sha256_text,
)
from schemas.fields import SLUG, ByKey, Choice, Flag, Instant, Many, Part, Text
from schemas.goods import GoodsSchema, item_id
from schemas.observation import (
    MAX_OFFICERS,
    MAX_VIOLATIONS,
    AmendedObservationSchema,
    AreaVersionSchema,
    unit_code,
)
from schemas.people import OfficerSchema
from schemas.proceedings import MAX_EVIDENCE, MAX_GOODS, ViolationSchema
from schemas.vocabulary import words


class InputEvidenceSchema(EvidenceSchema):
    """A file by its path, or one that an earlier version sealed."""

    path = Text(4096)
    id = item_id(required=False)
    kind = Choice(words("evidence_kind"))
    sha256 = sha256_text(required=False)
    bytes = byte_count(required=False)
    media_type = media_type(required=False)
    file_name = Text(255, pattern=r"[^\x00-\x1f\x7f/\\]+", code="file-name-malformed")
    captured_at = Instant()


class InputGoodsSchema(GoodsSchema):
    """A lot whose id may be drawn; without ``rights`` the product's are taken."""

    id = item_id(required=False)
    rights = Many(Text(64, pattern=SLUG, code="slug-malformed"), 10, unique=True)


class InputViolationSchema(ViolationSchema):
    """A violation whose id may be drawn."""

    id = item_id(required=False)


class InputObservationSchema(AmendedObservationSchema):
    """What an inspector, a form or a file says."""

    record_no = Text(64, pattern=r"[0-9A-Za-z-]{1,64}", code="id-malformed")
    observed_at = Instant()
    unit_code = unit_code(required=False)
    officers = Many(Part(OfficerSchema), MAX_OFFICERS, min_items=1)
    goods = Many(Part(InputGoodsSchema), MAX_GOODS)
    violations = Many(
        Part(InputViolationSchema), MAX_VIOLATIONS, min_items=1, required=True
    )
    evidence = Many(Part(InputEvidenceSchema), MAX_EVIDENCE)
    synthetic = Flag()
    code_list_version = Text(64)
    area_versions = ByKey(SLUG, AreaVersionSchema, 20)
