"""What the origin check says, in words."""

from datetime import date
from typing import Any

import pytest

from fieldkit.advice import Advice, advise, distance_words, verdict_words
from fieldkit.capture import Recorder
from geo.origin import Verdict
from schemas.assessment import shipped_reference

ON = date(2023, 12, 2)


@pytest.fixture
def advised(recorder: Recorder) -> Any:
    def run(body: dict[str, Any]) -> Advice:
        captured = recorder.record(body)
        return advise(captured.body, ON, shipped_reference())

    return run


def english(advice: Advice) -> str:
    return "\n".join(line.en for line in advice.lines)


def test_where_the_inspector_stands_is_not_where_the_fruit_grew(
    advised: Any, xunwu: dict[str, Any]
) -> None:
    """The Xunwu warehouse: site inside, fruit from 尤溪 350426 outside."""
    xunwu["violations"] = [{"code": "GI-101", "goods": ["g1"]}]
    advice = advised(xunwu)
    assert "in 寻乌县 (360734)" in english(advice)
    assert "the evidenced division is outside the protected origin" in english(advice)
    assert "the origin supports this finding" in english(advice)
    assert "产地支持这一认定" in "".join(line.zh for line in advice.lines)


def test_a_record_without_position_says_how_it_counts(
    advised: Any, quick: dict[str, Any]
) -> None:
    assert "no position" in english(advised(quick))


def test_a_lot_without_evidenced_origin_cannot_be_told(
    advised: Any, quick: dict[str, Any]
) -> None:
    quick["goods"] = [{"product": "gannan-navel-orange"}]
    quick["violations"] = [{"code": "GI-101"}]
    advice = advised(quick)
    assert "no evidenced origin, so it cannot be told" in english(advice)
    assert "the origin leaves it open" in english(advice)


def test_boxes_without_fruit_have_no_origin(
    advised: Any, quick: dict[str, Any]
) -> None:
    """融安 2024: 4,530 boxes, no fruit."""
    quick["goods"] = [
        {
            "product": "gannan-navel-orange",
            "kind": "packaging",
            "quantity": {"value": "4530", "unit": "box"},
        }
    ]
    assert "no fruit, so origin does not apply" in english(advised(quick))


def test_in_an_orchard_the_position_decides(
    advised: Any, quick: dict[str, Any]
) -> None:
    quick["site"] = {
        "premises_type": "orchard",
        "fix": {
            "lon_deg": 114.93,
            "lat_deg": 25.83,
            "datum": "WGS84",
            "radius95_m": 15,
            "source": "gnss",
        },
    }
    quick["goods"] = [{"product": "gannan-navel-orange"}]
    quick["violations"] = [{"code": "HV-501"}]
    advice = advised(quick)
    assert "the orchard's position is inside the protected origin" in english(advice)
    assert "this year's harvest rule" in english(advice)
    assert "outside your unit's area" in english(advice)
    assert advice.to_json()["county_unit_mismatch"] is True


def test_far_distances_are_told_as_indicative() -> None:
    words = verdict_words(Verdict.OUTSIDE, -120_345.6, 712.0)
    assert words.en == (
        "outside the protected origin (about 120 km from the border; "
        "band 712 m on either side)"
    )
    near = verdict_words(Verdict.UNDETERMINED, 552.9, None)
    assert near.zh == "无法判定内外（距边界 553 米，精度未知）"


@pytest.mark.parametrize(
    ("metres", "zh"),
    [
        (812.4, " 812 米"),
        (999.4, " 999 米"),
        (999.6, "约 1.0 公里"),
        (9_949.0, "约 9.9 公里"),
        (9_983.4, "约 10 公里"),
    ],
)
def test_a_distance_is_told_no_finer_than_the_border_is_drawn(
    metres: float, zh: str
) -> None:
    assert distance_words(metres)[0] == zh
