"""The bodies of the three kinds of record."""

from schemas.evidence import EvidenceSchema, sha256_text
from schemas.fields import (
    SLUG,
    ByKey,
    Choice,
    Flag,
    Instant,
    Many,
    Part,
    Text,
    Whole,
)
from schemas.goods import GoodsSchema
from schemas.people import OfficerSchema, PartySchema
from schemas.place import SiteSchema
from schemas.proceedings import (
    MAX_EVIDENCE,
    MAX_GOODS,
    CaseSchema,
    MeasureSchema,
    OnSiteRecordSchema,
    ViolationSchema,
)
from schemas.strict import StrictSchema
from schemas.units import units
from schemas.vocabulary import words

MAX_VIOLATIONS = 30
HUNDRED_YEARS_MS = 3_155_760_000_000
MAX_OFFSET_MS = 10 * HUNDRED_YEARS_MS
MAX_OFFICERS = 10


def unit_code(*, required: bool = True) -> Choice:
    """Return the field of an enforcement unit."""
    return Choice(
        [unit.unit_code for unit in units()], code="unit-unknown", required=required
    )


class AreaVersionSchema(StrictSchema):
    """The version of a protected origin that the device advised by."""

    version = Text(64, required=True)
    sha256 = sha256_text()


class ObservationSchema(StrictSchema):
    """One visit: where, who, what goods, which acts, what evidence.

    ``observed_offset_ms``: how far the clock that showed ``observed_at`` was ahead,
    where that is not the one of the sealing: in an amendment, that of the version
    whose time it repeats; 0 for a time from elsewhere, as a camera's.
    """

    record_no = Text(
        64, pattern=r"[0-9A-Za-z-]{1,64}", code="id-malformed", required=True
    )
    observed_at = Instant(required=True)
    observed_offset_ms = Whole(-MAX_OFFSET_MS, MAX_OFFSET_MS)
    ended_at = Instant()
    unit_code = unit_code()
    officers = Many(Part(OfficerSchema), MAX_OFFICERS, min_items=1, required=True)
    campaign = Text(100)
    source = Choice(words("record_source"))
    source_note = Text(1000, lines=True)
    site = Part(SiteSchema, required=True)
    party = Part(PartySchema)
    goods = Many(Part(GoodsSchema), MAX_GOODS, required=True)
    violations = Many(Part(ViolationSchema), MAX_VIOLATIONS, min_items=1, required=True)
    evidence = Many(Part(EvidenceSchema), MAX_EVIDENCE, required=True)
    measures = Many(Part(MeasureSchema), 30)
    on_site_record = Part(OnSiteRecordSchema)
    case = Part(CaseSchema)
    note = Text(4000, min_chars=0, lines=True)
    synthetic = Flag(required=True)
    code_list_version = Text(64, required=True)
    area_versions = ByKey(SLUG, AreaVersionSchema, 20, required=True)


class AmendmentSchema(StrictSchema):
    """Why a new version was made."""

    kind = Choice(words("amendment_kind"), required=True)
    reason = Text(1000, lines=True)


class AmendedObservationSchema(ObservationSchema):
    """The whole body again, as it is after an amendment."""

    amendment = Part(AmendmentSchema)


class WithdrawalSchema(StrictSchema):
    """Why a record is withdrawn."""

    reason = Text(1000, lines=True, required=True)
