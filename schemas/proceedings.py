"""What was found and done: violations, measures, the on-site record, the case."""

from schemas.codes import code_list
from schemas.fields import Choice, Day, Flag, Instant, Many, Part, Text, Whole
from schemas.goods import MAX_FEN, item_id, references
from schemas.people import WitnessSchema
from schemas.strict import StrictSchema
from schemas.vocabulary import words

MAX_EVIDENCE = 60
MAX_GOODS = 50


class LegalBasisSchema(StrictSchema):
    """A provision that the officer chose; the software only proposes."""

    law = Text(200, required=True)
    articles = Text(200)
    version = Text(64)


class ViolationSchema(StrictSchema):
    """One act by its code. Without ``goods`` it concerns every lot of the visit."""

    id = item_id()
    code = Choice(
        [code.code for code in code_list()], code="code-unknown", required=True
    )
    goods = references(MAX_GOODS)
    primary = Flag()
    description = Text(4000, min_chars=0, lines=True)
    legal_basis = Many(Part(LegalBasisSchema), 10)
    state = Choice(words("violation_state"))
    decision_reason = Text(2000, lines=True)
    illegal_gains_fen = Whole(0, MAX_FEN)
    evidence = references(MAX_EVIDENCE)


class MeasureSchema(StrictSchema):
    """A measure taken on the spot."""

    kind = Choice(words("measure_kind"), required=True)
    doc_no = Text(100)
    approved_by = Text(100)
    approved_at = Instant()
    due_on = Day()
    custody = Text(1000, lines=True)
    result = Text(1000, lines=True)


class OnSiteRecordSchema(StrictSchema):
    """现场笔录: what the full on-site record holds beside the observation.

    ``party_signature``, ``refusal_video`` and ``officer_signatures`` name
    evidence. A party that does not sign needs ``refusal_reason``.
    """

    certificates_shown = Flag()
    rights_told = Flag()
    other_participants = Many(Text(200), 20)
    scene_text = Text(20_000, lines=True)
    party_statement = Text(20_000, lines=True)
    corrections = Many(Text(2000, lines=True), 50)
    read_back_confirmed = Flag()
    party_signature = item_id(required=False)
    refusal_reason = Text(1000, lines=True)
    refusal_video = item_id(required=False)
    witness = Part(WitnessSchema)
    officer_signatures = references(10)


class TransferSchema(StrictSchema):
    """A clue handed to another authority."""

    target = Choice(words("transfer_target"), required=True)
    transferred_at = Instant()
    receipt = Text(200)


class CaseSchema(StrictSchema):
    """What became of the record so far. A fine may exceed the value of the case."""

    status = Choice(words("case_status"))
    clue_no = Text(100)
    case_no = Text(100)
    decision_no = Text(100)
    transfer = Part(TransferSchema)
    fine_fen = Whole(0, MAX_FEN)
    confiscated_fen = Whole(0, MAX_FEN)
    closed_on = Day()
    published_on = Day()
