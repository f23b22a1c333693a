"""The dialogue: few questions, honest proposals, nothing lost when it breaks off."""

from collections.abc import Iterable
from pathlib import Path

import pytest

from fieldkit.capture import Captured, Recorder
from fieldkit.dialogue import Dialogue
from fieldkit.outbox import SqliteOutbox
from schemas.assessment import shipped_reference


class Inspector:
    """Types the answers given, then falls silent; remembers what was said."""

    def __init__(self, answers: Iterable[str]) -> None:
        self._answers = iter(answers)
        self.heard: list[str] = []

    def ask(self, prompt: str) -> str:
        self.heard.append(prompt)
        answer = next(self._answers, None)
        if answer is None:
            raise EOFError
        return answer

    def tell(self, text: str) -> None:
        self.heard.append(text)

    @property
    def transcript(self) -> str:
        return "\n".join(self.heard)


WAREHOUSE = {
    "time": "",
    "unit": "",
    "premises": "仓库",
    "name": "寻乌某仓库",
    "position": "115.6512 24.9633 12",
    "why": "read off a receiver",
    "code": "TM-202",
    "goods": "1",
    "claims": "",
    "quantity": "36万斤",
    "origin": "350426",
    "photos": "",
    "description": "",
    "save": "",
}


@pytest.fixture(autouse=True)
def in_english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GI_LANG", "en")


def talk(
    recorder: Recorder, *typed: str, **changes: str
) -> tuple[Captured | None, Inspector]:
    inspector = Inspector(typed or (WAREHOUSE | changes).values())
    dialogue = Dialogue(inspector, recorder.outbox, recorder, shipped_reference())
    return dialogue.run(), inspector


def test_five_inputs_and_enter_make_a_record(recorder: Recorder) -> None:
    captured, inspector = talk(recorder)
    assert captured is not None
    body = captured.body
    assert body["observed_at"] == "2023-12-02T10:20:00+08:00"
    assert body["unit_code"] == "360734"
    assert body["site"]["premises_type"] == "warehouse"
    assert body["site"]["fix"]["source"] == "manual"
    assert body["violations"] == [
        {"id": "v1", "code": "TM-202", "primary": True, "goods": ["g1"]}
    ]
    assert body["goods"][0]["quantity"] == {"value": "36", "unit": "wan_jin"}
    assert len(inspector.heard) < 20


def test_the_origin_check_speaks_before_anything_is_sealed(recorder: Recorder) -> None:
    captured, inspector = talk(recorder, save="n")
    assert captured is None
    assert recorder.outbox.records() == []
    assert "outside the protected origin" in inspector.transcript


def test_the_last_premises_type_is_proposed(recorder: Recorder) -> None:
    talk(recorder)
    captured, inspector = talk(recorder, premises="", goods="", claims="")
    assert captured is not None
    assert captured.body["site"]["premises_type"] == "warehouse"
    assert "[Warehouse]" in inspector.transcript


@pytest.mark.parametrize(
    ("typed", "code"),
    [("202", "TM-202"), ("早采", "HV-501"), ("zc", "HV-501"), ("nv-000", "NV-000")],
)
def test_codes_are_found_by_number_words_and_initials(
    recorder: Recorder, typed: str, code: str
) -> None:
    captured, _ = talk(recorder, code=typed)
    assert captured is not None
    assert captured.body["violations"][0]["code"] == code


def test_words_that_fit_several_codes_list_them_and_ask_again(
    recorder: Recorder,
) -> None:
    answers = list(WAREHOUSE.values())
    answers.insert(6, "近似")
    captured, inspector = talk(recorder, *answers)
    assert captured is not None
    assert "GI-102" in inspector.transcript
    assert captured.body["violations"][0]["code"] == "TM-202"


def test_several_codes_have_one_primary(recorder: Recorder) -> None:
    captured, _ = talk(recorder, code="GI-101，TM-202")
    assert captured is not None
    primary = [(v["code"], v["primary"]) for v in captured.body["violations"]]
    assert primary == [("GI-101", True), ("TM-202", False)]


