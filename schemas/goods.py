"""What: the lots of goods, their origins, quantities and readings."""

from schemas.fields import (
    ITEM_ID,
    SLUG,
    Choice,
    Day,
    DecimalText,
    Many,
    Number,
    Part,
    Text,
    Whole,
)
from schemas.place import OriginSchema
from schemas.strict import StrictSchema
from schemas.vocabulary import words

MAX_FEN = 10**13
CREDIT_CODE = r"[0-9A-HJ-NP-RTUW-Y]{18}"


def item_id(*, required: bool = True) -> Text:
    """Return the field of an id that is unique inside one observation."""
    return Text(36, pattern=ITEM_ID, code="id-malformed", required=required)


def references(max_items: int) -> Many:
    """Return the field of references by id, none twice."""
    return Many(item_id(), max_items, unique=True)


class QuantitySchema(StrictSchema):
    """A decimal with its unit; jin is 0.5 kg, wan_jin 10,000 jin."""

    value = DecimalText(required=True)
    unit = Choice(words("quantity_unit"), required=True)


class EvidencedOriginSchema(OriginSchema):
    """Where the fruit came from according to evidence, with its share of the lot."""

    basis = Choice(words("origin_basis"))
    share = Number(above=0, most=1, code="share-out-of-range", allow_none=True)
    evidence = references(60)


class MeasurementSchema(StrictSchema):
    """A reading of an instrument, in the unit that the instrument shows."""

    kind = Choice(words("measurement_kind"), required=True)
    value = DecimalText(required=True)
    unit = Text(20, required=True)
    instrument_id = Text(100)


class GoodsSchema(StrictSchema):
    """One lot. ``kind`` packaging or label means that there is no fruit in it."""

    id = item_id()
    kind = Choice(words("lot_kind"))
    product = Text(64, pattern=SLUG, code="slug-malformed", required=True)
    rights = Many(
        Text(64, pattern=SLUG, code="slug-malformed"), 10, unique=True, required=True
    )
    claims = Many(Choice(words("claim")), 5, unique=True)
    name = Text(200)
    variety = Text(200)
    quantity = Part(QuantitySchema)
    infringing_quantity = Part(QuantitySchema)
    sold_quantity = Part(QuantitySchema)
    unsold_quantity = Part(QuantitySchema)
    declared_origin = Part(OriginSchema)
    evidenced_origins = Many(Part(EvidencedOriginSchema), 20)
    uscc_on_mark = Text(18, pattern=CREDIT_CODE, code="uscc-malformed")
    trace_codes = Many(Text(100), 50, unique=True)
    unit_price_fen = Whole(0, MAX_FEN)
    value_fen = Whole(0, MAX_FEN)
    value_method = Choice(words("value_method"))
    packaging_count = Whole(0, 10**9)
    picked_on = Day()
    measurements = Many(Part(MeasurementSchema), 50)
    note = Text(2000, min_chars=0, lines=True)
