"""Where: the fix, the site and the premises."""

from schemas.fields import (
    ADMIN_CODE,
    Choice,
    Flag,
    Instant,
    Number,
    Part,
    Text,
    Whole,
)
from schemas.strict import StrictSchema
from schemas.vocabulary import words

DATUMS = ("WGS84", "CGCS2000", "GCJ02", "BD09")
MAX_RADIUS95_M = 1_000_000


class FixSchema(StrictSchema):
    """A position in degrees, with datum and 95 % radius (null or absent: unknown).

    A radius of 0 is refused: receivers send it for mock, manual and unknown alike.
    ``averaged_from`` says of how many readings the position is the mean; ``basis``
    what it and its radius rest on, or why a person placed it.
    """

    lon_deg = Number(least=-180, most=180, required=True)
    lat_deg = Number(least=-90, most=90, code="latitude-out-of-range", required=True)
    datum = Choice(DATUMS, code="datum-unknown", required=True)
    radius95_m = Number(
        above=0, most=MAX_RADIUS95_M, code="radius-not-positive", allow_none=True
    )
    source = Choice(words("fix_source"), required=True)
    is_mock = Flag(allow_none=True)
    fixed_at = Instant(allow_none=True)
    averaged_from = Whole(2, 10_000)
    basis = Text(400)


class SiteSchema(StrictSchema):
    """The premises visited. ``measured_fix`` keeps the receiver's after a pin moved."""

    premises_type = Choice(words("premises_type"), required=True)
    name = Text(200)
    address = Text(400, min_chars=0)
    url = Text(2000, pattern=r"https?://[!-~]{1,1990}", code="url-malformed")
    admin_code = Text(12, pattern=ADMIN_CODE, code="admin-code-malformed")
    fix = Part(FixSchema, allow_none=True)
    no_fix_reason = Text(400)
    measured_fix = Part(FixSchema)


class OriginSchema(StrictSchema):
    """A declared origin: a division by its code, a position, or words."""

    admin_code = Text(12, pattern=ADMIN_CODE, code="admin-code-malformed")
    text = Text(400)
    fix = Part(FixSchema)