def test_no_position_needs_a_reason(recorder: Recorder) -> None:
    """Lesson 24: "no fix, because …" is a legal state."""
    answers = list(WAREHOUSE.values())
    answers[4:6] = ["", "冷库内无信号"]
    captured, inspector = talk(recorder, *answers)
    assert captured is not None
    assert captured.body["site"]["fix"] is None
    assert captured.body["site"]["no_fix_reason"] == "冷库内无信号"
    assert "say why" in inspector.transcript


@pytest.mark.parametrize("typed", ["24.9633 115.6512", "115.65 24.96 0", "115.65"])
def test_a_position_that_cannot_be_is_asked_for_again(
    recorder: Recorder, typed: str
) -> None:
    answers = list(WAREHOUSE.values())
    answers.insert(4, typed)
    captured, _ = talk(recorder, *answers)
    assert captured is not None
    assert captured.body["site"]["fix"]["lon_deg"] == 115.6512


def test_a_position_by_hand_says_why_it_is(recorder: Recorder) -> None:
    answers = list(WAREHOUSE.values())
    answers.insert(5, "")
    captured, inspector = talk(recorder, *answers)
    assert captured is not None
    fix = captured.body["site"]["fix"]
    assert (fix["source"], fix["basis"]) == ("manual", "read off a receiver")
    assert "say why the position is by hand" in inspector.transcript


def test_an_orchard_is_not_asked_where_the_fruit_grew(recorder: Recorder) -> None:
    answers = {k: v for k, v in WAREHOUSE.items() if k != "origin"}
    captured, inspector = talk(recorder, *(answers | {"premises": "果园"}).values())
    assert captured is not None
    assert "Evidenced origin" not in inspector.transcript
    assert "evidenced_origins" not in captured.body["goods"][0]


def test_a_visit_without_goods_is_asked_nothing_about_them(recorder: Recorder) -> None:
    asked = ("claims", "quantity", "origin")
    answers = {k: v for k, v in WAREHOUSE.items() if k not in asked}
    captured, _ = talk(recorder, *(answers | {"goods": "5", "code": "000"}).values())
    assert captured is not None
    assert captured.body["goods"] == []


def test_a_photograph_that_is_not_there_is_told_at_the_question(
    recorder: Recorder, photo: Path
) -> None:
    answers = list(WAREHOUSE.values())
    answers[11:12] = [str(photo.with_name("gone.jpg")), str(photo)]
    captured, inspector = talk(recorder, *answers)
    assert captured is not None
    assert "gone.jpg" in inspector.transcript
    assert captured.body["evidence"][0]["file_name"] == photo.name


def test_breaking_off_keeps_a_draft_and_the_next_dialogue_goes_on(
    recorder: Recorder, outbox: SqliteOutbox
) -> None:
    begun = list(WAREHOUSE.values())[:6]
    captured, inspector = talk(recorder, *begun)
    assert captured is None
    assert "draft is kept" in inspector.transcript
    assert outbox.counts()["draft"] == 1
    # Yes to the draft, Enter through what was answered, then the rest.
    rest = ["", *[""] * 6, *list(WAREHOUSE.values())[6:]]
    captured, _ = talk(recorder, *rest)
    assert captured is not None
    assert captured.body["site"]["name"] == "寻乌某仓库"
    assert captured.body["violations"][0]["code"] == "TM-202"
    assert outbox.counts() == {"draft": 0, "sealed": 1, "delivered": 0, "refused": 0}


def test_a_draft_can_be_kept_aside_or_deleted(
    recorder: Recorder, outbox: SqliteOutbox
) -> None:
    begun = list(WAREHOUSE.values())[:3]
    talk(recorder, *begun)
    talk(recorder, "n")
    assert outbox.counts()["draft"] == 1
    talk(recorder, "d")
    assert outbox.counts()["draft"] == 0


def test_a_draft_has_no_id_until_it_is_sealed(
    recorder: Recorder, outbox: SqliteOutbox
) -> None:
    """Lesson 3: a copied draft shares an id (enketo#942)."""
    talk(recorder, *list(WAREHOUSE.values())[:6])
    (draft,) = outbox.drafts()
    assert "id" not in draft.body
    assert outbox.head().seq == 0
