"""The code list, and the law of the day of the act."""

from datetime import date

import pytest

from schemas.codes import code_list
from schemas.errors import UnknownCode
from schemas.laws import laws


def cited(code, on):
    return [(b.law.law, b.articles) for b in code_list().get(code).basis_on(on)]


def test_all_35_codes_are_there_with_both_names_and_a_known_rule():
    assert len(code_list()) == 35
    for code in code_list():
        assert code.zh
        assert code.en
        assert code.origin_rule in {"out", "in", "stated", "none", "manual"}
        assert code.needs in {None, "lab", "register", "season"}


def test_all_but_the_no_finding_codes_count_as_an_act():
    not_counted = {code.code for code in code_list()} - code_list().counts_as_act
    assert not_counted == {"NV-000", "NV-001"}


@pytest.mark.parametrize(
    ("code", "before", "after"),
    [("OR-303", "8, 20", "9, 25"), ("OR-304", "6, 18", "7, 23")],
)
def test_the_law_renumbered_on_2025_10_15_is_cited_by_the_day_of_the_act(
    code, before, after
):
    """反不正当竞争法: 6→7, 8→9, 18→23, 20→25."""
    law = "anti-unfair-competition-law"
    assert cited(code, date(2025, 10, 14)) == [(law, before)]
    assert cited(code, date(2025, 10, 15)) == [(law, after)]


def test_the_measures_of_2024_02_01_are_not_cited_for_older_acts():
    """地理标志产品保护办法 (CNIPA Order 80) is in force since 2024-02-01."""
    assert cited("GI-101", date(2024, 1, 31)) == [("product-quality-law", "5, 53")]
    assert cited("GI-101", date(2024, 2, 1))[0] == (
        "gi-protection-measures",
        "23(1), 30(1)",
    )


def test_of_article_30_only_item_5_is_confirmed():
    confirmed = {
        code.code
        for code in code_list()
        if any(basis.articles.startswith("30(") for basis in code.bases)
        and code.basis_confirmed
    }
    assert confirmed == {"GI-105"}


def test_every_basis_names_a_law_with_its_source():
    for law in laws().values():
        assert law.zh
        assert law.source


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("tm-202", "TM-202"),
        ("早采", "HV-501"),
        ("zc", "HV-501"),
        ("染色", "HV-502"),
        ("forged", "OR-301"),
        ("NV", "NV-000"),
    ],
)
def test_codes_are_found_by_number_name_or_pinyin_initials(text, first):
    assert code_list().search(text)[0].code == first


def test_an_empty_search_lists_all_and_nonsense_none():
    assert len(code_list().search("  ")) == 35
    assert code_list().search("qqqq") == []


def test_a_code_that_is_not_listed_is_named_in_the_refusal():
    with pytest.raises(UnknownCode) as refused:
        code_list().get("TM-999")
    assert refused.value.code == "code-unknown"
    assert "TM-999" in refused.value.message.zh
    assert "TM-999" in str(refused.value)
    assert "TM-999" not in code_list()


def test_a_code_is_valid_on_any_day_unless_the_list_says_otherwise():
    assert all(code.is_valid_on(date(2014, 1, 1)) for code in code_list())
