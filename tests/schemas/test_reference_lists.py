"""Units, products, seasons, words: the data that is shipped."""

import json
from datetime import date
from decimal import Decimal

import pytest

from schemas.errors import UnknownCode
from schemas.package_data import DOCUMENTS, document, document_bytes
from schemas.products import products, rights, rights_of
from schemas.seasons import season_rule, season_rules
from schemas.units import unit, units
from schemas.vocabulary import labels, words

RIGHT = "gannan-navel-orange"


def test_there_are_20_units_18_divisions_and_two_zones():
    assert len(units()) == 20
    zones = [unit for unit in units() if unit.kind == "zone"]
    assert [zone.name for zone in zones] == ["赣州经济技术开发区", "蓉江新区"]
    assert all(zone.nbs_code is None for zone in zones)
    assert all(zone.host_counties == ("360702",) for zone in zones)


def test_a_division_is_its_own_host():
    divisions = [unit for unit in units() if unit.kind == "admin"]
    assert all(d.host_counties == (d.unit_code,) for d in divisions)


def test_a_unit_that_does_not_exist_is_refused_by_name():
    assert unit("360734").name == "寻乌县"
    with pytest.raises(UnknownCode, match="360799"):
        unit("360799")


def test_every_document_has_a_name_a_version_and_a_source():
    for name in DOCUMENTS:
        assert {"name", "version", "source"} <= document(name).keys()
        assert json.loads(document_bytes(name)) == document(name)


def test_the_season_of_2024_has_a_day_and_a_sugar_limit():
    rule = season_rule(RIGHT, date(2024, 11, 2))
    assert rule.not_before == date(2024, 11, 3)
    assert rule.min_soluble_solids_percent == Decimal(11)
    assert not rule.confirmed


@pytest.mark.parametrize("year", [2014, 2015, 2018, 2021, 2022])
def test_the_seasons_before_began_on_the_first_of_november(year):
    rule = season_rule(RIGHT, date(year, 10, 20))
    assert rule.not_before == date(year, 11, 1)
    assert rule.min_soluble_solids_percent is None


def test_january_belongs_to_the_season_before():
    assert season_rule(RIGHT, date(2025, 1, 10)) == season_rule(
        RIGHT, date(2024, 12, 1)
    )


def test_a_year_without_a_notice_has_no_rule():
    assert season_rule(RIGHT, date(2023, 11, 1)) is None
    assert season_rule("other", date(2024, 11, 1)) is None
    assert all(rule.source for rule in season_rules())


def test_rights_nest():
    assert rights()["xinfeng-navel-orange"].within == RIGHT
    assert rights_of("xinfeng-navel-orange") == ("xinfeng-navel-orange", RIGHT)
    assert rights_of("kumquat") == ()
    assert set().union(*(p.rights for p in products().values())) <= rights().keys()


def test_words_have_names_in_both_languages():
    assert len(words("premises_type")) == 12
    assert len(words("evidence_kind")) == 8, "Article 23 names eight kinds"
    for name in document("vocabulary")["entries"]:
        assert all(label.zh and label.en for label in labels(name).values())
